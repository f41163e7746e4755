// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

extension JupyterNotebook {
    /// What the file says its cells have shown, one for each command of `notebook`; nil: never run.
    public var results: [CommandResult?] { runnableCells.map(\.result) }
}

extension JupyterCell {
    fileprivate var result: CommandResult? {
        guard kind == .code, case .array(let values)? = other["outputs"] else { return nil }
        let hasRun = if case .integer? = other["execution_count"] { true } else { false }
        guard hasRun || !values.isEmpty else { return nil }
        let outputs = values.compactMap(Self.output)
        let hasFailed = outputs.contains { if case .error = $0 { true } else { false } }
        return CommandResult(state: hasFailed ? .error : .finished, outputs: outputs)
    }

    private static func output(_ value: JSONValue) -> CommandOutput? {
        guard case .object(let output) = value, case .string(let type)? = output["output_type"] else { return nil }
        switch type {
        case "stream":
            let name = text(output["name"]) ?? "stdout"
            return text(output["text"]).map { .stream(name: name, text: $0) }
        case "display_data", "execute_result":
            guard case .object(let data)? = output["data"] else { return nil }
            return CommandTable(in: data).map(CommandOutput.table) ?? .mimeBundle(joined(data))
        case "error":
            let name = text(output["ename"]) ?? "Error"
            let trace: [String] =
                if case .array(let lines)? = output["traceback"] { lines.compactMap { text($0) } } else { [] }
            return .error(
                summary: "\(name): \(text(output["evalue"]) ?? "")", trace: trace.joined(separator: "\n"))
        default: return nil
        }
    }

    /// Texts that are lists of lines become whole; JSON stays.
    private static func joined(_ data: JSONObject) -> JSONObject {
        var result = JSONObject()
        for type in data.keys {
            let value = data[type] ?? .null
            result.set(type, type.hasSuffix("json") ? value : text(value).map(JSONValue.string) ?? value)
        }
        return result
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import JobsJSON
import Notebooks

extension CellRecord {
    /// For pages: nil when the cell has not run.
    /// - Parameter exitValue: of the notebook, which the cell that gave it shows.
    func result(exitValue: String?) -> CommandResult? {
        let state: CommandResult.State
        switch self.state {
        case .waiting, .skipped: return nil
        // A page is of one moment: what runs is shown as far as it has come.
        case .running, .finished: state = .finished
        case .failed: state = .error
        case .canceled: state = .cancelled
        }
        var shown = outputs.map { CellOutput($0).forPage }
        if hasExited, let exitValue { shown.append(.text("Notebook exited: \(exitValue)\n")) }
        return CommandResult(
            state: state, outputs: shown, startTime: startTime?.milliseconds,
            finishTime: finishTime?.milliseconds)
    }
}

/// Something that a cell has shown, as kernels write it (docs/architecture/notebooks.md).
struct CellOutput {
    private static let tableType = "application/vnd.lamplighter.table+json"

    let object: JSONObject
    let type: String
    /// By MIME type.
    let data: JSONObject

    init(_ object: JSONObject) {
        self.object = object
        type = object.text("type") ?? ""
        data = if case .object(let data)? = object["data"] { data } else { JSONObject() }
    }

    func text(_ mimeType: String) -> String? { data.text(mimeType) }

    /// `NameError: name 'x' is not defined`; nil for what is no error.
    var error: (name: String, message: String, trace: String)? {
        guard type == "error" else { return nil }
        return (object.text("name") ?? "", object.text("message") ?? "", object.text("trace") ?? "")
    }

    var table: CommandTable? {
        guard case .object(let table)? = data[Self.tableType], case .array(let schema)? = table["schema"],
            case .array(let rows)? = table["rows"]
        else { return nil }
        let columns = schema.map { column in
            let members = if case .object(let members) = column { members } else { JSONObject() }
            return CommandTable.Column(name: members.text("name") ?? "", type: members.text("type") ?? "")
        }
        return CommandTable(
            columns: columns, rows: rows.map { if case .array(let row) = $0 { row } else { [] } },
            isTruncated: table["truncated"] == .bool(true))
    }

    /// The forms that other programs know.
    var commonData: JSONObject {
        var common = data
        common.remove(Self.tableType)
        return common
    }

    var forPage: CommandOutput {
        if let error {
            return .error(
                summary: error.message.isEmpty ? error.name : "\(error.name): \(error.message)", trace: error.trace)
        }
        if let table { return .table(table) }
        if type == "stream" { return .text(object.text("text") ?? "") }
        // A page that stands alone has no way to the run.
        if type == "notebook_run", case .integer(let run)? = object["run_id"] {
            return .text("Notebook run \(run) of \(object.text("path") ?? "")\n")
        }
        if type == "html", let html = text("text/html") { return .html(html) }
        if commonData.keys == ["text/plain"], let text = text("text/plain") { return .text(text) }
        return .mimeBundle(commonData)
    }
}

extension JSONObject {
    func text(_ key: String) -> String? { if case .string(let text)? = self[key] { text } else { nil } }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// Reads what pages carry, whoever wrote them.
struct NotebookModelReader {
    /// - Throws: `NotebookFormatError`.
    static func notebook(_ model: JSONValue) throws(NotebookFormatError) -> Notebook {
        guard case .object(let model) = model else { throw NotebookFormatError("its notebook model is not an object") }
        guard case .string(let name)? = model["language"], let language = NotebookLanguage(anyCase: name) else {
            throw NotebookFormatError("its notebook model names no language that is known here")
        }
        guard case .array(let values)? = model["commands"] else {
            throw NotebookFormatError("its notebook model has no commands")
        }
        var commands: [(position: Double, command: NotebookCommand)] = []
        for (index, value) in values.enumerated() {
            guard case .object(let members) = value, case .string(let source)? = members["command"] else {
                throw NotebookFormatError("command \(index + 1) of its notebook model has no text")
            }
            commands.append((position(members, index), command(members, source, number: index + 1)))
        }
        // Commands that were inserted later stand behind the others and say by their position where they belong.
        let sorted = commands.enumerated().sorted { ($0.1.position, $0.0) < ($1.1.position, $1.0) }
        let unique = unique(sorted.map(\.element.command))
        return Notebook(
            language: language, commands: unique,
            dashboards: NotebookDashboard.list(model["dashboards"], commands: unique))
    }

    private static func position(_ members: JSONObject, _ index: Int) -> Double {
        switch members["position"] {
        case .number(let position)?: position
        case .integer(let position)?: Double(position)
        default: Double(index + 1)
        }
    }

    private static func command(_ members: JSONObject, _ source: String, number: Int) -> NotebookCommand {
        var command = NotebookCommand(id: String(number), source: source)
        if case .string(let id)? = members["nuid"] ?? members["guid"], !id.isEmpty { command.id = id }
        if case .string(let title)? = members["commandTitle"] { command.title = title }
        if case .bool(let shown)? = members["showCommandTitle"], !command.title.isEmpty { command.showsTitle = shown }
        return command
    }

    private static func unique(_ commands: [NotebookCommand]) -> [NotebookCommand] {
        var ids: Set<String> = []
        return commands.map { command in
            var command = command
            while !ids.insert(command.id).inserted { command.id += "-" }
            return command
        }
    }
}

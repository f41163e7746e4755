// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// What runs of a Jupyter file, and a Jupyter file of what runs.
extension JupyterNotebook {
    private static let notebookSection = "application/vnd.databricks.v1+notebook"
    private static let cellSection = "application/vnd.databricks.v1+cell"
    /// An extension: `magic` is what stands in front of a text that is not `%md` on a line of its own.
    fileprivate static let textSection = "application/vnd.lamplighter.v1+cell"

    /// As the metadata say; nil: they name none that can run here.
    public var language: NotebookLanguage? {
        if case .object(let section)? = metadata[Self.notebookSection], case .string(let name)? = section["language"],
            let language = NotebookLanguage(anyCase: name)
        {
            return language
        }
        guard case .object(let info)? = metadata["language_info"], case .string(let name)? = info["name"] else {
            return nil
        }
        return NotebookLanguage(anyCase: name)
    }

    /// The cells that are shown or run; raw cells are neither. A markdown cell begins with `%md`.
    /// - Parameter language: where the metadata name none.
    public func notebook(else language: NotebookLanguage = .python) -> Notebook {
        var ids: Set<String> = []
        var commands: [NotebookCommand] = []
        for (number, cell) in runnableCells.enumerated().map({ ($0 + 1, $1) }) {
            var command = NotebookCommand(id: String(number), source: cell.commandSource)
            if case .string(let id)? = cell.other["id"], !id.isEmpty, !ids.contains(id) { command.id = id }
            // A file that was put together by hand may have an id twice, or one that is another cell's number.
            while !ids.insert(command.id).inserted { command.id += "-" }
            if case .string(let title)? = cell.member("title", of: Self.cellSection) { command.title = title }
            if case .bool(let shown)? = cell.member("showTitle", of: Self.cellSection) { command.showsTitle = shown }
            commands.append(command)
        }
        return Notebook(
            language: self.language ?? language, commands: commands, dashboards: dashboards(of: commands))
    }

    /// Elements call a cell by the `nuid` of its metadata, or, in a file that was put together by hand, by its id.
    private func dashboards(of commands: [NotebookCommand]) -> [NotebookDashboard] {
        guard case .object(let section)? = metadata[Self.notebookSection] else { return [] }
        var ids = Dictionary(commands.map { ($0.id, $0.id) }) { first, _ in first }
        for (cell, command) in zip(runnableCells, commands) {
            if case .string(let id)? = cell.member("nuid", of: Self.cellSection) { ids[id] = command.id }
        }
        return NotebookDashboard.list(section["dashboards"], commandIDs: ids)
    }

    /// In the order of the commands of `notebook`.
    var runnableCells: [JupyterCell] { cells.filter { $0.kind != .raw } }

    /// Makes the code cells such that have not run.
    public mutating func removeOutputs() {
        for index in cells.indices where cells[index].kind == .code {
            cells[index].other.set("execution_count", .null)
            cells[index].other.set("outputs", .array([]))
        }
    }

    /// Where the cells are that the commands of `notebook` come from.
    public var runnableIndices: [Int] { cells.indices.filter { cells[$0].kind != .raw } }

    /// - Parameter name: of the notebook, for the metadata.
    public init(_ notebook: Notebook, name: String) {
        var section: JSONObject = [
            "language": .string(notebook.language.lowercased), "notebookName": .string(name),
        ]
        if !notebook.dashboards.isEmpty { section.set("dashboards", .array(notebook.dashboards.map(\.json))) }
        self.init(
            cells: notebook.commands.map(JupyterCell.init),
            metadata: [
                Self.notebookSection: .object(section),
                "language_info": .object(["name": .string(notebook.language.lowercased)]),
            ])
    }
}

extension JupyterCell {
    fileprivate var commandSource: String {
        guard kind == .markdown else { return source }
        if case .string(let magic)? = member("magic", of: JupyterNotebook.textSection),
            NotebookCommand(id: "", source: magic + source).markdown?.magic == magic
        {
            return magic + source
        }
        return "%md\n" + source
    }

    /// A text becomes a markdown cell, and is the same command when it is read again.
    fileprivate init(_ command: NotebookCommand) {
        // What elements of dashboards call it.
        var section: JSONObject = ["nuid": .string(command.id)]
        if !command.title.isEmpty {
            section.set("title", .string(command.title))
            section.set("showTitle", .bool(command.showsTitle))
        }
        var metadata: JSONObject = ["application/vnd.databricks.v1+cell": .object(section)]
        if let (magic, text) = command.markdown {
            if magic != "%md\n" { metadata.set(JupyterNotebook.textSection, .object(["magic": .string(magic)])) }
            self.init(
                kind: .markdown, source: text, other: ["id": .string(command.id), "metadata": .object(metadata)])
        } else {
            self.init(
                kind: .code, source: command.source,
                other: [
                    "id": .string(command.id), "metadata": .object(metadata), "execution_count": .null,
                    "outputs": .array([]),
                ])
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// The workspace's own form of a notebook, "NotebookV1": what HTML pages carry, and what the tools that read such pages
/// expect of it.
public struct NotebookModel: Sendable {
    public let name: String
    public let objectID: Int64
    public let notebook: Notebook
    /// One for each command, or none at all; nil: the command has not been run.
    public let results: [CommandResult?]
    /// One for each command, or none at all: pictures attached to Markdown cells, as `data:` URLs.
    public let pictures: [[String: String]]
    /// Only what the commands show is of interest.
    let hidesCode: Bool

    /// - Parameter results: of the first commands; those without one have not been run.
    public init(
        name: String, objectID: Int64, notebook: Notebook, results: [CommandResult?] = [],
        pictures: [[String: String]] = []
    ) {
        self.init(
            name: name, objectID: objectID, notebook: notebook, results: results, pictures: pictures, hidesCode: false)
    }

    private init(
        name: String, objectID: Int64, notebook: Notebook, results: [CommandResult?], pictures: [[String: String]],
        hidesCode: Bool
    ) {
        self.name = name
        self.objectID = objectID
        self.notebook = notebook
        self.results = results
        self.pictures = pictures
        self.hidesCode = hidesCode
    }

    /// What a dashboard of this notebook shows: its commands alone, in its order, with their results.
    public func showing(_ dashboard: NotebookDashboard) -> NotebookModel {
        let places = dashboard.elements.compactMap { element in
            notebook.commands.firstIndex { $0.id == element.commandID }
        }
        let part = Notebook(
            language: notebook.language, commands: places.map { notebook.commands[$0] }, dashboards: [dashboard])
        return NotebookModel(
            name: dashboard.title, objectID: objectID, notebook: part,
            results: places.map { $0 < results.count ? results[$0] : nil },
            pictures: places.map { $0 < pictures.count ? pictures[$0] : [:] }, hidesCode: true)
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("version", "NotebookV1")
        writer.member("origId", objectID)
        writer.member("name", name)
        writer.member("language", notebook.language.lowercased)
        writer.key("commands")
        writer.array { writer in
            for (index, command) in notebook.commands.enumerated() {
                writer.object { writer in
                    write(command, at: index, index < results.count ? results[index] : nil, to: &writer)
                }
            }
        }
        writer.member("dashboards", JSONValue.array(notebook.dashboards.map(\.json)))
        writer.member("guid", "notebook-\(objectID)")
        writer.member("globalVars", JSONValue.object([:]))
        writer.member("iPythonMetadata", JSONValue.null)
        writer.member("inputWidgets", JSONValue.object([:]))
        writer.member("notebookMetadata", JSONValue.object([:]))
    }

    private func write(_ command: NotebookCommand, at index: Int, _ result: CommandResult?, to writer: inout JSONWriter)
    {
        writer.member("version", "CommandV1")
        writer.member("origId", index + 1)
        writer.member("guid", command.id)
        writer.member("nuid", command.id)
        writer.member("subtype", "command")
        writer.member("commandType", "auto")
        writer.member("position", JSONValue.number(Double(index + 1)))
        writer.member("command", command.source)
        writer.member("commandVersion", 0)
        writer.member("state", (result?.state ?? .input).rawValue)
        writer.key("results")
        if let result, !result.outputs.isEmpty { result.writeOutputs(to: &writer) } else { writer.raw("null") }
        writer.member("resultDbfsStatus", "INLINED_IN_TREE")
        writer.member("errorSummary", result?.failure.map { .string($0.summary) } ?? JSONValue.null)
        writer.member("error", result?.failure.map { .string($0.trace) } ?? JSONValue.null)
        writer.member("startTime", result?.startTime ?? 0)
        writer.member("submitTime", result?.startTime ?? 0)
        writer.member("finishTime", result?.finishTime ?? 0)
        writer.member("collapsed", false)
        writer.member("bindings", JSONValue.object([:]))
        writer.member("inputWidgets", JSONValue.object([:]))
        writer.member("displayType", "table")
        writer.member("commandTitle", command.title)
        writer.member("showCommandTitle", command.showsTitle && !command.title.isEmpty)
        writer.member("hideCommandCode", hidesCode)
        writer.member("hideCommandResult", false)
        // An extension: other readers ignore it.
        if index < pictures.count, !pictures[index].isEmpty { writer.member("attachments", pictures[index]) }
    }
}

extension CommandResult {
    /// The first error among the outputs.
    fileprivate var failure: (summary: String, trace: String)? {
        for case .error(let summary, let trace) in outputs { return (summary, trace) }
        return nil
    }

    /// One output stands for itself, several are a list.
    fileprivate func writeOutputs(to writer: inout JSONWriter) {
        if outputs.count == 1 { return outputs[0].write(to: &writer) }
        writer.object { writer in
            writer.member("type", "listResults")
            writer.key("data")
            writer.array { writer in for output in outputs { output.write(to: &writer) } }
        }
    }
}

extension CommandOutput {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            switch self {
            case .text(let text):
                writer.member("type", "ansi")
                writer.member("data", text)
            case .stream(let name, let text):
                writer.member("type", "ansi")
                writer.member("name", name)
                writer.member("data", text)
            case .html(let html):
                writer.member("type", "html")
                writer.member("data", html)
            case .mimeBundle(let data):
                writer.member("type", "mimeBundle")
                writer.member("data", JSONValue.object(data))
            case .table(let table): table.write(to: &writer)
            case .error(let summary, let trace):
                writer.member("type", "error")
                writer.member("summary", summary)
                writer.member("cause", trace)
                writer.member("data", trace)
            }
        }
    }
}

extension CommandTable {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("type", "table")
        writer.key("schema")
        writer.array { writer in
            for column in columns {
                writer.object { writer in
                    writer.member("name", column.name)
                    writer.member("type", JSONWriter.text { $0.value(column.type) })
                    writer.member("metadata", "{}")
                }
            }
        }
        writer.key("data")
        writer.array { writer in
            for row in rows { writer.array { writer in for value in row { writer.value(value) } } }
        }
        writer.member("overflow", isTruncated)
    }
}

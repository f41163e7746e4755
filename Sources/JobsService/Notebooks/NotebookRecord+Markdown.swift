// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsJSON
import Notebooks

extension NotebookRecord {
    /// A text in Markdown with what the cells have shown.
    var markdown: String {
        let cells = zip(notebook.commands, cells).map { command, cell in
            let title = command.title.isEmpty || !command.showsTitle ? [] : ["## \(command.title)"]
            return (title + [source(command)] + cell.outputs.compactMap { CellOutput($0).markdown })
                .joined(separator: "\n\n")
        }
        return (["# \(name)"] + cells).joined(separator: "\n\n") + "\n"
    }

    private func source(_ command: NotebookCommand) -> String {
        var language = notebook.language.lowercased
        let first = command.source.prefix { !$0.isWhitespace }
        guard first.hasPrefix("%") else { return Markdown.fenced(command.source, language) }
        language = String(first.dropFirst())
        if language == "md" { return String(command.source.dropFirst(first.count).drop { $0.isWhitespace }) }
        // The rest of the line belongs to the magic where something stands there.
        let body = command.source.dropFirst(first.count).drop { $0 == " " || $0 == "\t" }
        guard body.first?.isNewline == true else { return Markdown.fenced(command.source, "") }
        return Markdown.fenced(String(body.dropFirst()), language)
    }
}

extension CellOutput {
    fileprivate var markdown: String? {
        if type == "stream" { return Markdown.fenced(object.text("text") ?? "", "") }
        if let error {
            return Markdown.fenced(error.trace.isEmpty ? "\(error.name): \(error.message)" : error.trace, "")
        }
        if let table { return Markdown.table(table) }
        for type in ["image/png", "image/jpeg", "image/gif"] {
            if let image = text(type) { return "![](data:\(type);base64,\(image.filter { !$0.isWhitespace }))" }
        }
        if let markdown = text("text/markdown") { return markdown }
        if let plain = text("text/plain") { return Markdown.fenced(plain, "") }
        return text("text/html").map { Markdown.fenced($0, "html") }
    }
}

private enum Markdown {
    /// A fence that is longer than any in the text.
    static func fenced(_ text: String, _ language: String) -> String {
        let longest = text.split { $0 != "`" }.map(\.count).max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return "\(fence)\(language)\n\(plain(text))\(text.last?.isNewline == true ? "" : "\n")\(fence)"
    }

    static func table(_ table: CommandTable) -> String {
        let head = [row(table.columns.map(\.name)), row(table.columns.map { _ in "---" })]
        let rows = table.rows.map { row($0.map(text)) }
        return (head + rows + (table.isTruncated ? ["", "There are more rows."] : [])).joined(separator: "\n")
    }

    private static func row(_ cells: [String]) -> String {
        "| "
            + cells.map { cell in
                cell.replacing("\\", with: "\\\\").replacing("|", with: "\\|").replacing("\n", with: "<br>")
            }.joined(separator: " | ") + " |"
    }

    private static func text(_ value: JSONValue) -> String {
        if case .string(let text) = value { return text }
        return JSONWriter.text { $0.value(value) }
    }

    /// Without the colours of terminals.
    private static func plain(_ text: String) -> String { text.replacing(#/\u{1B}\[[0-9;]*[A-Za-z]/#, with: "") }
}

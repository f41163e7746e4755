// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsCompute
import JobsJSON
import Notebooks

extension NotebookRecord {
    /// The notebook in Markdown, with the cells' outputs.
    var markdown: String {
        let pictures = pictures
        var texts = cells.indices.map { markdown(ofCell: $0, with: $0 < pictures.count ? pictures[$0] : [:]) }[...]
        // Only the Jupyter file has raw cells.
        let all = importedNotebook?.cells.map { $0.kind == .raw ? $0.rawMarkdown : texts.removeFirst() } ?? Array(texts)
        return (["# \(name)"] + all).joined(separator: "\n\n") + "\n"
    }

    private func markdown(ofCell index: Int, with pictures: [String: String]) -> String {
        let (command, cell) = (notebook.commands[index], cells[index])
        var parts = command.title.isEmpty || !command.showsTitle ? [] : ["## \(command.title)"]
        var outputs = cell.outputs.map(CellOutput.init)
        if let text = command.markdown?.text {
            // A text that was shown by running it has its parameters filled in, and stands for its source.
            let said = outputs.firstIndex { $0.type == "markdown" }.map { outputs.remove(at: $0) }
            parts.append(Markdown.text(said?.text("text/markdown") ?? text, with: pictures))
        } else {
            parts.append(command.fencedSource(notebook.language))
        }
        parts += outputs.compactMap(\.markdown)
        if let text = cell.exitText(exitValue) { parts.append(Markdown.fenced(text)) }
        return parts.joined(separator: "\n\n")
    }
}

extension JupyterCell {
    /// A raw cell may name its MIME type.
    fileprivate var rawMarkdown: String {
        let type: String? =
            if case .object(let metadata)? = other["metadata"] {
                metadata.text("raw_mimetype") ?? metadata.text("format")
            } else { nil }
        return type == "text/markdown" ? source : Markdown.fenced(source)
    }
}

extension CellOutput {
    fileprivate var markdown: String? {
        if let stream {
            return (stream.name == "stderr" ? "Standard error:\n\n" : "") + Markdown.fenced(stream.text)
        }
        if let error {
            return Markdown.fenced(error.trace.isEmpty ? "\(error.name): \(error.message)" : error.trace)
        }
        if let notebookRun { return notebookRun }
        if let table { return Markdown.table(table) }
        return markdownOfBundle
    }

    /// The preferred representation in a MIME bundle, chosen as pages choose it.
    private var markdownOfBundle: String? {
        for type in ["image/png", "image/jpeg", "image/gif", "image/webp"] {
            if let image = text(type) { return "![](data:\(type);base64,\(image.filter { !$0.isWhitespace }))" }
        }
        if let drawing = text("image/svg+xml") {
            return "![](data:image/svg+xml;base64,\(Data(drawing.utf8).base64EncodedString()))"
        }
        if let html = text("text/html") { return Markdown.html(html) }
        if let markdown = text("text/markdown") { return markdown }
        if let plainText { return Markdown.fenced(plainText) }
        if let latex = text("text/latex") { return latex }
        if let json = data["application/json"] {
            return Markdown.fenced(JSONWriter.text { $0.value(json) }, "json")
        }
        return text("text/plain").map { Markdown.fenced($0) }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON
import Notebooks

/// Something that a cell has shown, as kernels write it (docs/architecture/notebooks.md).
struct CellOutput {
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

    /// Text of a stream output; nil for other outputs.
    var stream: (name: String, text: String)? {
        guard type == "stream" else { return nil }
        return (object.text("name") ?? "stdout", object.text("text") ?? "")
    }

    /// `NameError: name 'x' is not defined`; nil for other outputs.
    var error: (name: String, message: String, trace: String)? {
        guard type == "error" else { return nil }
        return (object.text("name") ?? "", object.text("message") ?? "", object.text("trace") ?? "")
    }

    /// Which run it has started, as text: an exported file cannot link to the run.
    var notebookRun: String? {
        guard type == "notebook_run", case .integer(let run)? = object["run_id"] else { return nil }
        return "Notebook run \(run) of \(object.text("path") ?? "")"
    }

    var table: CommandTable? { CommandTable(in: data) }

    /// Its text, unless that is only the default `repr` of a Python object: `<IPython.core.display.Latex object>`.
    var plainText: String? {
        guard let text = text("text/plain"), text.wholeMatch(of: /<[\w.]+ object(?: at 0x[0-9a-f]+)?>/) == nil else {
            return nil
        }
        return text
    }

    var forPage: CommandOutput {
        if let error {
            return .error(
                summary: error.message.isEmpty ? error.name : "\(error.name): \(error.message)", trace: error.trace)
        }
        if let table { return .table(table) }
        if let stream { return .stream(name: stream.name, text: stream.text) }
        if let notebookRun { return .text(notebookRun + "\n") }
        if type == "html", let html = text("text/html") { return .html(html) }
        if data.keys == ["text/plain"], let text = text("text/plain") { return .text(text) }
        return .mimeBundle(data)
    }
}

extension JSONObject {
    func text(_ key: String) -> String? { if case .string(let text)? = self[key] { text } else { nil } }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsJSON

/// The format HTML: a page that needs nothing but itself, and carries the notebook as
/// `__DATABRICKS_NOTEBOOK_MODEL = '...'`: the base64 of the URI-encoded JSON of the model.
public struct NotebookPage {
    private static let variable = "__DATABRICKS_NOTEBOOK_MODEL"

    /// What `encodeURIComponent` leaves as it is.
    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()")

    public static func html(_ model: NotebookModel) -> String {
        let json = JSONWriter.text { $0.object(model.write) }
        let encoded = json.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
        let base64 = Data(encoded.utf8).base64EncodedString()
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta name="databricks-html-version" content="1">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(HTMLText.escaped(model.name))</title>
            <style>
            \(NotebookViewer.style)
            </style>
            <script>var \(variable) = '\(base64)';</script>
            </head>
            <body>
            <main\(model.hidesCode ? " data-dashboard" : "")><h1>\(HTMLText.escaped(model.name))</h1><noscript>This page shows its notebook by JavaScript.</noscript></main>
            <script>
            \(NotebookViewer.script)
            </script>
            </body>
            </html>

            """
    }

    /// The notebook that a page carries, and nothing of its results.
    /// - Throws: `NotebookFormatError`.
    public static func notebook(in html: String) throws(NotebookFormatError) -> Notebook {
        guard let base64 = value(in: html) else { throw NotebookFormatError("the page has no \(variable)") }
        guard let encoded = Data(base64Encoded: base64),
            let json = String(decoding: encoded, as: UTF8.self).removingPercentEncoding
        else { throw NotebookFormatError("its \(variable) is not the base64 of a URI-encoded text") }
        let model: JSONValue
        do { model = try JSONParser.parse(json) } catch { throw NotebookFormatError("its model is not JSON: \(error)") }
        return try NotebookModelReader.notebook(model)
    }

    /// What stands between the quotes behind the variable's name.
    private static func value(in html: String) -> String? {
        guard let name = html.range(of: variable + " = "), let quote = html[name.upperBound...].first,
            quote == "'" || quote == "\""
        else { return nil }
        let rest = html[html.index(after: name.upperBound)...]
        return rest.firstIndex(of: quote).map { String(rest[..<$0]) }
    }
}

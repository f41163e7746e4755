// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

public enum HTMLText {
    /// A text as the content of an element or of an attribute in double quotes.
    public static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension CommandTable {
    /// A table of HTML, as Jupyter shows those of pandas; values are text.
    public var html: String {
        var lines = ["<table border=\"1\" class=\"dataframe\">", "<thead>", "<tr>"]
        lines += columns.map { "<th title=\"\(HTMLText.escaped($0.type))\">\(HTMLText.escaped($0.name))</th>" }
        lines += ["</tr>", "</thead>", "<tbody>"]
        for row in rows {
            lines.append("<tr>" + row.map { "<td>\(HTMLText.escaped(Self.text($0)))</td>" }.joined() + "</tr>")
        }
        lines += ["</tbody>", "</table>"]
        if isTruncated { lines.append("<p>There are more rows.</p>") }
        return lines.joined(separator: "\n")
    }

    /// A value for people: a text as it is, everything else as JSON.
    public static func text(_ value: JSONValue) -> String {
        if case .string(let text) = value { return text }
        return JSONWriter.text { $0.value(value) }
    }
}

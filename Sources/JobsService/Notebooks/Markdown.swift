// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsJSON
import Notebooks

/// Blocks of Markdown.
enum Markdown {
    /// A fence that is longer than any in the text; a text of terminals as they would show it in the end.
    static func fenced(_ text: String, _ language: String = "") -> String {
        let text = TerminalText.plain(text)
        let longest = text.split { $0 != "`" }.map(\.count).max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return "\(fence)\(language)\n\(text)\(text.last?.isNewline == true ? "" : "\n")\(fence)"
    }

    /// A block of HTML, which would end at an empty line.
    static func html(_ html: String) -> String {
        let lines = html.split { $0.isNewline }.filter { line in line.contains { !$0.isWhitespace } }
        return (["<div>"] + lines + ["</div>"]).joined(separator: "\n")
    }

    static func table(_ table: CommandTable) -> String {
        let head = [row(table.columns.map(\.name)), row(table.columns.map { _ in "---" })]
        let rows = table.rows.map { row($0.map(CommandTable.text)) }
        return (head + rows + (table.isTruncated ? ["", "There are more rows."] : [])).joined(separator: "\n")
    }

    /// A text with its attached pictures.
    /// - Parameter pictures: `data:` URLs by their names.
    static func text(_ text: String, with pictures: [String: String]) -> String {
        if pictures.isEmpty { return text }
        return text.replacing(/\]\(\s*attachment:([^\s)]+)/) { match in
            let name = String(match.output.1)
            let picture = pictures[name] ?? pictures[name.removingPercentEncoding ?? ""]
            return picture.map { "](\($0)" } ?? String(match.output.0)
        }
    }

    private static func row(_ cells: [String]) -> String {
        "| "
            + cells.map { cell in
                cell.replacing("\\", with: "\\\\").replacing("|", with: "\\|").replacing("\n", with: "<br>")
            }.joined(separator: " | ") + " |"
    }
}

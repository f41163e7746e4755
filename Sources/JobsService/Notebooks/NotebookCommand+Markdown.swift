// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Notebooks

extension NotebookCommand {
    /// IPython magics that name no language are followed by code in the notebook's language.
    private static let fencesOfCellMagics = [
        "%%bash": "bash", "%%sh": "sh", "%%html": "html", "%%svg": "html", "%%javascript": "javascript",
        "%%js": "javascript", "%%latex": "latex", "%%markdown": "markdown", "%%perl": "perl", "%%ruby": "ruby",
        "%%script": "", "%%writefile": "", "%%file": "", "%%cmd": "",
    ]

    /// The source of a code cell, in a fenced code block of its language. What the info string lacks stays in the text.
    func fencedSource(_ language: NotebookLanguage) -> String {
        guard let magic else { return Markdown.fenced(source, language.lowercased) }
        switch magic.name {
        case "%python", "%sql", "%scala", "%r", "%sh":
            let name = String(magic.name.dropFirst())
            let line = magic.rest.prefix { !$0.isNewline }
            // Its options matter.
            if line.drop(while: \.isWhitespace).first == "-" && name == "sh" { return Markdown.fenced(source, name) }
            let isAlone = line.allSatisfy(\.isWhitespace)
            let body = isAlone ? magic.rest.dropFirst(line.count + 1) : magic.rest.drop(while: \.isWhitespace)
            return Markdown.fenced(String(body), name)
        case "%run", "%fs", "%pip", "%conda": return Markdown.fenced(source)
        default: return Markdown.fenced(source, Self.fencesOfCellMagics[magic.name] ?? language.lowercased)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Notebooks

extension NotebookCommand {
    /// In magics of IPython that are no language, code of the notebook's own follows.
    private static let fencesOfCellMagics = [
        "%%bash": "bash", "%%sh": "sh", "%%html": "html", "%%svg": "html", "%%javascript": "javascript",
        "%%js": "javascript", "%%latex": "latex", "%%markdown": "markdown", "%%perl": "perl", "%%ruby": "ruby",
        "%%script": "", "%%writefile": "", "%%file": "", "%%cmd": "",
    ]

    /// The source of a cell that is code, in a fence of its language. What the fence does not say stays in the text.
    func fencedSource(_ language: NotebookLanguage) -> String {
        guard let magic else { return Markdown.fenced(source, language.lowercased) }
        switch magic.name {
        case "%python", "%sql", "%scala", "%r", "%sh":
            let name = String(magic.name.dropFirst())
            let line = magic.rest.prefix { !$0.isNewline }
            // Its options count.
            if line.drop(while: \.isWhitespace).first == "-" && name == "sh" { return Markdown.fenced(source, name) }
            let isAlone = line.allSatisfy(\.isWhitespace)
            let body = isAlone ? magic.rest.dropFirst(line.count + 1) : magic.rest.drop(while: \.isWhitespace)
            return Markdown.fenced(String(body), name)
        case "%run", "%fs", "%pip", "%conda": return Markdown.fenced(source)
        default: return Markdown.fenced(source, Self.fencesOfCellMagics[magic.name] ?? language.lowercased)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

extension NotebookCommand {
    /// The magic that the cell begins with (`%sql`, `%%bash`), and what stands behind it, line ends included; nil: none.
    public var magic: (name: String, rest: Substring)? {
        let text = source.drop { $0.isWhitespace }
        guard text.first == "%" else { return nil }
        let name = text.prefix { !$0.isWhitespace }
        return (String(name), text.dropFirst(name.count))
    }

    /// The text of a cell that is text (`%md`); nil: it is code.
    public var markdown: String? {
        guard let magic, magic.name == "%md" || magic.name == "%md-sandbox" else { return nil }
        return String(magic.rest.drop { $0.isWhitespace })
    }
}

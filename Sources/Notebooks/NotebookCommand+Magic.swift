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

    /// The text of a cell that is text (`%md`), and what stands in front of it; nil: it is code.
    public var markdown: (magic: String, text: String)? {
        // By scalars: together they are the source again, to the byte.
        let magic = /\s*%md(?:-sandbox)?(?:[ \t]*\r?\n|[ \t]+|$)/.matchingSemantics(.unicodeScalar)
        guard let match = source.prefixMatch(of: magic) else { return nil }
        let text = source.unicodeScalars[match.range.upperBound...]
        return (String(match.output), String(String.UnicodeScalarView(text)))
    }
}

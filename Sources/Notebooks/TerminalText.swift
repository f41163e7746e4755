// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// What a terminal would show in the end, had a program written to it: without colours, and with what was written over
/// (`\r`, backspace) gone. `terminal.js` does the same with colours.
public struct TerminalText {
    private let input: [Unicode.Scalar]
    private var lines = String.UnicodeScalarView()
    private var line: [Unicode.Scalar] = []
    private var column = 0

    public static func plain(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x1B || $0 == 0x0D || $0 == 0x08 }) else { return text }
        var terminal = TerminalText(input: Array(text.unicodeScalars))
        return terminal.show()
    }

    private init(input: [Unicode.Scalar]) { self.input = input }

    private mutating func show() -> String {
        var at = 0
        while at < input.count {
            let scalar = input[at]
            at += 1
            switch scalar {
            case "\n": endLine()
            case "\r": column = 0
            case "\u{8}": column = max(0, column - 1)
            case "\u{1B}": at = sequence(from: at)
            default: put(scalar)
            }
        }
        lines.append(contentsOf: line)
        return String(lines)
    }

    private mutating func endLine() {
        lines.append(contentsOf: line)
        lines.append("\n")
        line.removeAll(keepingCapacity: true)
        column = 0
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        if column < line.count { line[column] = scalar } else { line.append(scalar) }
        column += 1
    }

    /// Passes over a sequence, behind its escape character; of all that there are only erasing has an effect.
    /// - Returns: what comes behind it.
    private mutating func sequence(from start: Int) -> Int {
        guard start < input.count else { return start }
        switch input[start] {
        case "[":
            var end = start + 1
            while end < input.count, (0x20...0x3F).contains(input[end].value) { end += 1 }
            guard end < input.count, (0x40...0x7E).contains(input[end].value) else { return end }
            if input[end] == "K" { erase(String(String.UnicodeScalarView(input[(start + 1)..<end]))) }
            return end + 1
        // Titles and links, up to their end: the bell, or another escape character and a backslash.
        case "]", "P", "X", "^", "_":
            var end = start + 1
            while end < input.count, input[end] != "\u{7}", input[end] != "\u{1B}" { end += 1 }
            guard end < input.count else { return start }
            return input[end] == "\u{7}" ? end + 1 : end + 1 < input.count && input[end + 1] == "\\" ? end + 2 : start
        case "(", ")", "*", "+": return min(start + 2, input.count)
        case "0"..."~": return start + 1
        default: return start
        }
    }

    private mutating func erase(_ what: String) {
        switch what {
        case "", "0": if column < line.count { line.removeLast(line.count - column) }
        case "1": for place in line.indices.prefix(column + 1) { line[place] = " " }
        default: line = Array(repeating: " ", count: column)
        }
    }
}

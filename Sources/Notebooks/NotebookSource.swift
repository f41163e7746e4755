// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The format SOURCE: a program whose comments tell the cells apart, so that it can be kept with other sources.
///
/// Each cell of `write` is as it was when it is read again, unless one of its own lines looks like a mark of the format
/// (`# COMMAND ----------`, or in its first line `# DBTITLE`, `# MAGIC`), which the format cannot quote. A file in the
/// form that `write` gives is the same, byte for byte, after reading and writing.
public struct NotebookSource: Sendable {
    public let language: NotebookLanguage

    public init(_ language: NotebookLanguage) { self.language = language }

    private var header: String { "\(language.mark) Databricks notebook source" }
    private var separator: String { "\(language.mark) COMMAND ----------" }
    private var titleMark: String { "\(language.mark) DBTITLE " }
    private var magicMark: String { "\(language.mark) MAGIC" }

    /// A text without the first line of the format is a notebook of one cell. Lines may end as on any system.
    public func read(_ text: String) -> Notebook {
        let lines = SourceLines.split(text)
        guard let first = lines.first, Self.trimmedEnd(first) == header else {
            let source = lines.last == "" ? lines.dropLast() : lines[...]
            return Notebook(language: language, commands: [command(1, source)])
        }
        // What stands behind the last line end is no line.
        let body = lines.dropFirst().last == "" ? lines[1..<lines.count - 1] : lines.dropFirst()
        if body.isEmpty { return Notebook(language: language, commands: []) }
        let cells = body.split(omittingEmptySubsequences: false) { Self.trimmedEnd($0) == separator }
        let commands = cells.enumerated().map { index, cell in
            // The empty lines around a separator belong to it.
            var cell = cell
            if index > 0, cell.first == "" { cell.removeFirst() }
            if index < cells.count - 1, cell.last == "" { cell.removeLast() }
            return command(index + 1, cell)
        }
        return Notebook(language: language, commands: commands)
    }

    /// Whether a file begins with the first line of the format.
    public static func isNotebook(_ file: [UInt8], _ language: NotebookLanguage) -> Bool {
        let start = String(decoding: file.prefix(100), as: UTF8.self)
        return SourceLines.split(start).first.map { trimmedEnd($0) == NotebookSource(language).header } ?? false
    }

    public func write(_ notebook: Notebook) -> String {
        if notebook.commands.isEmpty { return header + "\n" }
        return header + "\n" + notebook.commands.map(text).joined(separator: "\n\n\(separator)\n\n") + "\n"
    }

    // MARK: One cell

    private func command(_ number: Int, _ lines: ArraySlice<String>) -> NotebookCommand {
        var lines = lines
        var command = NotebookCommand(id: String(number), source: "")
        // `1,The title`: whether it is shown, and the title.
        for shown in [false, true] {
            guard let title = lines.first?.without(prefix: "\(titleMark)\(shown ? 1 : 0),") else { continue }
            command.title = title
            command.showsTitle = shown
            lines.removeFirst()
            break
        }
        if let first = lines.first, let magic = withoutMagicMark(first), magic.utf8.first == UInt8(ascii: "%") {
            command.source = lines.map { withoutMagicMark($0) ?? $0 }.joined(separator: "\n")
        } else {
            command.source = lines.joined(separator: "\n")
        }
        return command
    }

    /// nil: the line has no mark.
    private func withoutMagicMark(_ line: String) -> String? {
        line == magicMark ? "" : line.without(prefix: magicMark + " ")
    }

    private func text(_ command: NotebookCommand) -> String {
        var lines = SourceLines.split(command.source)
        if command.source.utf8.first == UInt8(ascii: "%") {
            lines = lines.map { $0.isEmpty ? magicMark : "\(magicMark) \($0)" }
        }
        if !command.title.isEmpty {
            let title = SourceLines.split(command.title).joined(separator: " ")
            lines.insert("\(titleMark)\(command.showsTitle ? 1 : 0),\(title)", at: 0)
        }
        return lines.joined(separator: "\n")
    }

    private static func trimmedEnd(_ line: String) -> Substring {
        var line = line[...]
        while line.last == " " || line.last == "\t" { line.removeLast() }
        return line
    }
}

extension String {
    /// nil: it does not begin so. Bytes, not characters: a combining mark would merge with the prefix.
    func without(prefix: String) -> String? {
        guard utf8.starts(with: prefix.utf8) else { return nil }
        return String(decoding: utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }
}

/// Lines, whatever ends them; a byte order mark is dropped.
enum SourceLines {
    /// One element more than there are line ends.
    static func split(_ text: String) -> [String] {
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            defer { previous = scalar }
            switch scalar {
            case "\u{FEFF}" where previous == nil: continue
            case "\n" where previous == "\r": continue
            case "\n", "\r":
                lines.append(String(line))
                line = String.UnicodeScalarView()
            default: line.append(scalar)
            }
        }
        return lines + [String(line)]
    }
}

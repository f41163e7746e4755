// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Notebooks

/// Notebooks as a careless world might make them, the same for the same seed.
struct RandomNotebook {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func notebook(_ language: NotebookLanguage, marks: [String] = []) -> Notebook {
        let commands = (0..<number(8)).map { index -> NotebookCommand in
            var command = NotebookCommand(id: String(index + 1), source: source(without: marks))
            if number(3) == 0 {
                command.title = line(without: marks)
                command.showsTitle = command.title.isEmpty || number(2) == 0
            }
            return command
        }
        return Notebook(language: language, commands: commands)
    }

    /// Of some of the commands, in the order in which dashboards are read.
    mutating func dashboards(of commands: [NotebookCommand]) -> [NotebookDashboard] {
        (0..<number(3)).map { index in
            let elements = commands.filter { _ in number(2) == 0 }.enumerated().map { row, command in
                let position = NotebookDashboard.Position(
                    x: Int64(number(12)), y: Int64(row), width: Int64(1 + number(12)), height: Int64(1 + number(9)))
                return NotebookDashboard.Element(commandID: command.id, position: position)
            }
            return NotebookDashboard(id: "d\(index)", title: "Title \(index)", elements: elements)
        }
    }

    mutating func number(_ below: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(below))
    }

    private static let pieces = [
        "a", " ", "\t", "é", "e\u{301}", "\u{301}", "🪔", "%", "#", "--", "//", "'", "\"", "\\", "<", "&", "%md", "%sql",
        "MAGIC", "print(1)", "{{run_id}}", "\u{7F}", ",", "0,", "\u{2028}", "]]>", "</script>",
    ]

    private mutating func source(without marks: [String]) -> String {
        var lines = (0..<number(6)).map { _ in line(without: marks) }
        if number(3) == 0 { lines.insert(["%md", "%sql ", "%sh -e", "%"][number(4)], at: 0) }
        return lines.joined(separator: "\n")
    }

    /// Not one that begins like a mark of the format, which it has no way to quote.
    private mutating func line(without marks: [String]) -> String {
        while true {
            let line = (0..<number(6)).map { _ in Self.pieces[number(Self.pieces.count)] }.joined()
            if !marks.contains(where: { line.utf8.starts(with: $0.utf8) }) { return line }
        }
    }
}

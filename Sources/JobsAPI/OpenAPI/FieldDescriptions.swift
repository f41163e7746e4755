// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// What a description says of a member beside its type: text, and constraints in the words of JSON Schema.
struct WireNote: Sendable {
    let text: String
    let constraints: JSONObject
}

/// Notes on members, by `Structure.member`, from a plain list: a line each, `member text {"constraint":...}` below a
/// line with the structure's name; several structures may share the lines.
struct FieldDescriptions: Sendable {
    private(set) var notes: [String: WireNote] = [:]

    init(_ list: String) {
        var structures: [String] = []
        for line in list.split(separator: "\n") {
            guard line.first == " " else {
                structures = line.split(separator: " ").map(String.init)
                continue
            }
            let (name, rest) = Self.word(line.drop { $0 == " " })
            let (text, constraints) = Self.constraints(rest)
            for structure in structures {
                notes["\(structure).\(name)"] = WireNote(text: text, constraints: constraints)
            }
        }
    }

    static func word(_ text: Substring) -> (word: String, rest: Substring) {
        let word = text.prefix { $0 != " " }
        return (String(word), text[word.endIndex...].drop { $0 == " " })
    }

    /// Splits a JSON object off the end of a line.
    static func constraints(_ text: Substring) -> (text: String, constraints: JSONObject) {
        guard text.last == "}",
            let start = text.firstRange(of: " {\"")?.lowerBound ?? (text.first == "{" ? text.startIndex : nil),
            case .object(let constraints)? = try? JSONParser.parse(String(text[start...].drop { $0 == " " }))
        else { return (String(text), JSONObject()) }
        return (String(text[..<start]), constraints)
    }
}

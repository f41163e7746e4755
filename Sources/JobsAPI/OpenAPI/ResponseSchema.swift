// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// Schemas of answers, from a plain list: below a line with the schema's name a line each,
/// `member[!] type text {"constraint":...}`; `!` says that the member is always there.
struct ResponseSchema: Sendable {
    struct Member: Sendable {
        let name: String
        let type: String
        let isRequired: Bool
        let note: WireNote
    }

    let name: String
    var members: [Member] = []

    static func parse(_ list: String) -> [ResponseSchema] {
        var schemas: [ResponseSchema] = []
        for line in list.split(separator: "\n") {
            guard line.first == " " else {
                schemas.append(ResponseSchema(name: String(line)))
                continue
            }
            let (name, afterName) = FieldDescriptions.word(line.drop { $0 == " " })
            let (type, afterType) = FieldDescriptions.word(afterName)
            let (text, constraints) = FieldDescriptions.constraints(afterType)
            schemas[schemas.count - 1].members.append(
                Member(
                    name: name.hasSuffix("!") ? String(name.dropLast()) : name, type: type,
                    isRequired: name.hasSuffix("!"), note: WireNote(text: text, constraints: constraints)))
        }
        return schemas
    }
}

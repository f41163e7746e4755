// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import HTTPTypes
import JobsJSON
import JobsStoreSQLite
import JobsTesting
import Testing

/// A database that an earlier release has written, and what it answered (`RecordedDatabase/record.py`). Whatever becomes
/// of the schema, clients are told the same.
@Suite("The database of an earlier release")
struct RecordedDatabaseTests {
    @Test("is migrated, passes its check, and gives the answers that the release gave, byte for byte")
    func answers() async throws {
        let recorded = try Recording()
        try await TestAPI.run(database: recorded.database, baseURL: recorded.publicURL) { api, client in
            #expect(try await api.store.faults() == [])
            #expect(recorded.answers.count > 50)
            for (path, status, body) in recorded.answers {
                let answer = try await client.send(.get, path)
                #expect(answer.status == status, "\(path)")
                #expect(answer.text == body, "\(path)")
            }
        }
    }
}

/// What the recorder has written.
private struct Recording {
    let database: String
    let publicURL: String
    let answers: [(path: String, status: Int, body: String)]

    init() throws {
        let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/RecordedDatabase"
        database = directory + "/database.db"
        let text = try #require(FileManager.default.contents(atPath: directory + "/answers.json"))
        let document = try #require(try JSONParser.parse(Array(text)).objectValue)
        publicURL = try #require(document["public_url"]?.stringValue)
        let answers = try #require(document["answers"]?.objectValue)
        self.answers = try answers.keys.map { path in
            let answer = try #require(answers[path])
            return (
                path, Int(try #require(answer["status"]?.integerValue)), try #require(answer["body"]?.stringValue)
            )
        }
    }
}

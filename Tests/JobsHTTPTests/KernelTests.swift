// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JobsCompute
import JobsDomain
import JobsHTTP
import JobsJSON
import JobsServerTesting
import JobsService
import JobsStore
import JobsStoreSQLite
import JobsTesting
import NIOCore
import Notebooks
import Testing

/// A library with one notebook, in two revisions.
private struct TwoRevisions: NotebookLibrary {
    func notebook(_ path: String, at time: Timestamp?) async throws -> StoredNotebook? {
        let revision: Int64 = (time?.milliseconds ?? .max) < 1000 ? 1 : 1000
        guard path == "/a/b", (time?.milliseconds ?? .max) >= revision else { return nil }
        return StoredNotebook(
            path: path, objectID: 7, language: .python,
            commands: [NotebookCommand(id: "1", title: "t", source: "revision \(revision)")],
            revisionTime: Timestamp(milliseconds: revision))
    }
}

/// What a user's secrets are.
private struct SecretsOfAnn: SecretSource {
    func secret(scope: String, key: String, for userName: String) async throws -> [UInt8]? {
        scope == "s" && key == "k" && userName == "ann" ? Array("word".utf8) : nil
    }
    func keys(inScope scope: String, for userName: String) async throws -> [String]? { scope == "s" ? ["k"] : nil }
    func scopes(for userName: String) async throws -> [String] { ["s"] }
}

@Suite("What runs ask of the server")
struct KernelTests {
    private let temporary: TemporaryStore
    private let tokens: NotebookRunTokens
    private let router: Router<APIContext>
    private var store: SQLiteStore { temporary.store }

    init() throws {
        temporary = try TemporaryStore()
        tokens = NotebookRunTokens(store: temporary.store)
        let service = NotebookRunService(
            store: temporary.store, library: TwoRevisions(), secrets: SecretsOfAnn(), outputs: NoOutputs(),
            wakeUps: NoEngineWakeUps(), clock: SystemClock())
        router = KernelRouter(service: service, tokens: tokens, endpoints: []).router()
    }

    private func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    /// A run that was asked for at `time`, and runs.
    private func run(at time: Int64 = 500, by userName: String = "ann") async throws -> RunID {
        let job = try await store.createJob(.fixture(maxConcurrentRuns: 100), by: userName, at: at(0))
        let newRun = NewRun(
            jobID: job, parameters: nil, idempotency: nil, trigger: .oneTime, creatorUserName: userName, time: at(time))
        let run = try await store.admit(newRun).runID
        _ = try await store.record(.taskStarted, of: run, at: at(time), facts: RunFacts())
        return run
    }

    /// Path, body and token; status and answer.
    private typealias Call = @Sendable (String, String, String?) async throws -> (Int, JSONValue)

    private func calling(_ body: @escaping @Sendable (@escaping Call) async throws -> Void) async throws {
        try await Application(router: router).test(.router) { client in
            try await body { path, json, token in
                var headers = HTTPFields()
                if let token { headers[.authorization] = "Bearer \(token)" }
                return try await client.execute(
                    uri: "/internal/run/" + path, method: .post, headers: headers, body: ByteBuffer(string: json)
                ) { ($0.status.code, (try? JSONParser.parse(String(buffer: $0.body))) ?? .null) }
            }
        }
    }

    @Test("a call without the token of a run that runs is refused")
    func tokens() async throws {
        let run = try await run()
        let token = try await tokens.makeToken(for: run)
        let store = store
        let later = at(600)
        try await calling { call in
            #expect(try await call("secrets/list-scopes", "{}", nil).0 == 401)
            #expect(try await call("secrets/list-scopes", "{}", "dapi0123").0 == 403)
            #expect(try await call("secrets/list-scopes", "{}", token).0 == 200)
            _ = try await store.cancelRun(run, at: later)
            #expect(try await call("secrets/list-scopes", "{}", token).0 == 403)
        }
    }

    @Test("a notebook comes in the revision that was in force when the run was asked for")
    func revision() async throws {
        let early = try await tokens.makeToken(for: try await run(at: 500))
        let late = try await tokens.makeToken(for: try await run(at: 5000))
        try await calling { call in
            for (token, text) in [(early, "revision 1"), (late, "revision 1000")] {
                let (status, notebook) = try await call("notebooks/get", #"{"path":"/a/b"}"#, token)
                #expect(status == 200)
                #expect(notebook["commands"]?.arrayValue?.first?["source"] == .string(text))
            }
            #expect(try await call("notebooks/get", #"{"path":"/none"}"#, late).0 == 404)
            #expect(try await call("notebooks/get", #"{"path":"a"}"#, late).0 == 400)
        }
    }

    @Test("a run waits for runs of its own, not for those of others, and hears of their end at once")
    func wait() async throws {
        let parent = try await run()
        let token = try await tokens.makeToken(for: parent)
        let stranger = try await tokens.makeToken(for: try await run())
        let store = store
        let later = at(700)
        try await calling { call in
            let start = #"{"path":"/a/b","arguments":{"x":"1"},"timeout_seconds":60,"idempotency_token":"t"}"#
            let child = try #require(try await call("notebooks/run", start, token).1["run_id"]?.integerValue)
            #expect(try await call("notebooks/run", start, token).1["run_id"] == .integer(child))
            // The same token of another run is another request.
            #expect(try await call("notebooks/run", start, stranger).1["run_id"] != .integer(child))
            #expect(try await call("notebooks/wait", "{\"run_id\":\(child)}", stranger).0 == 400)
            let pending = try await call("notebooks/wait", "{\"run_id\":\(child),\"seconds\":0}", token).1
            #expect(pending["life_cycle_state"] == .string("PENDING"))
            async let end = call("notebooks/wait", "{\"run_id\":\(child),\"seconds\":30}", token)
            _ = try await store.record(
                .failedInternally(message: "why"), of: RunID(child), at: later, facts: RunFacts())
            #expect(try await end.1["life_cycle_state"] == .string("INTERNAL_ERROR"))
            #expect(try await end.1["error"] == .string("why"))
        }
    }

    @Test("secrets are those of the run's user")
    func secrets() async throws {
        let ann = try await tokens.makeToken(for: try await run())
        let bob = try await tokens.makeToken(for: try await run(by: "bob"))
        try await calling { call in
            let found = try await call("secrets/get", #"{"scope":"s","key":"k"}"#, ann).1
            #expect(found["value"] == .string("d29yZA=="))
            #expect(try await call("secrets/get", #"{"scope":"s","key":"k"}"#, bob).0 == 404)
            #expect(try await call("secrets/list", #"{"scope":"none"}"#, ann).0 == 404)
        }
    }

    @Test("task values: any JSON of at most 48 KB")
    func taskValues() async throws {
        let token = try await tokens.makeToken(for: try await run())
        try await calling { call in
            for value in [#"{"a":[1,null,"x"]}"#, "null", "1.5"] {
                #expect(try await call("task-values/set", "{\"key\":\"k\",\"value\":\(value)}", token).0 == 200)
                let found = try await call("task-values/get", #"{"task_key":"main","key":"k"}"#, token).1["value"]
                let expected = try JSONParser.parse(value)
                #expect(found == expected)
            }
            let long = String(repeating: "x", count: 48 * 1024 - 1)
            #expect(try await call("task-values/set", "{\"key\":\"k\",\"value\":\"\(long)\"}", token).0 == 400)
            #expect(try await call("task-values/get", #"{"task_key":"main","key":"none"}"#, token).0 == 404)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JobsAPI
import JobsCompute
import JobsDomain
import JobsHTTP
import JobsJSON
import JobsServerTesting
import JobsService
import JobsStore
import JobsStoreSQLite
import JobsTesting
import JobsWorkspace
import NIOCore

/// The API in memory: real router, services and store; no engine and no processes.
struct TestAPI {
    let temporary: TemporaryStore
    let clock = ManualClock()
    let token: String
    let userToken: String
    let endpoints: [Endpoint]
    let secrets: SecretService
    private let application: Application<RouterResponder<APIContext>>

    var store: SQLiteStore { temporary.store }

    /// Ends a run as the engine does after a stop.
    func cleanUp(_ run: Int64) async throws {
        _ = try await store.record(.cleanedUp, of: RunID(run), at: clock.now, facts: RunFacts())
    }

    init(
        allowsLocalFiles: Bool = false, limits: WorkspaceLimits = WorkspaceLimits(), database: String? = nil,
        baseURL: String = "http://test:1"
    ) async throws {
        temporary = try TemporaryStore(limits: limits, copying: database)
        let store = temporary.store
        let tokens = AccessTokens(store: store, clock: clock)
        token = try await tokens.create(for: Principal(userName: "admin", isAdmin: true), comment: "")
        userToken = try await tokens.create(for: Principal(userName: "ann", isAdmin: false), comment: "")
        let directory = temporary.directory.path
        secrets = SecretService(store: store, vault: SecretVault(key: SecretVault.randomKey()), clock: clock)
        let services = HTTPServices(
            jobs: JobService(
                store: store, wakeUps: NoEngineWakeUps(), clock: clock, allowsLocalFiles: allowsLocalFiles,
                runnableKinds: Set(JobTask.Kind.allCases).subtracting([.pipeline, .runJob])),
            runs: RunService(
                store: store, outputs: NoOutputs(), wakeUps: NoEngineWakeUps(), clock: clock,
                allowsLocalFiles: allowsLocalFiles),
            destinations: DestinationService(store: store, clock: clock), tokens: tokens,
            dbfs: DBFSService(dbfs: try DBFS(root: directory + "/dbfs", uploads: directory + "/uploads")),
            workspace: WorkspaceService(store: store, clock: clock),
            secrets: secrets, changes: store,
            baseURL: { baseURL }, description: OpenAPIDocument(version: "test"))
        endpoints = services.endpoints
        application = Application(router: services.router())
    }

    /// Calls `body` with a client of the running application.
    static func run(
        allowsLocalFiles: Bool = false, limits: WorkspaceLimits = WorkspaceLimits(), database: String? = nil,
        baseURL: String = "http://test:1", _ body: @escaping @Sendable (TestAPI, Client) async throws -> Void
    ) async throws {
        let api = try await TestAPI(
            allowsLocalFiles: allowsLocalFiles, limits: limits, database: database, baseURL: baseURL)
        try await api.store.addSpecDestination()
        try await api.application.test(.router) { client in
            try await body(api, Client(client: client, token: api.token))
        }
    }

    struct Client: Sendable {
        let client: any TestClientProtocol
        let token: String

        func with(token: String) -> Client { Client(client: client, token: token) }

        struct Answer: Sendable {
            let status: Int
            let headers: HTTPFields
            let text: String

            var json: JSONValue? { try? JSONParser.parse(text) }
            var errorCode: String? { self["error_code"]?.stringValue }
            var warning: String? { headers[HTTPField.Name("Lamplighter-Warning")!] }
            var message: String { self["message"]?.stringValue ?? "" }

            subscript(path: String...) -> JSONValue? {
                path.reduce(json) { value, name in
                    if case .object(let object)? = value { object[name] } else { nil }
                }
            }
        }

        func send(
            _ method: HTTPRequest.Method, _ path: String, _ body: String = "", headers: HTTPFields = [:],
            authorization: String?? = .none
        ) async throws -> Answer {
            var headers = headers
            switch authorization {
            case .none: headers[.authorization] = "Bearer \(token)"
            case .some(let given): headers[.authorization] = given
            }
            return try await client.execute(
                uri: path, method: method, headers: headers, body: body.isEmpty ? nil : ByteBuffer(string: body)
            ) { response in
                Answer(
                    status: response.status.code, headers: response.headers,
                    text: String(buffer: response.body))
            }
        }

        func post(_ path: String, _ body: String) async throws -> Answer {
            try await send(.post, "/api/2.0/" + path, body)
        }

        func get(_ path: String) async throws -> Answer { try await send(.get, "/api/2.0/" + path) }
    }
}

/// No task has written anything.
struct NoOutputs: TaskOutputs {
    func runsWithOutput() async throws -> [RunID] { [] }

    func output(of run: RunID, limit: Int) async throws -> TaskOutput { TaskOutput() }
    func removeOutput(of run: RunID) async throws {}
}

extension JSONValue {
    var stringValue: String? { if case .string(let string) = self { string } else { nil } }
    var integerValue: Int64? { if case .integer(let integer) = self { integer } else { nil } }
    var arrayValue: [JSONValue]? { if case .array(let array) = self { array } else { nil } }
    var objectValue: JSONObject? { if case .object(let object) = self { object } else { nil } }
    subscript(name: String) -> JSONValue? { objectValue?[name] }
}

/// The specification's own example requests.
enum SpecExample: String {
    case createJob = "create-job"
    case resetJob = "reset-job"
    case updateJob = "update-job"
    case runJob = "run-job"
    case runJarJob = "run-jar-job"
    case submitJob = "submit-job"

    var json: String {
        get throws {
            let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            return try String(
                contentsOf: directory.appendingPathComponent("Spec/\(rawValue).json"), encoding: .utf8)
        }
    }
}

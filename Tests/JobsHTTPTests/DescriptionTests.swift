// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import HTTPTypes
import JobsAPI
import JobsDomain
import JobsHTTP
import JobsJSON
import JobsStore
import JobsStoreSQLite
import JobsTesting
import Testing

@Suite("openapi.json")
struct DescriptionTests {
    private static let document = OpenAPIDocument(version: "test")

    @Test("describes every endpoint below /api/2.0, and none that is not there")
    func complete() async throws {
        let api = try await TestAPI()
        let served = api.endpoints.filter { $0.path.hasPrefix("/api/2.0/") && $0.path != "/api/2.0/openapi.json" }
            .map { "\($0.method.rawValue) \($0.path)" }
        let described = APIOperation.all.map { "\($0.method.rawValue) \($0.path)" }
        #expect(Set(served) == Set(described))
        #expect(served.count == described.count)
    }

    @Test("is served without a token, as valid OpenAPI 3.1 as far as a glance can tell")
    func served() async throws {
        try await TestAPI.run { _, client in
            let answer = try await client.send(.get, "/api/2.0/openapi.json", authorization: .some(nil))
            #expect(answer.status == 200)
            #expect(answer["openapi"] == .string("3.1.0"))
            #expect(answer.text == Self.document.json)
        }
    }

    @Test("says something of every member of every request and answer, and nothing of members that are not there")
    func notes() {
        for name in Self.document.schemas.keys {
            guard let properties = Self.document.schemas[name]?["properties"]?.objectValue else { continue }
            let isOwnWord = ["JobTask", "ClusterSpec", "RunParameters", "SecretsSet", "DestinationConfigShown"]
            for member in properties.keys
            where !isOwnWord.contains(name) && !["format", "destination_type"].contains(member) {
                #expect(properties[member]?["description"]?.stringValue?.isEmpty == false, "\(name).\(member)")
            }
        }
    }

    @Test("every reference has its target, and every operation a name of its own")
    func references() {
        let names = Self.document.json.matches(of: #/"#/components/schemas/([A-Za-z]+)"/#).map { String($0.output.1) }
        #expect(names.count > 100)
        for name in Set(names) { #expect(Self.document.schemas[name] != nil, "\(name)") }
        #expect(Set(APIOperation.all.map(\.name)).count == APIOperation.all.count)
    }

    @Test("what the server takes is what the description says: required members, and types")
    func requests() {
        let cluster = Self.document.schemas["NewCluster"]
        #expect(cluster?["required"] == .array([.string("spark_version")]))
        #expect(cluster?["properties"]?["num_workers"]?["format"] == .string("int32"))
        #expect(cluster?["properties"]?["autoscale"]?["$ref"] == .string("#/components/schemas/AutoScale"))
        #expect(
            Self.document.schemas["UpdateJob"]?["properties"]?["new_settings"]?["$ref"]
                == .string("#/components/schemas/JobSettings"))
        #expect(Self.document.schemas["RunNow"]?["required"] == .array([.string("job_id")]))
    }

    @Test("answers have no member that the description does not know, and none is missing or of another type")
    func answers() async throws {
        try await TestAPI.run { api, client in
            let checker = SchemaChecker(schemas: Self.document.schemas)
            func check(_ answer: TestAPI.Client.Answer, _ schema: String) throws {
                #expect(checker.faults(in: try #require(answer.json), schema) == [], "\(schema)")
            }
            try check(try await client.post("jobs/create", try SpecExample.createJob.json), "CreateJobResponse")
            try check(try await client.get("jobs/get?job_id=1"), "Job")
            try check(try await client.get("jobs/list"), "ListJobsResponse")
            try check(try await client.post("jobs/run-now", #"{"job_id":1,"jar_params":["a"]}"#), "RunNowResponse")
            try check(try await client.post("jobs/runs/submit", try SpecExample.submitJob.json), "SubmitRunResponse")
            _ = try await api.store.record(
                .taskStarted, of: RunID(1), at: api.clock.now,
                facts: RunFacts(cluster: ClusterInstance(clusterID: .default, sparkContextID: "app-1")))
            _ = try await client.post("jobs/runs/cancel", #"{"run_id":1}"#)
            try check(try await client.get("jobs/runs/get?run_id=1"), "Run")
            try check(try await client.get("jobs/runs/list"), "ListRunsResponse")
            try check(try await client.get("jobs/runs/get-output?run_id=1"), "RunOutput")
            try check(try await client.get("jobs/runs/transitions?run_id=1"), "RunTransitions")
            let task = #"{"existing_cluster_id":"default","notebook_task":{"notebook_path":"/a"}}"#
            let run = try #require(try await client.post("jobs/runs/submit", task)["run_id"]?.integerValue)
            try check(try await client.get("jobs/runs/cells?run_id=\(run)"), "RunCells")
            try check(try await client.get("jobs/get?job_id=99"), "Error")
            try check(try await client.post("dbfs/put", #"{"path":"/a/b","contents":"YQ=="}"#), "Empty")
            try check(try await client.get("dbfs/list?path=/a"), "DBFSListResponse")
            try check(try await client.get("dbfs/get-status?path=/a/b"), "FileInfo")
            try check(try await client.get("dbfs/read?path=/a/b"), "DBFSReadResponse")
            try check(try await client.post("dbfs/create", #"{"path":"/c"}"#), "DBFSCreateResponse")
            let notebook = #"{"path":"/Shared/n","language":"SQL","content":"U0VMRUNUIDE="}"#
            try check(try await client.post("workspace/import", notebook), "Empty")
            try check(try await client.get("workspace/list?path=/Shared"), "WorkspaceListResponse")
            try check(try await client.get("workspace/get-status?path=/Shared/n"), "WorkspaceObject")
            try check(try await client.get("workspace/export?path=/Shared/n"), "WorkspaceExportResponse")
            try check(try await client.post("secrets/scopes/create", #"{"scope":"s"}"#), "Empty")
            let secret = #"{"scope":"s","key":"k","string_value":"v"}"#
            try check(try await client.post("secrets/put", secret), "Empty")
            try check(try await client.get("secrets/scopes/list"), "ListScopesResponse")
            try check(try await client.get("secrets/list?scope=s"), "ListSecretsResponse")
            try check(try await client.get("secrets/acls/list?scope=s"), "ListSecretACLsResponse")
            try check(try await client.get("secrets/acls/get?scope=s&principal=admin"), "SecretACL")
            let email = #"{"display_name":"d","config":{"email":{"addresses":["a@b.c"]}}}"#
            try check(try await client.post("notification-destinations", email), "Destination")
            try check(try await client.get("notification-destinations"), "ListDestinationsResponse")
        }
    }
}

/// Finds where a value differs from a schema of the description: the part of JSON Schema that it uses.
private struct SchemaChecker {
    let schemas: JSONObject

    func faults(in value: JSONValue, _ schema: String) -> [String] {
        faults(value, .object(["$ref": .string("#/components/schemas/\(schema)")]), at: schema)
    }

    private func faults(_ value: JSONValue, _ schema: JSONValue, at path: String) -> [String] {
        if let reference = schema["$ref"]?.stringValue {
            let name = String(reference.split(separator: "/").last ?? "")
            return schemas[name].map { faults(value, $0, at: path) } ?? ["\(path): no schema \(name)"]
        }
        switch (schema["type"]?.stringValue, value) {
        case ("object", .object(let object)): return members(object, schema, at: path)
        case ("array", .array(let elements)):
            return elements.flatMap { faults($0, schema["items"] ?? .null, at: path + "[]") }
        case ("string", .string(let text)):
            let words = schema["enum"]?.arrayValue ?? []
            return words.isEmpty || words.contains(.string(text)) ? [] : ["\(path): \(text)"]
        case ("integer", .integer), ("boolean", .bool): return []
        default: return ["\(path): \(value.typeName), not \(schema["type"]?.stringValue ?? "?")"]
        }
    }

    private func members(_ object: JSONObject, _ schema: JSONValue, at path: String) -> [String] {
        let properties = schema["properties"]?.objectValue ?? JSONObject()
        let missing = (schema["required"]?.arrayValue ?? []).compactMap(\.stringValue).filter { object[$0] == nil }
        return missing.map { "\(path).\($0) is missing" }
            + object.keys.flatMap { key -> [String] in
                guard let value = object[key] else { return [] }
                if let property = properties[key] ?? schema["additionalProperties"] {
                    return faults(value, property, at: "\(path).\(key)")
                }
                return ["\(path).\(key) is not described"]
            }
    }
}

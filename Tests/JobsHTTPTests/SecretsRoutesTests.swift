// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import HTTPTypes
import JobsDomain
import JobsJSON
import JobsService
import JobsStore
import JobsStoreSQLite
import JobsServerTesting
import JobsTesting
import Testing

@Suite("G4: the Secrets API")
struct SecretsRoutesTests {
    private static let scope = #"{"scope":"vault"}"#

    private func put(
        _ client: TestAPI.Client, _ key: String = "password", _ value: String = #""string_value":"s3cr3t""#
    ) async throws -> TestAPI.Client.Answer {
        try await client.post("secrets/put", #"{"scope":"vault","key":"\#(key)",\#(value)}"#)
    }

    @Test("scopes and secrets are made, listed, replaced and removed; names are the same in upper and lower case")
    func lifeCycle() async throws {
        try await TestAPI.run { api, client in
            #expect(try await client.post("secrets/scopes/create", Self.scope).text == "{}")
            let twice = try await client.post("secrets/scopes/create", #"{"scope":"VAULT"}"#)
            #expect(twice.status == 400 && twice.errorCode == "RESOURCE_ALREADY_EXISTS")
            let scopes = try await client.get("secrets/scopes/list")
            #expect(scopes.text == #"{"scopes":[{"name":"vault","backend_type":"DATABRICKS"}]}"#)
            #expect(try await put(client).text == "{}")
            api.clock.advance(by: .seconds(1))
            #expect(try await put(client, "PASSWORD", #""bytes_value":"AAH/""#).text == "{}")
            #expect(try await put(client, "another").text == "{}")
            let now = api.clock.now.milliseconds
            let list = try await client.get("secrets/list?scope=Vault")
            #expect(
                list.text == """
                    {"secrets":[{"key":"another","last_updated_timestamp":\(now)},\
                    {"key":"password","last_updated_timestamp":\(now)}]}
                    """)
            #expect(try await client.post("secrets/delete", #"{"scope":"vault","key":"password"}"#).text == "{}")
            let gone = try await client.post("secrets/delete", #"{"scope":"vault","key":"password"}"#)
            #expect(gone.status == 404 && gone.message == "Secret does not exist with scope: vault and key: password")
            #expect(try await client.post("secrets/scopes/delete", Self.scope).text == "{}")
            let absent = try await client.get("secrets/list?scope=vault")
            #expect(absent.status == 404 && absent.errorCode == "RESOURCE_DOES_NOT_EXIST")
            #expect(absent.message == "Scope vault does not exist!")
        }
    }

    @Test("a run reads the value as it was put: the latest, and with every byte")
    func values() async throws {
        try await TestAPI.run { api, client in
            _ = try await client.post("secrets/scopes/create", Self.scope)
            let admin = Principal(userName: "admin", isAdmin: true)
            func value(_ key: String) async throws -> [UInt8]? {
                try await api.secrets.value(SecretName(scope: "vault", key: key), for: admin)
            }
            _ = try await put(client, "k", #""string_value":"zwölf""#)
            #expect(try await value("K") == Array("zwölf".utf8))
            _ = try await put(client, "k", #""bytes_value":"AAH/""#)
            #expect(try await value("k") == [0, 1, 255])
            _ = try await put(client, "empty", #""string_value":"""#)
            #expect(try await value("empty") == [])
            #expect(try await value("none") == nil)
            #expect(try await api.secrets.value(SecretName(scope: "no", key: "k"), for: admin) == nil)
        }
    }

    @Test("READ, WRITE and MANAGE hold for all but administrators")
    func permissions() async throws {
        try await TestAPI.run { api, client in
            let ann = client.with(token: api.userToken)
            _ = try await client.post("secrets/scopes/create", Self.scope)
            _ = try await put(client)
            let name = SecretName(scope: "vault", key: "password")
            let annSelf = Principal(userName: "ann", isAdmin: false)
            func allowed() async throws -> [Bool] {
                [
                    try await ann.get("secrets/list?scope=vault").status == 200, try await put(ann).status == 200,
                    try await ann.get("secrets/acls/list?scope=vault").status == 200,
                    (try? await api.secrets.value(name, for: annSelf)) != nil,
                    try await ann.get("secrets/scopes/list").text.contains("vault"),
                ]
            }
            #expect(try await allowed() == [false, false, false, false, false])
            let refused = try await put(ann)
            #expect(refused.status == 403 && refused.errorCode == "PERMISSION_DENIED")
            for (permission, expected) in [
                ("READ", [true, false, false, true, true]), ("WRITE", [true, true, false, true, true]),
                ("MANAGE", [true, true, true, true, true]),
            ] {
                let body = #"{"scope":"vault","principal":"ann","permission":"\#(permission)"}"#
                #expect(try await client.post("secrets/acls/put", body).text == "{}")
                #expect(try await allowed() == expected, "\(permission)")
            }
            let got = try await client.get("secrets/acls/get?scope=vault&principal=ann")
            #expect(got.text == #"{"principal":"ann","permission":"MANAGE"}"#)
            #expect(
                try await ann.get("secrets/acls/list?scope=vault").text
                    == #"{"items":[{"principal":"admin","permission":"MANAGE"},{"principal":"ann","permission":"MANAGE"}]}"#
            )
            let revoked = try await client.post("secrets/acls/delete", #"{"scope":"vault","principal":"ann"}"#)
            #expect(revoked.text == "{}")
            #expect(try await allowed() == [false, false, false, false, false])
            #expect(try await client.get("secrets/acls/get?scope=vault&principal=ann").status == 404)
            #expect(try await client.post("secrets/acls/delete", #"{"scope":"vault","principal":"ann"}"#).status == 404)
            #expect(try await ann.post("secrets/scopes/delete", Self.scope).status == 403)
            #expect(try await ann.post("secrets/delete", #"{"scope":"vault","key":"password"}"#).status == 403)
        }
    }

    @Test("one who makes a scope manages it; initial_manage_principal users lets everybody")
    func creators() async throws {
        try await TestAPI.run { api, client in
            let ann = client.with(token: api.userToken)
            _ = try await ann.post("secrets/scopes/create", Self.scope)
            #expect(try await put(ann).status == 200)
            let open = #"{"scope":"open","initial_manage_principal":"users","scope_backend_type":"DATABRICKS"}"#
            #expect(try await client.post("secrets/scopes/create", open).status == 200)
            #expect(try await ann.get("secrets/acls/list?scope=open").text.contains(#""principal":"users""#))
        }
    }

    @Test("limits of the real service")
    func limits() async throws {
        try await TestAPI.run { api, client in
            _ = try await client.post("secrets/scopes/create", Self.scope)
            func value(_ count: Int) -> String { "\"string_value\":\"\(String(repeating: "x", count: count))\"" }
            #expect(try await put(client, "k", value(128 * 1024)).status == 200)
            let large = try await put(client, "k", value(128 * 1024 + 1))
            #expect(large.status == 400 && large.errorCode == "INVALID_PARAMETER_VALUE")
            let store = api.store
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 1..<1000 {
                    group.addTask {
                        try await store.putSecret(
                            SecretName(scope: "vault", key: "k\(index)"), SealedSecret(bytes: [], keyID: ""),
                            limit: 1000, at: Timestamp(milliseconds: 0), if: { _ in })
                    }
                }
                for index in 2..<100 {
                    group.addTask {
                        try await store.addScope(
                            SecretScope(name: "s\(index)", permissions: [:]), limit: 100,
                            at: Timestamp(milliseconds: 0))
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await put(client, "one-more").errorCode == "RESOURCE_LIMIT_EXCEEDED")
            #expect(try await put(client, "k1").status == 200, "one that is there may be replaced")
            #expect(try await client.post("secrets/scopes/create", #"{"scope":"the-last"}"#).status == 200)
            let scopes = try await client.post("secrets/scopes/create", #"{"scope":"one-more"}"#)
            #expect(scopes.errorCode == "RESOURCE_LIMIT_EXCEEDED")
        }
    }

    @Test(
        "bad requests name the field",
        arguments: [
            ("scopes/create", "{}", "scope"), ("scopes/create", #"{"scope":"a b"}"#, "scope"),
            ("scopes/create", #"{"scope":"é"}"#, "scope"),
            ("scopes/create", "{\"scope\":\"\(String(repeating: "x", count: 129))\"}", "scope"),
            ("scopes/create", #"{"scope":"x","initial_manage_principal":"bob"}"#, "initial_manage_principal"),
            ("scopes/create", #"{"scope":"x","scope_backend_type":"AZURE_KEYVAULT"}"#, "scope_backend_type"),
            ("put", #"{"scope":"vault","key":"a/b","string_value":"x"}"#, "key"),
            ("put", #"{"scope":"vault","string_value":"x"}"#, "key"),
            ("put", #"{"scope":"vault","key":"k"}"#, "Exactly one of string_value and bytes_value"),
            ("put", #"{"scope":"vault","key":"k","string_value":"x","bytes_value":"eA=="}"#, "Exactly one"),
            ("put", #"{"scope":"vault","key":"k","bytes_value":"?"}"#, "bytes_value"),
            ("acls/put", #"{"scope":"vault","principal":"a","permission":"OWN"}"#, "permission"),
            ("acls/put", #"{"scope":"vault","permission":"READ"}"#, "principal"),
        ])
    func refused(_ path: String, _ body: String, _ names: String) async throws {
        try await TestAPI.run { _, client in
            _ = try await client.post("secrets/scopes/create", Self.scope)
            let answer = try await client.post("secrets/" + path, body)
            #expect(answer.status == 400 && answer.message.contains(names), "\(answer.text)")
        }
    }

    @Test("a value is found in no answer, also not of a request that is wrong, and in no file of the database")
    func nowhere() async throws {
        try await TestAPI.run { api, client in
            let value = "the-value-\(UUID().uuidString)"
            let base64 = Data(value.utf8).base64EncodedString()
            _ = try await client.post("secrets/scopes/create", Self.scope)
            var answers = [
                try await put(client, "k", "\"string_value\":\"\(value)\""),
                try await put(client, "b", "\"bytes_value\":\"\(base64)\""),
                try await put(client, "k", "\"bytes_value\":\"\(value)!\""),
                try await put(client, "k", "\"string_value\":[\"\(value)\"]"),
                try await put(client, "k", "\"string_value\":\"\(value)\",\"bytes_value\":\"\(base64)\""),
                try await put(client, "k", "\"string_value\":\"\(value)\",\"x\":"),
                try await client.post("secrets/put", "{\"scope\":\"no\",\"key\":\"k\",\"string_value\":\"\(value)\"}"),
            ]
            for path in ["scopes/list", "list?scope=vault", "acls/list?scope=vault"] {
                answers.append(try await client.get("secrets/" + path))
            }
            let values = [value, base64, String(base64.dropLast(4))]
            for answer in answers {
                #expect(!values.contains { answer.text.contains($0) }, "\(answer.text)")
                #expect(!"\(answer.headers)".contains(value))
            }
            let directory = api.temporary.directory.path
            let files = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
            #expect(files.contains("test.sqlite-wal"))
            for file in files {
                guard let data = FileManager.default.contents(atPath: directory + "/" + file) else { continue }
                for value in values { #expect(data.range(of: Data(value.utf8)) == nil, "\(file)") }
            }
            let known = data(of: directory + "/test.sqlite-wal", contains: "vault")
            #expect(known, "a test that cannot find the scope could not find the value either")
        }
    }

    private func data(of file: String, contains text: String) -> Bool {
        FileManager.default.contents(atPath: file)?.range(of: Data(text.utf8)) != nil
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import HTTPTypes
import JobsAPI
import JobsCompute
import JobsDomain
import JobsJSON
import JobsServerTesting
import JobsService
import JobsStore
import JobsStoreSQLite
import JobsTesting
import Notebooks
import Testing

@testable import JobsHTTP

@Suite("G2: the Workspace API")
struct WorkspaceRoutesTests {
    private static let source =
        "# Databricks notebook source\nprint(1)\n\n# COMMAND ----------\n\n# MAGIC %md\n# MAGIC é\n"

    private func imported(
        _ client: TestAPI.Client, _ path: String, _ text: String = source, format: String = "SOURCE",
        language: String? = "PYTHON", overwrite: Bool = false
    ) async throws -> TestAPI.Client.Answer {
        let content = Data(text.utf8).base64EncodedString()
        let languageMember = language.map { ",\"language\":\"\($0)\"" } ?? ""
        return try await client.post(
            "workspace/import",
            #"{"path":"\#(path)","format":"\#(format)","content":"\#(content)","overwrite":\#(overwrite)\#(languageMember)}"#
        )
    }

    private func exported(
        _ client: TestAPI.Client, _ path: String, _ format: String = "SOURCE", _ more: String = ""
    ) async throws -> String {
        let answer = try await client.get("workspace/export?path=\(path)&format=\(format)\(more)")
        return String(decoding: Data(base64Encoded: answer["content"]?.stringValue ?? "") ?? Data(), as: UTF8.self)
    }

    @Test("import, get-status, list, export, delete")
    func lifeCycle() async throws {
        try await TestAPI.run { api, client in
            #expect(try await client.post("workspace/mkdirs", #"{"path":"/Team/deep"}"#).text == "{}")
            #expect(try await client.post("workspace/mkdirs", #"{"path":"/Team/deep/"}"#).text == "{}")
            #expect(try await imported(client, "/Team/a").text == "{}")
            let status = try await client.get("workspace/get-status?path=/Team/a")
            #expect(status["object_type"] == .string("NOTEBOOK"))
            #expect(status["language"] == .string("PYTHON"))
            #expect(status["path"] == .string("/Team/a"))
            #expect(status["object_id"]?.integerValue ?? 0 > 0)
            #expect(status["modified_at"] == .integer(api.clock.now.milliseconds))
            let list = try await client.get("workspace/list?path=/Team")
            let objects = try #require(list["objects"]?.arrayValue)
            #expect(objects.map { $0["path"] } == [.string("/Team/a"), .string("/Team/deep")])
            #expect(objects[1]["object_type"] == .string("DIRECTORY") && objects[1]["language"] == nil)
            #expect(try await client.get("workspace/list?path=/Team/a")["objects"] == .array([status.json!]))
            #expect(try await exported(client, "/Team/a") == Self.source)
            let file = try await client.get("workspace/export?path=/Team/a&direct_download=true")
            #expect(file.text == Self.source)
            #expect(file.headers[.contentDisposition] == "attachment; filename*=UTF-8''a%2Epy")
            #expect(try await client.post("workspace/delete", #"{"path":"/Team/a"}"#).text == "{}")
            #expect(try await client.get("workspace/get-status?path=/Team/a").status == 404)
            let again = try await imported(client, "/Team/a")
            #expect(again.text == "{}")
            let later = try await client.get("workspace/get-status?path=/Team/a")
            #expect(later["object_id"] != status["object_id"], "an id is never given twice")
        }
    }

    @Test("the root, with Users and Shared, is there from the start; one's home when one first writes there")
    func start() async throws {
        try await TestAPI.run { api, client in
            let root = try await client.get("workspace/list?path=/")
            #expect(
                root["objects"]?.arrayValue?.map { $0["path"] } == [.string("/Shared"), .string("/Users")])
            #expect(try await client.get("workspace/get-status?path=/")["object_type"] == .string("DIRECTORY"))
            let home = "/Users/admin"
            #expect(try await imported(client, home + "/a").status == 200)
            let user = client.with(token: api.userToken)
            let other = try await imported(user, "/Users/bob" + "/a")
            #expect(other.status == 404 && other.message == "The parent folder (/Users/bob) does not exist.")
        }
    }

    @Test("every write keeps a revision with its time, and revision_timestamp picks the one in force then")
    func revisions() async throws {
        try await TestAPI.run { api, client in
            let start = api.clock.now.milliseconds
            func text(_ number: Int) -> String { "# Databricks notebook source\n\(number)\n" }
            for number in 1...3 {
                _ = try await imported(client, "/Shared/n", text(number), overwrite: number > 1)
                api.clock.advance(by: .seconds(10))
            }
            for (offset, number) in [(0, 1), (9_999, 1), (10_000, 2), (19_999, 2), (20_000, 3), (1_000_000, 3)] {
                let found = try await exported(
                    client, "/Shared/n", "SOURCE", "&revision_timestamp=\(start + Int64(offset))")
                #expect(found == text(number), "at \(offset)")
            }
            let early = try await client.get("workspace/export?path=/Shared/n&revision_timestamp=\(start - 1)")
            #expect(early.status == 404 && early.errorCode == "RESOURCE_DOES_NOT_EXIST")
            let library = WorkspaceService(store: api.store, clock: api.clock)
            let stored = try #require(
                try await library.notebook("/Shared/n", at: Timestamp(milliseconds: start + 10_500)))
            #expect(stored.commands.map(\.source) == ["2"])
            #expect(stored.revisionTime.milliseconds == start + 10_000)
            #expect(stored.path == "/Shared/n" && stored.language == .python)
            #expect(try await library.notebook("/Shared/n", at: nil)?.commands.map(\.source) == ["3"])
            #expect(try await library.notebook("/Shared/n", at: Timestamp(milliseconds: start - 1)) == nil)
            for path in ["/Shared", "/no", "relative", "/Shared/../Shared/n"] {
                #expect(try await library.notebook(path, at: nil) == nil)
            }
            // A clock that was set back does not put a newer revision before an older one.
            api.clock.advance(by: .seconds(-3600))
            _ = try await imported(client, "/Shared/n", text(4), overwrite: true)
            #expect(try await exported(client, "/Shared/n") == text(4))
        }
    }

    @Test(
        "a Jupyter file comes back as it was, byte for byte, and as other formats", arguments: ["outputs", "display"])
    func jupyter(_ name: String) async throws {
        try await TestAPI.run { _, client in
            let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            let file = try String(
                contentsOf: directory.appendingPathComponent("NotebooksTests/testdata/\(name).ipynb"), encoding: .utf8)
            #expect(try await imported(client, "/Shared/j", file, format: "JUPYTER", language: nil).status == 200)
            #expect(try await exported(client, "/Shared/j", "JUPYTER") == file)
            // Through each other format the cells stay what they are.
            let source = try await exported(client, "/Shared/j")
            #expect(source.hasPrefix("# Databricks notebook source\n"))
            #expect(try await imported(client, "/Shared/s", source).status == 200)
            let page = try await exported(client, "/Shared/j", "HTML")
            #expect(page.contains("__DATABRICKS_NOTEBOOK_MODEL = '"))
            #expect(try await imported(client, "/Shared/h", page, format: "HTML", language: nil).status == 200)
            #expect(try await exported(client, "/Shared/h") == source)
            let other = try await exported(client, "/Shared/s", "JUPYTER")
            #expect(try await imported(client, "/Shared/o", other, format: "JUPYTER", language: nil).status == 200)
            #expect(try await exported(client, "/Shared/o") == source)
        }
    }

    @Test("AUTO finds format and language by the path's ending and the file")
    func auto() async throws {
        try await TestAPI.run { _, client in
            #expect(try await imported(client, "/Shared/a.py", format: "AUTO", language: nil).status == 200)
            #expect(try await client.get("workspace/get-status?path=/Shared/a")["language"] == .string("PYTHON"))
            let sql = "-- Databricks notebook source\nSELECT 1"
            #expect(try await imported(client, "/Shared/b.c.sql", sql, format: "AUTO", language: nil).status == 200)
            #expect(try await client.get("workspace/get-status?path=/Shared/b.c")["language"] == .string("SQL"))
            for path in ["/Shared/x.txt", "/Shared/x", "/Shared/.py", "/Shared/x.sql"] {
                let answer = try await imported(client, path, format: "AUTO", language: nil)
                #expect(answer.status == 400 && answer.errorCode == "INVALID_PARAMETER_VALUE", "\(path)")
            }
        }
    }

    @Test("a form, as the SDK sends it")
    func form() async throws {
        try await TestAPI.run { _, client in
            func send(_ parts: [(String, String)], end: String = "--X--\r\n") async throws -> TestAPI.Client.Answer {
                let body = parts.map { "--X\r\nContent-Disposition: form-data; \($0)\r\n\r\n\($1)\r\n" }.joined() + end
                return try await client.send(
                    .post, "/api/2.0/workspace/import", body, headers: [.contentType: "multipart/form-data; boundary=X"]
                )
            }
            let content = ("name=\"content\"; filename=\"content\"", Self.source)
            let fields = [
                ("name=\"path\"", "/Shared/f"), ("name=\"format\"", "SOURCE"), ("name=\"language\"", "PYTHON"),
            ]
            let first = try await send([content] + fields)
            #expect(first.text == "{}")
            #expect(try await exported(client, "/Shared/f") == Self.source)
            #expect(try await send(fields + [content]).errorCode == "RESOURCE_ALREADY_EXISTS")
            #expect(try await send(fields + [("name=\"overwrite\"", "True"), ("name=\"content\"", "x")]).status == 200)
            #expect(try await exported(client, "/Shared/f") == "# Databricks notebook source\nx\n")
            #expect(try await send(fields).message == "Missing required field: content")
            #expect(try await send([content]).message == "Missing required field: path")
            #expect(try await send(fields + [content, ("name=\"overwrite\"", "maybe")]).status == 400)
            #expect(try await send(fields + [content], end: "").errorCode == "MALFORMED_REQUEST")
        }
    }

    @Test("a notebook may have 10 MB, and not a byte more")
    func size() async throws {
        let temporary = try TemporaryStore()
        let service = WorkspaceService(store: temporary.store, clock: ManualClock())
        func send(_ path: String, _ size: Int) async throws {
            let page = Data("%7B%22language%22:%22R%22,%22commands%22:%5B%5D%7D".utf8).base64EncodedString()
            var content = Array("__DATABRICKS_NOTEBOOK_MODEL = '\(page)'".utf8)
            content += [UInt8](repeating: UInt8(ascii: " "), count: size - content.count)
            let notebook = NotebookImport(
                path: path, format: "HTML", language: nil, content: content, overwrite: false)
            try await service.importNotebook(notebook, by: Principal(userName: "ann", isAdmin: false))
        }
        try await send("/Shared/fits", 10 * 1024 * 1024)
        let error = await #expect(throws: APIError.self) { try await send("/Shared/large", 10 * 1024 * 1024 + 1) }
        #expect(error?.code == .maxNotebookSizeExceeded && error?.code.httpStatus == 400)
        let refused = try await temporary.store.workspaceObject(try WorkspacePath("/Shared/large"))
        #expect(refused == nil)
    }

    @Test("what is in the way is refused with the real service's codes, and nothing changes")
    func refusals() async throws {
        try await TestAPI.run { _, client in
            _ = try await imported(client, "/Shared/n")
            func code(_ path: String, _ body: String) async throws -> String? {
                try await client.post("workspace/" + path, body).errorCode
            }
            #expect(try await imported(client, "/Shared/n").errorCode == "RESOURCE_ALREADY_EXISTS")
            #expect(try await imported(client, "/Shared", overwrite: true).errorCode == "RESOURCE_ALREADY_EXISTS")
            #expect(try await imported(client, "/", overwrite: true).errorCode == "RESOURCE_ALREADY_EXISTS")
            #expect(try await imported(client, "/no/n").errorCode == "RESOURCE_DOES_NOT_EXIST")
            #expect(try await imported(client, "/Shared/n/n").errorCode == "RESOURCE_ALREADY_EXISTS")
            #expect(try await code("mkdirs", #"{"path":"/Shared/n"}"#) == "RESOURCE_ALREADY_EXISTS")
            #expect(try await code("mkdirs", #"{"path":"/Shared/n/x"}"#) == "RESOURCE_ALREADY_EXISTS")
            _ = try await client.post("workspace/mkdirs", #"{"path":"/Shared/f"}"#)
            #expect(try await imported(client, "/Shared/f/n").status == 200)
            #expect(try await code("delete", #"{"path":"/Shared/f"}"#) == "DIRECTORY_NOT_EMPTY")
            #expect(try await code("delete", #"{"path":"/no"}"#) == "RESOURCE_DOES_NOT_EXIST")
            #expect(try await client.get("workspace/list?path=/no").status == 404)
            #expect(try await client.get("workspace/export?path=/no").status == 404)
            #expect(try await client.get("workspace/export?path=/Shared").status == 400)
            #expect(try await exported(client, "/Shared/n") == Self.source)
            for fixed in ["/", "/Shared", "/Users/"] {
                let body = #"{"path":"\#(fixed)","recursive":true}"#
                #expect(try await code("delete", body) == "INVALID_PARAMETER_VALUE")
            }
            #expect(try await code("delete", #"{"path":"/Shared/f","recursive":true}"#) == nil)
            #expect(try await client.get("workspace/get-status?path=/Shared/f/n").status == 404)
        }
    }

    @Test(
        "paths that are none",
        arguments: ["", "a", "a/b", "/a//b", "/a/../b", "/a/.", "/a\\u0001b", "/\(String(repeating: "x", count: 256))"])
    func paths(_ path: String) async throws {
        try await TestAPI.run { _, client in
            for endpoint in ["mkdirs", "delete"] {
                let answer = try await client.post("workspace/" + endpoint, "{\"path\":\"\(path)\"}")
                #expect(answer.status == 400 && answer.message.contains("path"), "\(endpoint): \(answer.text)")
            }
            #expect(try await imported(client, path).status == 400)
        }
    }

    @Test(
        "fields that are wrong, by name",
        arguments: [
            (#"{"path":"/Shared/x","content":"eA==","format":"DBC"}"#, "format"),
            (#"{"path":"/Shared/x","content":"eA=="}"#, "language"),
            (#"{"path":"/Shared/x","content":"eA==","language":"JULIA"}"#, "language"),
            (#"{"path":"/Shared/x","language":"PYTHON"}"#, "content"),
            (#"{"path":"/Shared/x","content":"!","language":"PYTHON"}"#, "content"),
            (#"{"path":"/Shared/x","content":"/w==","language":"PYTHON"}"#, "UTF-8"),
            (#"{"path":"/Shared/x","content":"eA==","format":"JUPYTER"}"#, "content"),
            (#"{"path":"/Shared/x","content":"eA==","format":"HTML"}"#, "content"),
            (#"{"path":1,"content":"eA==","language":"PYTHON"}"#, "path"),
        ])
    func fields(_ body: String, _ names: String) async throws {
        try await TestAPI.run { _, client in
            let answer = try await client.post("workspace/import", body)
            #expect(answer.status == 400 && answer.message.contains(names), "\(answer.text)")
            #expect(try await client.get("workspace/get-status?path=/Shared/x").status == 404)
        }
    }

    @Test("jobs/validate warns of a notebook that is not there, and jobs/create takes the job all the same")
    func validate() async throws {
        try await TestAPI.run { api, client in
            func job(_ more: String = "") -> String {
                #"{"existing_cluster_id":"default","notebook_task":{"notebook_path":"/Shared/n"\#(more)}}"#
            }
            func warnings(_ body: String) async throws -> String {
                try await client.post("jobs/validate", body)["warnings"].map { "\($0)" } ?? ""
            }
            #expect(try await warnings(job()).contains("there is no notebook at /Shared/n"))
            #expect(try await client.post("jobs/create", job()).status == 200)
            _ = try await imported(client, "/Shared/n")
            let now = api.clock.now.milliseconds
            for more in ["", ",\"revision_timestamp\":\(now)"] {
                let found = try await warnings(job(more))
                #expect(!found.contains("there is no notebook") && !found.contains("in force"))
            }
            #expect(try await warnings(job(",\"revision_timestamp\":\(now - 1)")).contains("in force"))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import HTTPTypes
import JobsJSON
import Testing

@testable import JobsHTTP

@Suite("G1: the DBFS API")
struct DBFSRoutesTests {
    private static let base64 = Data("hello".utf8).base64EncodedString()

    @Test("put, get-status, read, list, mkdirs, move, delete")
    func wholeFiles() async throws {
        try await TestAPI.run { _, client in
            #expect(try await client.post("dbfs/mkdirs", #"{"path":"/d"}"#).text == "{}")
            let put = try await client.post("dbfs/put", "{\"path\":\"dbfs:/d/a\",\"contents\":\"\(Self.base64)\"}")
            #expect(put.text == "{}")
            let status = try await client.get("dbfs/get-status?path=/d/a")
            #expect(status["path"] == .string("/d/a"))
            #expect(status["is_dir"] == .bool(false))
            #expect(status["file_size"] == .integer(5))
            #expect(try await client.get("dbfs/list?path=/d")["files"] == .array([status.json!]))
            let read = try await client.get("dbfs/read?path=/d/a&offset=1&length=3")
            #expect(read["bytes_read"] == .integer(3))
            #expect(read["data"] == .string(Data("ell".utf8).base64EncodedString()))
            #expect(
                try await client.post("dbfs/move", #"{"source_path":"/d/a","destination_path":"/d/b"}"#).text == "{}")
            #expect(try await client.post("dbfs/delete", #"{"path":"/d","recursive":"true"}"#).text == "{}")
        }
    }

    @Test("create, add-block, close")
    func blocks() async throws {
        try await TestAPI.run { _, client in
            let created = try await client.post("dbfs/create", #"{"path":"/big","overwrite":"True"}"#)
            let handle = try #require(created["handle"]?.integerValue)
            for _ in 0..<2 {
                _ = try await client.post("dbfs/add-block", "{\"handle\":\(handle),\"data\":\"\(Self.base64)\"}")
            }
            #expect(try await client.post("dbfs/close", "{\"handle\":\(handle)}").text == "{}")
            #expect(try await client.get("dbfs/get-status?path=/big")["file_size"] == .integer(10))
        }
    }

    @Test("a form, as the legacy CLI sends it, with the parts in any order", arguments: [false, true])
    func form(_ fileFirst: Bool) async throws {
        try await TestAPI.run { _, client in
            let content = "line\r\n--XX\r\nnot a boundary\r\n\r\n"
            let file =
                "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\nContent-Type: text/plain\r\n\r\n\(content)\r\n"
            let fields =
                "--XyZ\r\nContent-Disposition: form-data; name=\"path\"\r\n\r\n/form\r\n--XyZ\r\nContent-Disposition: form-data; name=\"overwrite\"\r\n\r\nTrue\r\n"
            let body = (fileFirst ? file + fields : fields + file) + "--XyZ--\r\n"
            let answer = try await client.send(
                .post, "/api/2.0/dbfs/put", body, headers: [.contentType: "multipart/form-data; boundary=XyZ"])
            #expect(answer.text == "{}")
            let read = try await client.get("dbfs/read?path=/form")
            #expect(read["data"] == .string(Data(content.utf8).base64EncodedString()))
            let broken = try await client.send(
                .post, "/api/2.0/dbfs/put", String(body.dropLast(20)),
                headers: [.contentType: "multipart/form-data; boundary=XyZ"])
            #expect(broken.status == 400)
        }
    }

    @Test("a form is understood wherever the network cuts it")
    func cuts() throws {
        let body = Array(
            "preamble\r\n--b\r\nContent-Disposition: form-data; name=\"path\"\r\n\r\n/x\r\n--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\na\r\n-\r\n--\r\nb\r\n--b--\r\n"
                .utf8)
        for cut in 1..<body.count {
            var form = MultipartForm(boundary: "b")
            let events = try form.feed(Array(body[..<cut])) + form.feed(Array(body[cut...]))
            var file: [UInt8] = []
            var fields: [String] = []
            for event in events {
                switch event {
                case .field(let name, let value): fields.append(name + "=" + value)
                case .file(let bytes): file += bytes
                }
            }
            #expect(fields == ["path=/x"])
            #expect(String(decoding: file, as: UTF8.self) == "a\r\n-\r\n--\r\nb")
            #expect(form.isComplete)
        }
    }

    @Test("mlflow's raw upload; a second one is 409 with the text it looks for")
    func upload() async throws {
        try await TestAPI.run { _, client in
            #expect(try await client.send(.post, "/dbfs/ml%20flow/x.tar", "bytes").status == 200)
            #expect(
                try await client.send(.get, "/api/2.0/dbfs/get-status", #"{"path":"/ml flow/x.tar"}"#)["file_size"]
                    == .integer(5))
            let again = try await client.send(.post, "/dbfs/ml%20flow/x.tar", "bytes")
            #expect(again.status == 409)
            #expect(again.text.contains("File already exists"))
            #expect(try await client.send(.post, "/dbfs/%2e%2e/%2e%2e/x", "bytes").status == 400)
        }
    }

    @Test(
        "errors",
        arguments: [
            ("GET", "get-status", #"{"path":"/none"}"#, 404, "RESOURCE_DOES_NOT_EXIST"),
            ("GET", "list", #"{"path":"/none"}"#, 404, "RESOURCE_DOES_NOT_EXIST"),
            ("GET", "read", #"{"path":"/none"}"#, 404, "RESOURCE_DOES_NOT_EXIST"),
            ("GET", "read", #"{"path":"/a","length":2000000}"#, 400, "MAX_READ_SIZE_EXCEEDED"),
            ("GET", "read", #"{"path":"/a","offset":-1}"#, 400, "INVALID_PARAMETER_VALUE"),
            ("GET", "read", #"{"path":"/"}"#, 400, "INVALID_PARAMETER_VALUE"),
            ("GET", "get-status", "{}", 400, "INVALID_PARAMETER_VALUE"),
            ("GET", "get-status", #"{"path":"/../etc/passwd"}"#, 400, "INVALID_PARAMETER_VALUE"),
            ("GET", "get-status", #"{"path":{}}"#, 400, "MALFORMED_REQUEST"),
            ("POST", "put", #"{"path":"/a","contents":"eA=="}"#, 400, "RESOURCE_ALREADY_EXISTS"),
            ("POST", "put", #"{"path":"/b","contents":"!"}"#, 400, "INVALID_PARAMETER_VALUE"),
            ("POST", "create", #"{"path":"/a"}"#, 400, "RESOURCE_ALREADY_EXISTS"),
            ("POST", "mkdirs", #"{"path":"/a/b"}"#, 400, "RESOURCE_ALREADY_EXISTS"),
            ("POST", "add-block", #"{"handle":5,"data":""}"#, 404, "RESOURCE_DOES_NOT_EXIST"),
            ("POST", "close", #"{"handle":5}"#, 404, "RESOURCE_DOES_NOT_EXIST"),
            ("POST", "close", #"{"handle":"x"}"#, 400, "MALFORMED_REQUEST"),
            ("POST", "move", #"{"source_path":"/none","destination_path":"/x"}"#, 404, "RESOURCE_DOES_NOT_EXIST"),
            ("POST", "move", #"{"source_path":"/a","destination_path":"/d"}"#, 400, "RESOURCE_ALREADY_EXISTS"),
            ("POST", "delete", #"{"path":"/d"}"#, 400, "IO_ERROR"),
            ("POST", "delete", #"{"path":"/","recursive":true}"#, 400, "INVALID_PARAMETER_VALUE"),
        ])
    func errors(_ method: String, _ path: String, _ body: String, _ status: Int, _ code: String) async throws {
        try await TestAPI.run { _, client in
            for file in ["/a", "/d/x"] {
                _ = try await client.post("dbfs/put", "{\"path\":\"\(file)\",\"contents\":\"\(Self.base64)\"}")
            }
            let answer = try await client.send(method == "GET" ? .get : .post, "/api/2.0/dbfs/" + path, body)
            #expect(answer.status == status, "\(answer.text)")
            #expect(answer.errorCode == code, "\(answer.text)")
        }
    }
}

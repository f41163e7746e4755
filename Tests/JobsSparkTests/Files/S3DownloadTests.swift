// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsCompute
import JobsTesting
import Testing

@testable import JobsSpark

@Suite("The only file of a task is copied by the server: from S3", .timeLimit(.minutes(10)))
struct S3DownloadTests {
    private let directory: TemporaryDirectory
    private var target: String { directory.path + "/copy" }

    init() throws { directory = try TemporaryDirectory() }

    private func copy(
        _ uri: String, endpoint: String, keys: (String, String) = ("id", "secret"),
        pauses: [Duration] = [.zero, .zero]
    ) async throws {
        var configuration = SparkConfiguration.fixture(directory.path)
        configuration.s3 = .init(endpoint: endpoint, region: nil, accessKeyID: keys.0, secretAccessKey: keys.1)
        try await #require(try S3Download(uri, configuration, pauses: pauses)).copy(to: target)
    }

    private func text() throws -> String { try String(contentsOfFile: target, encoding: .utf8) }

    private func entries() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: directory.path) }

    @Test("a service that checks signatures gives objects with any key, by each of the schemes")
    func keys() async throws {
        let names = [
            "plain.py", "a b/\u{fc}$&+=:@~*'()!,;[]/x.py", "a//b.py", "a/../b.py", "%41.py", "q?x.py", "h#x.py", "end/",
        ]
        var objects = Dictionary(uniqueKeysWithValues: names.map { ($0, "text of \($0)") })
        // As long as an argument of a program may be.
        let large = String(repeating: "0123456789", count: 13_000)
        objects.merge(["empty": "", "large": large]) { $1 }
        let moto = try MotoServer(bucket: "code", objects: objects, checksSignatures: true)
        let keys = (moto.accessKeyID, moto.secretAccessKey)
        for (scheme, name) in zip(["s3", "s3a", "s3n", "s3", "s3", "s3", "s3", "s3"], names) {
            try await copy("\(scheme)://code/\(name)", endpoint: moto.url, keys: keys)
            #expect(try text() == "text of \(name)")
        }
        try await copy("s3://code/large", endpoint: moto.url, keys: keys)
        #expect(try text() == large)
        try await copy("s3://code/empty", endpoint: moto.url, keys: keys)
        #expect(try text() == "")
        let attributes = try FileManager.default.attributesOfItem(atPath: target)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try entries() == ["copy"])

        let failures = [
            ("s3://code/none", keys.1, "s3://code/none does not exist"),
            ("s3://none/a", keys.1, "s3://none/a does not exist"),
            (
                "s3://code/plain.py", "wrong",
                "s3://code/plain.py cannot be read: access denied by S3 (SignatureDoesNotMatch)"
            ),
        ]
        for (uri, secret, message) in failures {
            await #expect(throws: TaskFailure(message)) {
                try await copy(uri, endpoint: moto.url, keys: (keys.0, secret))
            }
        }
        #expect(try entries() == ["copy"])
    }

    @Test("errors of the service and broken answers are tried again, three times in all; the file is whole")
    func repetitions() async throws {
        let server = try ScriptedServer([
            .init(503, body: "<Code>SlowDown</Code>"), .init(200, body: "first half", claims: 20),
            .init(200, body: "whole"),
        ])
        try await copy("s3://bucket/k", endpoint: server.url)
        #expect(try text() == "whole")
        #expect(try server.requests().map(\.path) == ["/bucket/k", "/bucket/k", "/bucket/k"])

        let busy = try ScriptedServer(Array(repeating: .init(500, body: "<Code>InternalError</Code>"), count: 4))
        await #expect(throws: TaskFailure("s3://bucket/k cannot be fetched: S3 answers InternalError")) {
            try await copy("s3://bucket/k", endpoint: busy.url)
        }
        #expect(try busy.requests().count == 3)

        await #expect(
            throws: TaskFailure("s3://bucket/k cannot be fetched: S3 cannot be reached (Connection refused)")
        ) { try await copy("s3://bucket/k", endpoint: "http://127.0.0.1:9") }
        #expect(try entries().filter { $0.hasSuffix(".draft") }.isEmpty)
    }

    @Test("a bucket in another region is asked for there, once")
    func regions() async throws {
        let moved = ScriptedServer.Answer(
            301, body: "<Code>PermanentRedirect</Code>", headers: ["x-amz-bucket-region": "eu-west-1"])
        let server = try ScriptedServer([moved, .init(200, body: "there")])
        try await copy("s3://bucket/k", endpoint: server.url)
        #expect(try text() == "there")
        let regions = try server.requests().map { $0.authorization.split(separator: "/")[2] }
        #expect(regions == ["us-east-1", "eu-west-1"])

        let lost = try ScriptedServer([
            moved,
            .init(301, body: "<Code>PermanentRedirect</Code>", headers: ["x-amz-bucket-region": "eu-west-2"]),
        ])
        await #expect(throws: TaskFailure("s3://bucket/k cannot be fetched: S3 answers PermanentRedirect")) {
            try await copy("s3://bucket/k", endpoint: lost.url)
        }
    }

    @Test("a download ends when its run does, and leaves nothing")
    func cancellation() async throws {
        let server = try ScriptedServer([.init(200, body: "begins", claims: 20, stays: true)])
        let download = Task { try await copy("s3://bucket/k", endpoint: server.url) }
        _ = try await eventually("a part of the file is there") {
            (try? String(contentsOfFile: target + ".draft", encoding: .utf8)) == "begins" ? true : nil
        }
        download.cancel()
        await #expect(throws: CancellationError.self) { try await download.value }
        #expect(try entries().isEmpty)
    }
}

/// Gives one answer after the other, and writes down what it was asked.
private final class ScriptedServer {
    struct Answer: Encodable {
        let status: Int
        let headers: [String: String]
        let body: String
        /// Content-Length, when the body is shorter.
        let claims: Int?
        /// Whether the connection stays open after the body.
        let stays: Bool

        init(_ status: Int, body: String, headers: [String: String] = [:], claims: Int? = nil, stays: Bool = false) {
            (self.status, self.headers, self.body, self.claims, self.stays) = (status, headers, body, claims, stays)
        }
    }

    struct Received: Decodable {
        let path: String
        let authorization: String
    }

    private let server: PythonServer
    private let directory: TemporaryDirectory
    var url: String { server.greeting[0] }

    init(_ answers: [Answer]) throws {
        directory = try TemporaryDirectory()
        let script = String(decoding: try JSONEncoder().encode(answers), as: UTF8.self)
        server = try PythonServer(Self.program, [script, directory.path + "/requests"])
    }

    func requests() throws -> [Received] {
        try String(contentsOfFile: directory.path + "/requests", encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(Received.self, from: Data($0.utf8))
        }
    }

    private static let program = """
        import http.server, json, sys, time
        answers, log = json.loads(sys.argv[1]), open(sys.argv[2], "a")
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                print(json.dumps({"path": self.path, "authorization": self.headers["authorization"]}), file=log, flush=True)
                answer = answers.pop(0)
                self.send_response(answer["status"])
                self.send_header("content-length", str(answer.get("claims") or len(answer["body"])))
                for name, value in answer["headers"].items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer["body"].encode())
                self.wfile.flush()
                if answer["stays"]:
                    time.sleep(3600)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()
        """
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsCompute
import JobsTesting
import Testing

@testable import JobsSpark

/// Every object of DBFS has its URI as text.
struct EchoingFiles: WorkspaceFiles {
    func copy(_ uri: String, to localPath: String) async throws {
        try uri.write(toFile: localPath, atomically: false, encoding: .utf8)
    }
}

@Suite("The only file of a task is copied by the server: of this machine")
struct LocalFileTests {
    private let directory: TemporaryDirectory
    private var target: String { directory.path + "/copy" }

    init() throws { directory = try TemporaryDirectory() }

    private func copy(_ uri: String, isAllowed: Bool = true) async throws {
        var configuration = SparkConfiguration.fixture(directory.path)
        configuration.allowsLocalFiles = isAllowed
        let source = try SingleFileSource(uri, configuration: configuration, files: EchoingFiles())
        try await #require(source).copy(to: target)
    }

    private func entries() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: directory.path) }

    @Test("by each form of its URI, also a large one, readable by the owner alone")
    func forms() async throws {
        let bytes = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 8) })
        let path = directory.path + "/local file.py"
        try bytes.write(to: URL(fileURLWithPath: path))
        let encoded = path.replacing(" ", with: "%20")
        for uri in ["file:\(path)", "file://\(path)", "file://localhost\(encoded)", "file:\(encoded)?x#y"] {
            try await copy(uri)
            #expect(try Data(contentsOf: URL(fileURLWithPath: target)) == bytes)
            let attributes = try FileManager.default.attributesOfItem(atPath: target)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
        #expect(try Set(entries()) == ["local file.py", "copy"])
    }

    @Test("a copy takes the place of what an interrupted one has left")
    func interrupted() async throws {
        try Data("old".utf8).write(to: URL(fileURLWithPath: target))
        try Data("longer than the file".utf8).write(to: URL(fileURLWithPath: target + ".draft"))
        try Data("new".utf8).write(to: URL(fileURLWithPath: directory.path + "/a"))
        try await copy("file:\(directory.path)/a")
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "new")
        #expect(try Set(entries()) == ["a", "copy"])
    }

    @Test("only where it is allowed")
    func forbidden() async throws {
        await #expect(
            throws: TaskFailure(
                "file:/etc/passwd cannot be used: this server does not allow files of its own machine in jobs. "
                    + "An administrator can allow them by the setting allow-local-files")
        ) { try await copy("file:/etc/passwd", isAllowed: false) }
    }

    @Test("what cannot be copied is named, and nothing is left")
    func failures() async throws {
        let path = directory.path
        mkfifo(path + "/fifo", 0o600)
        try Data().write(to: URL(fileURLWithPath: path + "/a"))
        let failures = [
            ("file:/no/such", "does not exist"), ("file:\(path)/a/b", "cannot be read: Not a directory"),
            ("file:\(path)", "is a directory, not a file"), ("file:\(path)/fifo", "is not a regular file"),
            ("file:\(path)/a%00b", "does not exist"), ("file://host/a", "names another machine; write file:/path"),
        ]
        for (uri, text) in failures {
            await #expect(throws: TaskFailure("\(uri) \(text)")) { try await copy(uri) }
        }
        mkdir(target, 0o700)
        await #expect(throws: TaskFailure("file:\(path)/a cannot be copied: Is a directory")) {
            try await copy("file:\(path)/a")
        }
        #expect(try Set(entries()) == ["a", "fifo", "copy"])
    }

    @Test("a file of DBFS comes from DBFS, and what is neither is left to prepare.py")
    func others() async throws {
        try await copy("dbfs:/a/b")
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "dbfs:/a/b")
        for uri in ["ftp://example.org/x", "/etc/passwd", ""] {
            #expect(try SingleFileSource(uri, configuration: .fixture("/d"), files: EchoingFiles()) == nil)
        }
    }
}

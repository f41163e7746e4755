// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsTesting
import JobsWorkspace
import Testing

@Suite("G1: DBFS")
struct DBFSTests {
    private let directory: TemporaryDirectory
    private let dbfs: DBFS

    init() throws {
        directory = try TemporaryDirectory()
        dbfs = try DBFS(root: directory.path + "/dbfs", uploads: directory.path + "/uploads")
    }

    private func text(_ path: String) async throws -> String {
        String(decoding: try await dbfs.read(try DBFSPath(path), offset: 0, length: 1000), as: UTF8.self)
    }

    private func put(_ path: String, _ text: String, overwrite: Bool = false) async throws {
        try await dbfs.put(try DBFSPath(path), Array(text.utf8), overwrite: overwrite)
    }

    @Test(
        "paths are normalised",
        arguments: [
            ("/", "/"), ("dbfs:/", "/"), ("/a/b", "/a/b"), ("dbfs:/a//b/", "/a/b"), ("dbfs:///a/./b", "/a/b"),
            ("/a b/é", "/a b/é"),
        ])
    func paths(_ text: String, _ normal: String) throws { #expect(try DBFSPath(text).description == normal) }

    @Test(
        "paths that are relative, lead upwards or are too long are refused",
        arguments: [
            "", "a", "dbfs:a", "s3:/a", "/a/../b", "/..", "dbfs:/../etc/passwd",
            "/" + String(repeating: "x", count: 256),
            String(repeating: "/x", count: 2049),
        ])
    func refusedPaths(_ text: String) { #expect(throws: DBFSError.self) { try DBFSPath(text) } }

    @Test("a file is read as it was put, in pieces too")
    func putAndRead() async throws {
        try await put("/a/b/c.txt", "hello world")
        #expect(try await text("/a/b/c.txt") == "hello world")
        #expect(try await dbfs.read(try DBFSPath("/a/b/c.txt"), offset: 6, length: 3) == Array("wor".utf8))
        #expect(try await dbfs.read(try DBFSPath("/a/b/c.txt"), offset: 100, length: 3).isEmpty)
        let status = try await dbfs.status(of: try DBFSPath("/a/b/c.txt"))
        #expect(status.fileSize == 11)
        #expect(!status.isDirectory)
        #expect(abs(Double(status.modificationTime) / 1000 - Date().timeIntervalSince1970) < 3600)
        #expect(try await dbfs.status(of: try DBFSPath("/a")).isDirectory)
        #expect(try await dbfs.status(of: try DBFSPath("/")).isDirectory)
    }

    @Test("a file is replaced only when that is wanted")
    func overwrite() async throws {
        try await put("/a", "one")
        await #expect(throws: DBFSError.alreadyExists(try DBFSPath("/a"))) { try await put("/a", "two") }
        #expect(try await text("/a") == "one")
        try await put("/a", "two", overwrite: true)
        #expect(try await text("/a") == "two")
        try await dbfs.makeDirectories(try DBFSPath("/d"))
        await #expect(throws: DBFSError.self) { try await put("/d", "x", overwrite: true) }
        await #expect(throws: DBFSError.self) { try await put("/a/b", "x") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path + "/uploads").isEmpty)
    }

    @Test("an upload in blocks survives a restart, and the file appears only at its end")
    func blocks() async throws {
        let path = try DBFSPath("/big")
        let handle = try await dbfs.create(path, overwrite: false)
        try await dbfs.addBlock(handle, Array("one ".utf8))
        await #expect(throws: DBFSError.doesNotExist(path)) { _ = try await dbfs.status(of: path) }
        let later = try DBFS(root: directory.path + "/dbfs", uploads: directory.path + "/uploads")
        try await later.addBlock(handle, Array("two".utf8))
        try await later.close(handle)
        #expect(try await text("/big") == "one two")
        await #expect(throws: DBFSError.unknownHandle(handle)) { try await dbfs.close(handle) }
        await #expect(throws: DBFSError.unknownHandle(99)) { try await dbfs.addBlock(99, []) }
    }

    @Test("directories are listed sorted; a file lists itself")
    func list() async throws {
        for name in ["c", "a", "b"] { try await put("/d/\(name)", name) }
        #expect(try await dbfs.list(try DBFSPath("/d")).map(\.path.description) == ["/d/a", "/d/b", "/d/c"])
        #expect(try await dbfs.list(try DBFSPath("/d/a")).map(\.path.description) == ["/d/a"])
        #expect(try await dbfs.list(try DBFSPath("/")).map(\.path.description) == ["/d"])
        await #expect(throws: DBFSError.doesNotExist(try DBFSPath("/none"))) {
            _ = try await dbfs.list(try DBFSPath("/none"))
        }
    }

    @Test("moving and deleting")
    func moveAndDelete() async throws {
        try await put("/d/a", "x")
        try await put("/e", "y")
        try await dbfs.move(try DBFSPath("/d"), to: try DBFSPath("/f"))
        #expect(try await text("/f/a") == "x")
        await #expect(throws: DBFSError.alreadyExists(try DBFSPath("/e"))) {
            try await dbfs.move(try DBFSPath("/f"), to: try DBFSPath("/e"))
        }
        await #expect(throws: DBFSError.moveIntoItself(try DBFSPath("/f/g"))) {
            try await dbfs.move(try DBFSPath("/f"), to: try DBFSPath("/f/g"))
        }
        await #expect(throws: DBFSError.doesNotExist(try DBFSPath("/none"))) {
            try await dbfs.move(try DBFSPath("/none"), to: try DBFSPath("/x"))
        }
        await #expect(throws: DBFSError.directoryNotEmpty(try DBFSPath("/f"))) {
            try await dbfs.delete(try DBFSPath("/f"), recursive: false)
        }
        try await dbfs.delete(try DBFSPath("/f"), recursive: true)
        try await dbfs.delete(try DBFSPath("/f"), recursive: true)
        await #expect(throws: DBFSError.rootIsFixed) { try await dbfs.delete(try DBFSPath("/"), recursive: true) }
        #expect(try await dbfs.list(try DBFSPath("/")).map(\.path.description) == ["/e"])
    }

    @Test(
        "symbolic links lead nowhere: not read, not listed, not written through, and removed without what they point to"
    )
    func symbolicLinks() async throws {
        let outside = directory.path + "/outside"
        try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
        try "secret".write(toFile: outside + "/secret", atomically: true, encoding: .utf8)
        try await put("/d/a", "x")
        let root = directory.path + "/dbfs"
        try FileManager.default.createSymbolicLink(atPath: root + "/link", withDestinationPath: outside)
        try FileManager.default.createSymbolicLink(atPath: root + "/d/file", withDestinationPath: outside + "/secret")
        for path in ["/link/secret", "/d/file"] {
            await #expect(throws: DBFSError.self) { _ = try await dbfs.read(try DBFSPath(path), offset: 0, length: 9) }
            await #expect(throws: DBFSError.self) { _ = try await dbfs.status(of: try DBFSPath(path)) }
        }
        await #expect(throws: DBFSError.self) { try await put("/link/new", "x") }
        await #expect(throws: DBFSError.self) { try await dbfs.makeDirectories(try DBFSPath("/link/new")) }
        #expect(try await dbfs.list(try DBFSPath("/")).map(\.path.description) == ["/d"])
        try await dbfs.delete(try DBFSPath("/d"), recursive: true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside) == ["secret"])
    }

    @Test("files put at the same time are whole: one of them, never a mixture")
    func concurrentPuts() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<40 {
                group.addTask {
                    try await put("/same", String(repeating: "\(index % 10)", count: 500), overwrite: true)
                }
            }
            try await group.waitForAll()
        }
        let result = try await text("/same")
        #expect(result.count == 500)
        #expect(Set(result).count == 1)
    }
}

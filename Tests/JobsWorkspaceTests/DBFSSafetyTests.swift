// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsTesting
import JobsWorkspace
import Testing

@Suite("G1: DBFS against hostile paths, crashes and crowds")
struct DBFSSafetyTests {
    private let directory: TemporaryDirectory
    private let dbfs: DBFS

    init() throws {
        directory = try TemporaryDirectory()
        dbfs = try DBFS(root: directory.path + "/dbfs", uploads: directory.path + "/uploads")
    }

    private func size(_ path: String) async throws -> Int64 { try await dbfs.status(of: try DBFSPath(path)).fileSize }

    @Test("a slash with a combining mark does not lead out of the root")
    func combiningSlash() async throws {
        if let path = try? DBFSPath("/../\u{301}x") {
            try? await dbfs.put(path, Array("x".utf8), overwrite: true)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() == ["dbfs", "uploads"])
    }

    @Test("nor through a link")
    func combiningLink() async throws {
        try FileManager.default.createDirectory(atPath: directory.path + "/outside", withIntermediateDirectories: true)
        try "secret".write(toFile: directory.path + "/outside/\u{301}f", atomically: false, encoding: .utf8)
        try FileManager.default.createSymbolicLink(
            atPath: directory.path + "/dbfs/link", withDestinationPath: directory.path + "/outside")
        let bytes = try? await dbfs.read(try DBFSPath("/link/\u{301}f"), offset: 0, length: 10)
        #expect(bytes == nil)
    }

    @Test("what is left of a block that a crash cut off is not part of the file")
    func tornBlock() async throws {
        let handle = try await dbfs.create(try DBFSPath("/f"), overwrite: false)
        try await dbfs.addBlock(handle, [UInt8](repeating: 1, count: 700))
        let contents = try #require(FileHandle(forWritingAtPath: directory.path + "/uploads/\(handle)/contents"))
        try contents.seekToEnd()
        try contents.write(contentsOf: Data([9, 9, 9]))
        try contents.close()
        try await dbfs.addBlock(handle, [UInt8](repeating: 2, count: 700))
        try await dbfs.close(handle)
        #expect(try await size("/f") == 1400)
    }

    @Test("blocks that come at the same time are all there")
    func concurrentBlocks() async throws {
        let handle = try await dbfs.create(try DBFSPath("/f"), overwrite: false)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<50 {
                group.addTask { try await dbfs.addBlock(handle, [UInt8](repeating: UInt8(index), count: 1000)) }
            }
            try await group.waitForAll()
        }
        try await dbfs.close(handle)
        #expect(try await size("/f") == 50_000)
    }

    @Test("a close that a crash interrupted can be repeated")
    func repeatedClose() async throws {
        let handle = try await dbfs.create(try DBFSPath("/f"), overwrite: true)
        try await dbfs.addBlock(handle, [1])
        let own = directory.path + "/uploads/\(handle)/contents"
        try FileManager.default.moveItem(atPath: own, toPath: directory.path + "/dbfs/f")
        try await dbfs.close(handle)
        #expect(try await size("/f") == 1)
    }

    @Test("what a crashed request left in uploads is removed by the next start")
    func orphans() async throws {
        let upload = try await dbfs.createUnnamed()
        try await dbfs.addBlock(upload, [1, 2, 3])
        _ = try DBFS(root: directory.path + "/dbfs", uploads: directory.path + "/uploads")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path + "/uploads").isEmpty)
    }
}

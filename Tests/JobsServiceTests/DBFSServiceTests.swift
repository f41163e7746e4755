// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsAPI
import JobsTesting
import JobsWorkspace
import Testing

@testable import JobsService

@Suite("G1: the service of DBFS")
struct DBFSServiceTests {
    private struct ConnectionLost: Error {}

    private let directory: TemporaryDirectory
    private let dbfs: DBFS
    private let service: DBFSService
    private let conflict = UploadResult.alreadyExists(
        APIError(.resourceAlreadyExists, "Error 409. File already exists"))

    init() throws {
        directory = try TemporaryDirectory()
        dbfs = try DBFS(root: directory.path + "/dbfs", uploads: directory.path + "/uploads")
        service = DBFSService(dbfs: dbfs, maxFileSize: 10)
    }

    private func text(_ path: String) async throws -> String {
        String(decoding: try await dbfs.read(try DBFSPath(path), offset: 0, length: 100), as: UTF8.self)
    }

    private func openUploads() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path + "/uploads")
    }

    @Test("a raw upload appears whole, when its last piece has come; a body without bytes is an empty file")
    func upload() async throws {
        let result = try await service.upload("/a/b") { file in
            for piece in ["12", "", "345"] { try await file.append(Array(piece.utf8)) }
            await #expect(throws: DBFSError.self) { try await text("/a/b") }
        }
        #expect(result == .written)
        #expect(try await text("/a/b") == "12345")
        #expect(try await service.upload("/empty") { _ in } == .written)
        #expect(try await text("/empty") == "")
        #expect(try openUploads().isEmpty)
    }

    @Test("an upload to a file that is there, or that somebody writes meanwhile, is the conflict that mlflow knows")
    func conflicts() async throws {
        let late = try await service.upload("/a") { file in
            try await file.append(Array("late".utf8))
            try await dbfs.put(try DBFSPath("/a"), Array("first".utf8), overwrite: false)
        }
        #expect(late == conflict)
        let again = try await service.upload("/a") { _ in Issue.record("the body was read") }
        #expect(again == conflict)
        #expect(try await text("/a") == "first")
        #expect(try openUploads().isEmpty)
    }

    @Test("an upload that is too large or breaks off leaves nothing, neither a file nor an open upload")
    func brokenUploads() async throws {
        await #expect(throws: APIError.requestTooLarge(limit: 10)) {
            try await service.upload("/a") { file in
                try await file.append([UInt8](repeating: 1, count: 10))
                try await file.append([1])
            }
        }
        await #expect(throws: ConnectionLost.self) {
            try await service.upload("/a") { file in
                try await file.append([1])
                throw ConnectionLost()
            }
        }
        await #expect(throws: APIError.requestTooLarge(limit: 10)) {
            try await service.putForm { form in
                form.setField("path", "/a")
                try await form.appendToFile([UInt8](repeating: 1, count: 11))
            }
        }
        await #expect(throws: ConnectionLost.self) {
            try await service.putForm { form in
                try await form.appendToFile([1])
                throw ConnectionLost()
            }
        }
        await #expect(throws: APIError.invalid("Missing required field: path")) {
            try await service.putForm { form in try await form.appendToFile([1]) }
        }
        await #expect(throws: DBFSError.self) { try await dbfs.status(of: try DBFSPath("/a")) }
        #expect(try openUploads().isEmpty)
    }

    @Test("a form replaces a file only with overwrite, whose value is true in any case; the file may be a field")
    func forms() async throws {
        try await service.putForm { form in
            try await form.appendToFile(Array("one".utf8))
            form.setField("path", "dbfs:/a")
        }
        await #expect(throws: DBFSError.alreadyExists(try DBFSPath("/a"))) {
            try await service.putForm { form in
                form.setField("path", "/a")
                form.setField("overwrite", "yes")
                try await form.appendToFile(Array("two".utf8))
            }
        }
        #expect(try await text("/a") == "one")
        try await service.putForm { form in
            form.setField("path", "/a")
            form.setField("overwrite", "True")
            form.setField("contents", Data("three".utf8).base64EncodedString())
        }
        #expect(try await text("/a") == "three")
        #expect(try openUploads().isEmpty)
    }
}

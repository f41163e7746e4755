// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import ArgumentParser
import Foundation

/// A backup: a tar archive of the files of a data directory, with a copy of its database made for it.
struct Archive {
    let path: String

    var exists: Bool { FileManager.default.fileExists(atPath: path) }

    var size: String {
        let bytes = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64) ?? 0
        return ByteCountFormatter.string(fromByteCount: bytes, countStyle: .file)
    }

    /// The database is copied first: files that come later are of runs that the copy does not know, and are swept by
    /// the first start after a restore.
    func write(_ data: DataDirectory, copyDatabase: (String) throws -> Void) throws {
        let staging = data.path + "/backup-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(
            atPath: staging, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: staging) }
        try copyDatabase(staging + "/" + data.databaseName)
        let partial = path + ".partial"
        // Files of running tasks may grow, and come and go, meanwhile: status 1, which is no failure.
        try tar(
            [
                "--create", "--file", partial, "--directory", staging, data.databaseName, "--directory", data.path,
                "--exclude", "*/claim", "dbfs", "runs", "admin-token",
            ], mayWarn: true)
        guard rename(partial, path) == 0 else { throw ValidationError("\(path) cannot be written.") }
    }

    func extract(to data: DataDirectory) throws {
        try tar(["--extract", "--file", path, "--directory", data.path, "--no-same-owner"], mayWarn: false)
        guard FileManager.default.fileExists(atPath: data.database) else {
            throw ValidationError("\(path) is not a backup of a server: it holds no database.")
        }
    }

    private func tar(_ arguments: [String], mayWarn: Bool) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["tar"] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C"]) { $1 }
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let status = process.terminationStatus
        guard status == 0 || (mayWarn && status == 1) else {
            throw ValidationError("tar failed with status \(status): \(said.prefix(500))")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Crypto
import Foundation
import JobsDomain

/// A backup whose every byte is as it was written.
struct BackupReader {
    let path: String

    /// Reads all of it.
    /// - Throws: `CommandFailure` when it is cut off, damaged, or something else.
    init(path: String) throws {
        self.path = path
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure.system(path, "cannot be read")
        }
        defer { try? file.close() }
        do {
            let length = Int(try file.seekToEnd()) - BackupEnd.length
            guard length > 0, let end = try Self.end(of: file, at: length), end.archiveBytes == length else {
                throw CommandFailure(
                    "\(path) is not a whole backup: it was cut off, or `lamplighter backup` has not written it. "
                        + "Nothing was restored.")
            }
            guard try Self.digest(of: file, bytes: length) == end.digest else {
                throw CommandFailure("\(path) is damaged: it is not what was written. Nothing was restored.")
            }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure("\(path) cannot be read.")
        }
    }

    private static func end(of file: FileHandle, at offset: Int) throws -> BackupEnd? {
        try file.seek(toOffset: UInt64(offset))
        return try file.readToEnd().flatMap(BackupEnd.init)
    }

    private static func digest(of file: FileHandle, bytes: Int) throws -> String {
        try file.seek(toOffset: 0)
        var hash = SHA256()
        var rest = bytes
        while rest > 0, let chunk = try file.read(upToCount: min(rest, 1 << 20)), !chunk.isEmpty {
            hash.update(data: chunk)
            rest -= chunk.count
        }
        return hash.finalize().hexadecimal
    }

    /// Puts its files there, readable by their owner alone, regardless of their former modes.
    func extract(to directory: String) throws {
        let tar = try Tar(
            ["--extract", "--file", path, "--directory", directory, "--no-same-owner", "--no-same-permissions"],
            workDirectory: directory)
        try tar.eachChunk { _ in }
        try tar.finish(mayWarn: false)
    }
}

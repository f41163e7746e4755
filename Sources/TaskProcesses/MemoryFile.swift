// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CLinuxProcess
import Foundation
import JobsCompute

/// A file whose contents are in memory and on no disk (but for swap): it lies in a tmpfs, with mode 0600, and a
/// symbolic link in the data directory points to it. So a server that was started later finds it too, and no copy or
/// search of the data directory has the contents.
package struct MemoryFile: Sendable {
    /// Where the link is.
    package let path: String

    package init(path: String) { self.path = path }

    private static let prefix = "lamplighter-"

    /// Replaces the file.
    /// - Throws: `TaskFailure`.
    package func write(_ text: String) throws {
        remove()
        guard let directory = Self.directory else {
            throw TaskFailure(
                "The settings of this run hold values of secrets, which are never written to a disk, and neither "
                    + "XDG_RUNTIME_DIR nor /dev/shm is a file system in memory that can be written to.")
        }
        let target = directory + "/" + Self.prefix + UUID().uuidString.lowercased()
        // The link first: a crash in between leaves a dangling link, never a file without a link.
        guard symlink(target, path) == 0 else { throw failure(path, errno) }
        let file = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure(target, errno) }
        close(file)
        let bytes = Array(text.utf8)
        let written = lp_write_file(target, bytes, bytes.count, 0o600)
        guard written == 0 else {
            remove()
            throw failure(target, -written)
        }
    }

    /// Removes the file, and the link; also where one of the two, or both, is not there.
    package func remove() {
        // Tasks could put other links here: only a target with the prefix is removed.
        if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path),
            (target as NSString).lastPathComponent.hasPrefix(Self.prefix)
        {
            unlink(target)
        }
        unlink(path)
    }

    private static var directory: String? {
        let candidates = [ProcessInfo.processInfo.environment["XDG_RUNTIME_DIR"], "/dev/shm"].compactMap { $0 }
        return candidates.first { lp_is_in_memory($0) == 1 && access($0, W_OK) == 0 }
    }

    private func failure(_ path: String, _ code: Int32) -> TaskFailure {
        TaskFailure("The file \(path) could not be written: \(String(cString: strerror(code)))")
    }
}

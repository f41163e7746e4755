// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation

/// The state of a process cannot be read now: no descriptors are left, or the disk fails. Not a `TaskFailure`: the
/// run's state stays as it is, and the read is retried later.
package struct UnreadableEvidence: Error, CustomStringConvertible {
    package let path: String
    /// An errno.
    package let code: Int32

    package var description: String { "\(path) cannot be read: \(String(cString: strerror(code)))" }

    /// A small file's contents; nil only when there is no such file.
    /// - Throws: `UnreadableEvidence`.
    package static func contents(of path: String) throws -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        if file < 0 {
            let code = errno
            if code == ENOENT || code == ENOTDIR { return nil }
            throw UnreadableEvidence(path: path, code: code)
        }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 64 * 1024)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress! + count, $0.count - count) }
            if got < 0 && errno == EINTR { continue }
            if got < 0 { throw UnreadableEvidence(path: path, code: errno) }
            if got == 0 { break }
            count += got
        }
        return Array(bytes.prefix(count))
    }
}

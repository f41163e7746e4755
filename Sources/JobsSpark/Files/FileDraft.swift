// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsCompute

/// A file on its way to its name: it has another one until it is whole. Only its owner can read it. All methods block.
struct FileDraft: Sendable {
    private let target: String
    private let draft: String
    private let descriptor: Int32
    /// Of what is copied, for errors.
    private let uri: String

    init(of target: String, uri: String) throws(TaskFailure) {
        self.target = target
        self.uri = uri
        draft = target + ".draft"
        // Of a copy that was interrupted.
        unlink(draft)
        descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(uri) }
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(TaskFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure(uri) }
            rest = rest.dropFirst(count)
        }
    }

    /// Forgets what was appended.
    func restart() throws(TaskFailure) {
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else { throw Self.failure(uri) }
    }

    /// The file has its name. Nothing may follow.
    func finish() throws(TaskFailure) {
        guard rename(draft, target) == 0 else { throw Self.failure(uri) }
        close(descriptor)
    }

    /// Instead of `finish`.
    func discard() {
        close(descriptor)
        unlink(draft)
    }

    private static func failure(_ uri: String) -> TaskFailure {
        TaskFailure("\(uri) cannot be copied: \(String(cString: strerror(errno)))")
    }
}

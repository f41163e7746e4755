// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsService

/// The file with the key of secrets: 32 bytes in base64, readable by its owner alone.
struct SecretsKey {
    let path: String

    /// Makes the key when there is no file; the first secret is put with it.
    /// - Throws: `CommandFailure`.
    func vault() throws -> SecretVault {
        if !FileManager.default.fileExists(atPath: path) { try make() }
        let permissions = try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        guard let permissions, permissions & 0o077 == 0 else {
            throw CommandFailure("\(path) can be read by others than its owner: chmod 600 \(path)")
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CommandFailure("The key of secrets, \(path), cannot be read.")
        }
        guard let key = Data(base64Encoded: text.trimmingCharacters(in: .whitespacesAndNewlines)),
            key.count == SecretVault.keyBytes
        else {
            throw CommandFailure("\(path) is not a key of secrets: \(SecretVault.keyBytes) random bytes in base64.")
        }
        return SecretVault(key: Array(key))
    }

    /// On disk before it is used: a secret that was put must not lose its key with the power.
    private func make() throws {
        let text = Data(SecretVault.randomKey()).base64EncodedString() + "\n"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure("\(path) cannot be made: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        let written = text.withCString { write(descriptor, $0, strlen($0)) }
        guard written == text.utf8.count, fsync(descriptor) == 0 else {
            throw CommandFailure("\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
        let directory = open((path as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return }
        fsync(directory)
        close(directory)
    }
}

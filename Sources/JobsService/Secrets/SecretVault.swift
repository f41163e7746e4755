// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Crypto
import Foundation
import JobsDomain
import JobsStore

/// Seals values of secrets with AES-256-GCM under one key that is kept outside of the database. Each value has a nonce
/// of its own and is bound to its scope and key, so that rows cannot be exchanged unnoticed.
public struct SecretVault: Sendable {
    private let key: SymmetricKey
    /// Identifies the key, and reveals nothing else about it.
    public let keyID: String

    public static let keyBytes = 32

    /// The value was sealed with another key, or changed.
    public struct CannotOpen: Error, Equatable, Sendable {}

    /// - Parameter key: 32 random bytes.
    public init(key: [UInt8]) {
        precondition(key.count == Self.keyBytes)
        self.key = SymmetricKey(data: key)
        let code = HMAC<SHA256>.authenticationCode(for: Data("lamplighter secrets key".utf8), using: self.key)
        keyID = code.prefix(8).hexadecimal
    }

    public static func randomKey() -> [UInt8] { SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) } }

    func seal(_ value: [UInt8], as name: SecretName) throws -> SealedSecret {
        let box = try AES.GCM.seal(value, using: key, authenticating: Self.context(name))
        return SealedSecret(bytes: Array(box.nonce) + Array(box.ciphertext) + Array(box.tag), keyID: keyID)
    }

    /// - Throws: `CannotOpen`.
    func open(_ sealed: SealedSecret, as name: SecretName) throws -> [UInt8] {
        guard let box = try? AES.GCM.SealedBox(combined: Data(sealed.bytes)),
            let value = try? AES.GCM.open(box, using: key, authenticating: Self.context(name))
        else { throw CannotOpen() }
        return Array(value)
    }

    /// Names have no slash and are case-insensitive.
    private static func context(_ name: SecretName) -> Data { Data("\(name.scope)/\(name.key)".lowercased().utf8) }
}

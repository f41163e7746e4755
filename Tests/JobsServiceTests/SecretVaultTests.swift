// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import Testing

@testable import JobsService

@Suite("The vault of secrets")
struct SecretVaultTests {
    private let name = SecretName(scope: "Scope", key: "key")

    @Test("what is sealed can be opened with the key, as the secret that it is, and no byte of it may change")
    func sealing() throws {
        let key = SecretVault.randomKey()
        let vault = SecretVault(key: key)
        for value in [[], [0], Array("zwölf".utf8), [UInt8](repeating: 7, count: SecretService.maxValueLength)] {
            let sealed = try vault.seal(value, as: name)
            #expect(sealed.keyID == SecretVault(key: key).keyID)
            #expect(try SecretVault(key: key).open(sealed, as: SecretName(scope: "sCOPE", key: "KEY")) == value)
            #expect(throws: SecretVault.CannotOpen.self) {
                try vault.open(sealed, as: SecretName(scope: "Scope", key: "other"))
            }
            #expect(throws: SecretVault.CannotOpen.self) {
                try SecretVault(key: SecretVault.randomKey()).open(sealed, as: name)
            }
        }
        let sealed = try vault.seal([1, 2, 3], as: name)
        for index in sealed.bytes.indices {
            var bytes = sealed.bytes
            bytes[index] ^= 1
            #expect(throws: SecretVault.CannotOpen.self) {
                try vault.open(SealedSecret(bytes: bytes, keyID: sealed.keyID), as: name)
            }
        }
        #expect(throws: SecretVault.CannotOpen.self) {
            try vault.open(SealedSecret(bytes: [], keyID: vault.keyID), as: name)
        }
    }

    @Test("the same value is sealed otherwise each time, and the id of a key is not part of it")
    func fresh() throws {
        let key = SecretVault.randomKey()
        let vault = SecretVault(key: key)
        let sealed = try (0..<100).map { _ in try vault.seal([1], as: name).bytes }
        #expect(Set(sealed).count == 100)
        #expect(vault.keyID.count == 16 && !key.hexadecimal.contains(vault.keyID))
        #expect(vault.keyID != SecretVault(key: SecretVault.randomKey()).keyID)
    }
}

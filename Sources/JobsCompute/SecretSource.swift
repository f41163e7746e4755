// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The secrets that a run may read: those of the user in whose name it runs. Reading others throws.
public protocol SecretSource: Sendable {
    /// nil when there is no such secret.
    func secret(scope: String, key: String, for userName: String) async throws -> [UInt8]?
    /// The keys in a scope; nil when there is no such scope.
    func keys(inScope scope: String, for userName: String) async throws -> [String]?
    /// The names of the scopes that the user may read.
    func scopes(for userName: String) async throws -> [String]
}

/// There are no secrets.
public struct NoSecrets: SecretSource {
    public init() {}
    public func secret(scope: String, key: String, for userName: String) async throws -> [UInt8]? { nil }
    public func keys(inScope scope: String, for userName: String) async throws -> [String]? { nil }
    public func scopes(for userName: String) async throws -> [String] { [] }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

/// What every store has to do. A check throws when the store does not.
public struct StoreCheck: Sendable, CustomStringConvertible {
    public typealias Store = any JobStore & RunStore & RunLifecycleStore & TokenStore & WorkspaceStore & SecretStore

    /// A sentence that says what would be broken.
    public let description: String
    public let run: @Sendable (Store) async throws -> Void

    init(_ description: String, _ run: @escaping @Sendable (Store) async throws -> Void) {
        self.description = description
        self.run = run
    }
}

public struct ConformanceViolation: Error, CustomStringConvertible {
    public let description: String
}

func check(_ condition: Bool, _ what: @autoclosure () -> String) throws {
    if !condition { throw ConformanceViolation(description: what()) }
}

func checkEqual<T: Equatable>(_ found: T, _ expected: T, _ what: String) throws {
    try check(found == expected, "\(what): found \(found), expected \(expected)")
}

/// Passes when `body` throws this error and no other.
func checkThrows(_ expected: StoreError, _ body: () async throws -> Void) async throws {
    try await checkThrows(error: expected, body)
}

func checkThrows<E: Error & Equatable>(error expected: E, _ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let error as E {
        return try checkEqual(error, expected, "the error")
    }
    throw ConformanceViolation(description: "\(expected) was not thrown")
}

public enum StoreConformance {
    public static let checks =
        jobChecks + admissionChecks + lifeCycleChecks + queryChecks + tokenChecks + workspaceChecks + secretChecks

    static let t0 = Timestamp(milliseconds: 1_700_000_000_000)

    static func at(_ milliseconds: Int64) -> Timestamp { t0 + .milliseconds(milliseconds) }
}

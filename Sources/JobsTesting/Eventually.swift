// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// What a test waited for did not come.
public struct NeverHappened: Error, CustomStringConvertible {
    public init(description: String) { self.description = description }
    public let description: String
}

/// Looks again and again until `look` answers something; the time limit only ends a test that has failed.
public func eventually<T>(
    _ what: String, within limit: Duration = .seconds(240), every pause: Duration = .milliseconds(20),
    _ look: () async throws -> T?
) async throws -> T {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if let found = try await look() { return found }
        try await Task.sleep(for: pause)
    }
    throw NeverHappened(description: "\(what) did not happen within \(limit)")
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// A rule of the contract that was broken.
public struct Violation: Error, Equatable, Sendable, CustomStringConvertible {
    /// What the contract promises.
    public let rule: String
    public let what: String

    public var description: String { "\(rule): \(what)" }
}

/// A readable log of events; collected only on request.
final class Trace {
    let isOn: Bool
    private(set) var lines: [String] = []

    init(isOn: Bool) { self.isOn = isOn }

    func add(_ line: String) { lines.append(line) }
}

extension Timestamp {
    /// Time of day with milliseconds, UTC.
    var shortText: String {
        let ofDay = ((milliseconds % 86_400_000) + 86_400_000) % 86_400_000
        func digits(_ number: Int64, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return digits(ofDay / 3_600_000, 2) + ":" + digits(ofDay / 60_000 % 60, 2) + ":"
            + digits(ofDay / 1000 % 60, 2) + "." + digits(ofDay % 1000, 3)
    }
}

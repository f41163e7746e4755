// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// Where a rule says what it found: a report, and the path under which the settings stand in the request.
public struct RuleContext {
    public let report: ReadingReport
    public let prefix: String
    /// Whether the requesting user may name files of the server's machine.
    public let allowsLocalFiles: Bool
    /// A schedule must fire at least once after this time.
    public let now: Timestamp

    public init(report: ReadingReport, prefix: String = "", allowsLocalFiles: Bool, now: Timestamp) {
        self.report = report
        self.prefix = prefix
        self.allowsLocalFiles = allowsLocalFiles
        self.now = now
    }

    /// The context of a member: its name is added to the path.
    public func at(_ member: String) -> RuleContext {
        RuleContext(report: report, prefix: "\(prefix)\(member).", allowsLocalFiles: allowsLocalFiles, now: now)
    }

    /// The path of a member.
    public func path(_ member: String) -> String { prefix + member }

    /// Reports a value that is not allowed.
    public func invalid(_ member: String, given: String, allowed: String) {
        report.invalid("Invalid value for \(prefix)\(member): \(given.prefix(200)). Allowed: \(allowed).")
    }

    /// Reports a number outside of what is allowed; nothing when it is not given.
    public func range(_ member: String, _ value: Int32?, _ allowed: ClosedRange<Int32>, meaning: String = "") {
        guard let value, !allowed.contains(value) else { return }
        let bounds =
            allowed.upperBound == .max
            ? "\(allowed.lowerBound) or more" : "\(allowed.lowerBound) to \(allowed.upperBound)"
        invalid(member, given: "\(value)", allowed: bounds + meaning)
    }

    /// Reports more elements than are allowed.
    public func atMost(_ limit: Int, _ things: String, in member: String, given count: Int) {
        if count > limit { invalid(member, given: "\(count) \(things)", allowed: "at most \(limit)") }
    }

    /// Reports a text that is not one of `allowed`; nothing when it is not given.
    public func oneOf(_ member: String, _ value: String?, _ allowed: [String]) {
        guard let value, !allowed.contains(value) else { return }
        invalid(member, given: "\"\(value)\"", allowed: allowed.joined(separator: ", "))
    }

    /// "These parameters accept only Latin characters (ASCII character set)."
    public func ascii(_ member: String, _ text: String) {
        if !text.utf8.allSatisfy({ $0 < 0x80 }) {
            invalid(member, given: "\"\(text)\", which has non-ASCII characters", allowed: "ASCII characters only")
        }
    }

    /// What Linux passes to a program: at most 128 KiB in an argument, and about 2 MiB in all, of which the
    /// environment takes its share.
    public func executable(_ member: String, _ arguments: [String]) {
        let sizes = arguments.map(\.utf8.count)
        if let largest = sizes.max(), largest > 131_071 {
            invalid(member, given: "an element of \(largest) bytes", allowed: "at most 131071 bytes")
        }
        let total = sizes.reduce(0) { $0 + $1 + 9 }
        if total > 1_048_576 {
            invalid(
                member, given: "\(arguments.count) elements, \(total) bytes as arguments of a program",
                allowed: "at most 1048576 bytes")
        }
    }

    /// Reports a group of members of which none, or more than one, is given.
    public func exactlyOne(_ group: String, of members: [(name: String, isGiven: Bool)]) {
        let given = members.filter(\.isGiven).map(\.name)
        guard given.count != 1 else { return }
        let names = members.map(\.name).joined(separator: ", ")
        let place = prefix.isEmpty ? group : "\(prefix.dropLast())"
        report.invalid(
            "Exactly one of \(names) must be specified in \(place); given: "
                + (given.isEmpty ? "none." : given.joined(separator: ", ") + "."))
    }
}

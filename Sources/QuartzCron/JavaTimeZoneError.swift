// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation

/// An id that Java does not know. Java itself would go on with GMT and say nothing.
public struct JavaTimeZoneError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The id as it was given.
    public let id: String
    /// The sentence for people; it names the id that was probably meant, where there is one.
    public let message: String

    public var description: String { message }

    init(unknownID id: String) {
        self.id = id
        let meant = Self.suggestion(for: id).map { "; did you mean '\($0)'?" } ?? ""
        message = "Unknown time zone '\(id)'\(meant)"
    }

    private static func suggestion(for id: String) -> String? {
        for prefix in ["UTC", "UT", "GMT"] where id.uppercased().hasPrefix(prefix) {
            let custom = "GMT" + id.dropFirst(prefix.count).filter { $0 != " " }
            if JavaTimeZone.customOffset(of: custom) != nil { return custom }
        }
        if id.caseInsensitiveCompare("Z") == .orderedSame { return "UTC" }
        let wanted = id.filter { $0 != " " }.lowercased()
        let spelled = id.split(separator: " ").joined(separator: "_").lowercased()
        let known = TimeZone.knownTimeZoneIdentifiers + ["UTC", "GMT"]
        return known.first { [wanted, spelled].contains($0.lowercased()) }
            ?? known.first { !spelled.isEmpty && $0.lowercased().hasSuffix("/" + spelled) }
    }
}

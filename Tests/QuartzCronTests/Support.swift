// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import QuartzCron
import Testing

/// A file of `testdata`, without comments and empty lines.
func referenceRows(_ name: String) throws -> [String] {
    let url = try #require(Bundle.module.url(forResource: "testdata/\(name)", withExtension: "txt"))
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
        .filter { !$0.hasPrefix("#") }
}

/// Milliseconds since the epoch of a text such as `2026-03-08T10:00:00Z`; by Foundation, so as not to check the
/// module's own reader by itself.
func milliseconds(_ text: String) throws -> Int64 {
    let date = try Date(text, strategy: .iso8601)
    return Int64(date.timeIntervalSince1970) * 1000
}

/// The next fire times as the clocks of the zone show them, with the offset.
func localFireTimes(
    _ expression: String, _ zone: String, after: String, _ count: Int
) throws -> [String] {
    let style = Date.ISO8601FormatStyle(
        timeZoneSeparator: .colon, timeZone: try #require(TimeZone(identifier: zone)))
    return try CronExpression(expression)
        .fireTimes(after: milliseconds(after), in: JavaTimeZone(zone)).prefix(count)
        .map { Date(timeIntervalSince1970: TimeInterval($0) / 1000).formatted(style) }
}

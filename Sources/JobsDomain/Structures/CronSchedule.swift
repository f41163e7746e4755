// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// "CronSchedule": a Quartz expression in a Java time zone.
public struct CronSchedule: Equatable, Sendable, JSONStructure {
    public enum PauseStatus: String, Sendable, CaseIterable {
        case paused = "PAUSED"
        case unpaused = "UNPAUSED"
    }

    public var quartzCronExpression: String
    public var timezoneID: String
    /// UNPAUSED where a request says nothing.
    public var pauseStatus: PauseStatus

    public init(reading reader: ObjectReader) {
        quartzCronExpression = reader.requiredString("quartz_cron_expression")
        timezoneID = reader.requiredString("timezone_id")
        pauseStatus = .unpaused
        if let given = reader.string("pause_status") {
            if let status = PauseStatus(rawValue: given) {
                pauseStatus = status
            } else {
                reader.invalid("pause_status", given: given, allowed: "PAUSED or UNPAUSED")
            }
        }
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("quartz_cron_expression", quartzCronExpression)
        writer.member("timezone_id", timezoneID)
        writer.member("pause_status", pauseStatus.rawValue)
    }
}

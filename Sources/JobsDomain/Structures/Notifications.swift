// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// "JobEmailNotifications".
public struct JobEmailNotifications: Equatable, Sendable, JSONStructure {
    public var onStart: [String]?
    public var onSuccess: [String]?
    public var onFailure: [String]?
    public var onDurationWarningThresholdExceeded: [String]?
    public var noAlertForSkippedRuns: Bool?

    public init() {}

    public init(reading reader: ObjectReader) {
        onStart = reader.strings("on_start")
        onSuccess = reader.strings("on_success")
        onFailure = reader.strings("on_failure")
        onDurationWarningThresholdExceeded = reader.strings("on_duration_warning_threshold_exceeded")
        noAlertForSkippedRuns = reader.bool("no_alert_for_skipped_runs")
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("on_start", onStart)
        writer.member("on_success", onSuccess)
        writer.member("on_failure", onFailure)
        writer.member("on_duration_warning_threshold_exceeded", onDurationWarningThresholdExceeded)
        writer.member("no_alert_for_skipped_runs", noAlertForSkippedRuns)
    }
}

/// "Webhook": a reference to a notification destination.
public struct Webhook: Equatable, Sendable, JSONStructure {
    public var id: String

    public init(reading reader: ObjectReader) { id = reader.requiredString("id") }

    public func write(to writer: inout JSONWriter) { writer.member("id", id) }
}

/// "WebhookNotifications".
public struct WebhookNotifications: Equatable, Sendable, JSONStructure {
    public var onStart: [Webhook]?
    public var onSuccess: [Webhook]?
    public var onFailure: [Webhook]?
    public var onDurationWarningThresholdExceeded: [Webhook]?

    public init(reading reader: ObjectReader) {
        onStart = reader.structures("on_start")
        onSuccess = reader.structures("on_success")
        onFailure = reader.structures("on_failure")
        onDurationWarningThresholdExceeded = reader.structures("on_duration_warning_threshold_exceeded")
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("on_start", onStart)
        writer.member("on_success", onSuccess)
        writer.member("on_failure", onFailure)
        writer.member("on_duration_warning_threshold_exceeded", onDurationWarningThresholdExceeded)
    }
}

/// "JobNotificationSettings".
public struct JobNotificationSettings: Equatable, Sendable, JSONStructure {
    public var noAlertForSkippedRuns: Bool?
    public var noAlertForCanceledRuns: Bool?
    public var alertOnLastAttempt: Bool?

    public init(reading reader: ObjectReader) {
        noAlertForSkippedRuns = reader.bool("no_alert_for_skipped_runs")
        noAlertForCanceledRuns = reader.bool("no_alert_for_canceled_runs")
        alertOnLastAttempt = reader.bool("alert_on_last_attempt")
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("no_alert_for_skipped_runs", noAlertForSkippedRuns)
        writer.member("no_alert_for_canceled_runs", noAlertForCanceledRuns)
        writer.member("alert_on_last_attempt", alertOnLastAttempt)
    }
}

/// "JobsHealthRule".
public struct JobsHealthRule: Equatable, Sendable, JSONStructure {
    public var metric: String
    public var `operator`: String
    public var value: Int32

    public init(reading reader: ObjectReader) {
        metric = reader.requiredString("metric")
        `operator` = reader.requiredString("operator")
        if !reader.has("value") { reader.missing("value") }
        value = reader.int32("value") ?? 1
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("metric", metric)
        writer.member("operator", `operator`)
        writer.member("value", value)
    }
}

/// "JobsHealthRules".
public struct JobsHealthRules: Equatable, Sendable, JSONStructure {
    public var rules: [JobsHealthRule]?

    public init(reading reader: ObjectReader) { rules = reader.structures("rules") }

    /// Seconds after which a run takes longer than expected; nil: never (contract E6).
    public var expectedDuration: Int32? {
        rules?.filter { $0.metric == "RUN_DURATION_SECONDS" }.map(\.value).min()
    }

    public func write(to writer: inout JSONWriter) { writer.member("rules", rules) }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// The settings of a job and all of its runs ("JobSettings").
///
/// Internally a job has tasks; API 2.0's flat form, with the one task's members beside the job's own, is a way to read
/// and write it (`init(readingFlat:)`, `writeFlat`). The nested form is what the store keeps.
public struct JobSettings: Equatable, Sendable {
    public static let defaultName = "Untitled"
    /// The format in answers of API 2.0, which has single-task jobs only.
    public static let format = "SINGLE_TASK"

    public var name: String
    public var tasks: [TaskSettings]
    public var emailNotifications: JobEmailNotifications
    public var webhookNotifications: WebhookNotifications?
    public var notificationSettings: JobNotificationSettings?
    /// 0: none.
    public var timeoutSeconds: Int32
    public var schedule: CronSchedule?
    public var maxConcurrentRuns: Int32
    public var health: JobsHealthRules?
    /// Paths of unknown members of the request; stored and shown (contract A1), without effect.
    public var unknownFields: [String] = []

    public init(name: String = Self.defaultName, tasks: [TaskSettings]) {
        self.name = name
        self.tasks = tasks
        emailNotifications = JobEmailNotifications()
        timeoutSeconds = 0
        maxConcurrentRuns = 1
    }

    /// The task that API 2.0 shows.
    public var firstTask: TaskSettings? { tasks.first }

    public func task(_ key: String) -> TaskSettings? { tasks.first { $0.taskKey == key } }
}

extension JobSettings {
    /// The members by which API 2.0 and the store name what belongs to the job itself.
    private init(readingJobMembers reader: ObjectReader, tasks: [TaskSettings]) {
        self.tasks = tasks
        name = reader.string("name") ?? Self.defaultName
        emailNotifications = reader.structure("email_notifications") ?? JobEmailNotifications()
        webhookNotifications = reader.structure("webhook_notifications")
        notificationSettings = reader.structure("notification_settings")
        timeoutSeconds = reader.int32("timeout_seconds") ?? 0
        schedule = reader.structure("schedule")
        maxConcurrentRuns = reader.int32("max_concurrent_runs") ?? 1
        health = reader.structure("health")
        // Clients send answers back as requests.
        if let format = reader.string("format"), format != Self.format {
            reader.invalid("format", given: format, allowed: Self.format)
        }
    }

    /// API 2.0: one task, its members beside the job's.
    public init(readingFlat reader: ObjectReader) {
        let task = TaskSettings(reading: reader, taskKey: TaskSettings.singleTaskKey)
        self.init(readingJobMembers: reader, tasks: [task])
    }

    /// API 2.0's answer: every default filled in.
    public func writeFlat(to writer: inout JSONWriter) {
        writeJobMembers(to: &writer)
        firstTask?.writeMembers(to: &writer)
        writer.member("format", Self.format)
    }

    private func writeJobMembers(to writer: inout JSONWriter) {
        writer.member("name", name)
        writer.member("email_notifications", emailNotifications)
        writer.member("webhook_notifications", webhookNotifications)
        writer.member("notification_settings", notificationSettings)
        writer.member("timeout_seconds", timeoutSeconds)
        writer.member("schedule", schedule)
        writer.member("max_concurrent_runs", maxConcurrentRuns)
        writer.member("health", health)
    }
}

/// Settings in the flat form of API 2.0, where that form is a structure of its own.
public struct FlatJobSettings: JSONStructure {
    public static var schemaName: String { "JobSettings" }

    public let settings: JobSettings

    public init(reading reader: ObjectReader) { settings = JobSettings(readingFlat: reader) }

    public func write(to writer: inout JSONWriter) { settings.writeFlat(to: &writer) }
}

/// The nested form, with `tasks`: what the store keeps.
extension JobSettings: JSONStructure {
    public init(reading reader: ObjectReader) {
        var tasks: [TaskSettings] = []
        if case .array(let elements)? = reader.raw("tasks") {
            for (index, element) in elements.enumerated() {
                guard case .object(let object) = element else { continue }
                let task = ObjectReader(object, path: reader.path(of: "tasks[\(index)]"), report: reader.report)
                tasks.append(TaskSettings(reading: task, taskKey: task.requiredString("task_key")))
            }
        }
        self.init(readingJobMembers: reader, tasks: tasks)
        unknownFields = reader.strings("unknown_fields") ?? []
    }

    public func write(to writer: inout JSONWriter) {
        writeJobMembers(to: &writer)
        writer.member("unknown_fields", unknownFields.isEmpty ? nil : unknownFields)
        writer.key("tasks")
        writer.array { writer in
            for task in tasks {
                writer.object { writer in
                    writer.member("task_key", task.taskKey)
                    task.writeMembers(to: &writer)
                }
            }
        }
    }
}

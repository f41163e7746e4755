// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Something outside of a job's settings that the settings name.
public struct SettingsReference: Hashable, Sendable {
    public enum Target: Hashable, Sendable {
        /// A notification destination, by its id.
        case destination(String)
        case pipeline(String)
        /// A job that is run by the job that names it: it must exist, and the references must not form a cycle.
        case job(JobID)
        /// A notebook; where an instant is given, with a revision that was current then.
        case notebook(WorkspacePath, at: Timestamp?)
    }

    public let target: Target
    /// The member that names it, for example `webhook_notifications.on_start[0].id`.
    public let path: String

    public init(_ target: Target, path: String) {
        self.target = target
        self.path = path
    }
}

/// What is wrong with a reference of settings.
public enum ReferenceFault: Equatable, Sendable {
    case missing(SettingsReference)
    /// Jobs that would run each other: a cycle, whose first job is also its last.
    case circle([JobID], SettingsReference)
}

extension JobSettings {
    /// What must exist when the settings are stored (contract C3, C9).
    public var references: [SettingsReference] {
        let webhooks = (webhookNotifications?.lists ?? []).flatMap { event, webhooks in
            // An empty id was reported as missing when it was read.
            webhooks.enumerated().filter { !$0.element.id.isEmpty }.map { index, webhook in
                SettingsReference(
                    .destination(webhook.id), path: "webhook_notifications.\(event)[\(index)].id")
            }
        }
        return webhooks + tasks.flatMap(\.task.references)
    }

    /// What may come to exist after the settings are stored; until it does, runs fail.
    public var softReferences: [SettingsReference] { tasks.flatMap(\.task.softReferences) }

    /// The jobs that these settings run.
    public var jobsToRun: [JobID] {
        references.compactMap { reference in
            if case .job(let job) = reference.target { job } else { nil }
        }
    }
}

/// Jobs that run jobs (contract C9).
public enum JobGraph {
    /// The jobs from `job` by way of `target` back to `job`; nil when `target` does not lead to it.
    /// - Parameters:
    ///   - job: the job to run `target`; nil for a job that does not exist yet, to which no job can refer.
    ///   - jobsToRun: the jobs that a job runs; none of one that does not exist.
    public static func circle<E: Error>(
        of job: JobID?, running target: JobID, _ jobsToRun: (JobID) throws(E) -> [JobID]
    ) throws(E) -> [JobID]? {
        guard let job else { return nil }
        var seen: Set<JobID> = []
        var ways = [[target]]
        while let way = ways.popLast(), let last = way.last {
            if last == job { return [job] + way }
            if !seen.insert(last).inserted { continue }
            for next in try jobsToRun(last) { ways.append(way + [next]) }
        }
        return nil
    }
}

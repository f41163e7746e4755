// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// "RunJobTask"; the id is taken as INT64, as ids are elsewhere.
public struct RunJobTask: TaskDefinition {
    public static let kind = JobTask.Kind.runJob
    public static let summary = "Runs another job; needs no cluster."
    public static let memberDescriptions = """
        job_id The id of the job.
        """
    public static let needsCluster = false

    public var jobID: JobID

    public init(reading reader: ObjectReader) { jobID = JobID(reader.requiredInt64("job_id")) }

    public func write(to writer: inout JSONWriter) { writer.member("job_id", jobID.rawValue) }
}

extension RunJobTask {
    public var task: JobTask { .runJob(self) }

    public var references: [SettingsReference] {
        [SettingsReference(.job(jobID), path: "\(Self.kind.rawValue).job_id")]
    }
}

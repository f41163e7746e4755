// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsJSON
import JobsStore

extension JobService {
    /// `GET jobs/get` (contract B2).
    public func get(_ decoded: DecodedRequest<JobIDRequest>) async throws -> JobView {
        let job = try decoded.checked().jobID
        guard let view = try await store.job(job) else { throw APIError.jobDoesNotExist(job) }
        return view
    }

    /// `GET jobs/list`, a page at a time, so that memory stays flat however many jobs there are.
    public func list(after job: JobID?, limit: Int) async throws -> [JobView] {
        try await store.jobs(after: job, limit: limit)
    }
}

extension JobView: JSONWritable {
    /// The members of "Job" in API 2.0. Answers of jobs/get are kept until something changes, and jobs/list shows each job
    /// once: the settings are rendered as they are written.
    public func write(to writer: inout JSONWriter) {
        writer.member("job_id", id.rawValue)
        writer.member("creator_user_name", creatorUserName)
        writer.member("run_as", creatorUserName)
        writer.member("run_as_user_name", creatorUserName)
        writer.key("settings")
        writer.object(definition.settings.writeFlat)
        writer.member("created_time", createdTime.milliseconds)
        // An extension, for the job's page.
        let unknown = definition.settings.unknownFields
        writer.member("unknown_fields", unknown.isEmpty ? nil : unknown)
    }
}

/// A value that can be shown as the members of a JSON object, but not read back.
public protocol JSONWritable {
    func write(to writer: inout JSONWriter)
}

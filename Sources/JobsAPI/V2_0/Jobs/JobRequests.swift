// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON

/// `POST jobs/create` ("Create").
public struct CreateJobRequest: APIRequest {
    public let settings: JobSettings

    public init(reading reader: ObjectReader) { settings = JobSettings(readingFlat: reader) }
}

/// `GET jobs/list` ("List"): takes nothing and answers all jobs.
public struct ListJobsRequest: APIRequest {
    public init(reading reader: ObjectReader) {}
}

/// `POST jobs/reset` ("Reset").
public struct ResetJobRequest: APIRequest {
    public let jobID: JobID
    public let newSettings: JobSettings?

    public init(reading reader: ObjectReader) {
        jobID = JobID(reader.requiredInt64("job_id"))
        newSettings = reader.structure("new_settings", as: FlatJobSettings.self)?.settings
        if !reader.has("new_settings") { reader.missing("new_settings") }
    }
}

/// `POST jobs/update` ("Update").
public struct UpdateJobRequest: APIRequest {
    public let jobID: JobID
    /// As given: the members present determine what is replaced.
    public let newSettings: JSONObject?
    public let fieldsToRemove: [String]?

    public init(reading reader: ObjectReader) {
        jobID = JobID(reader.requiredInt64("job_id"))
        newSettings = reader.rawObject("new_settings", like: FlatJobSettings.self)
        fieldsToRemove = reader.strings("fields_to_remove")
    }
}

/// An endpoint that takes a `job_id` and nothing else: get, delete, runs/cancel-all.
public struct JobIDRequest: APIRequest {
    public let jobID: JobID

    public init(reading reader: ObjectReader) { jobID = JobID(reader.requiredInt64("job_id")) }
}

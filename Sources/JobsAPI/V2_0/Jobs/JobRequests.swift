// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON

/// `POST jobs/create` ("Create").
public struct CreateJobRequest: APIRequest {
    public let settings: JobSettings

    public init(reading reader: ObjectReader) { settings = JobSettings(readingFlat: reader) }
}

/// `POST jobs/reset` ("Reset").
public struct ResetJobRequest: APIRequest {
    public let jobID: JobID
    public let newSettings: JobSettings?

    public init(reading reader: ObjectReader) {
        jobID = JobID(reader.requiredInt64("job_id"))
        guard let settings = reader.object("new_settings") else {
            if !reader.has("new_settings") { reader.missing("new_settings") }
            newSettings = nil
            return
        }
        newSettings = JobSettings(readingFlat: settings)
        settings.noteUnknownFields()
    }
}

/// `POST jobs/update` ("Update").
public struct UpdateJobRequest: APIRequest {
    public let jobID: JobID
    /// As given: which members are there decides what is replaced.
    public let newSettings: JSONObject?
    public let fieldsToRemove: [String]?

    public init(reading reader: ObjectReader) {
        jobID = JobID(reader.requiredInt64("job_id"))
        fieldsToRemove = reader.strings("fields_to_remove")
        switch reader.raw("new_settings") {
        case .object(let object): newSettings = object
        case nil: newSettings = nil
        case let other?:
            reader.report.malformed(
                "Could not parse request object: Expected OBJECT for field new_settings, found \(other.typeName)")
            newSettings = nil
        }
    }
}

/// An endpoint that takes a `job_id` and nothing else: get, delete, runs/cancel-all.
public struct JobIDRequest: APIRequest {
    public let jobID: JobID

    public init(reading reader: ObjectReader) { jobID = JobID(reader.requiredInt64("job_id")) }
}

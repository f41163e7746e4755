// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON

/// `POST jobs/run-now` ("Run now").
public struct RunNowRequest: APIRequest {
    public let jobID: JobID
    /// Every kind that was given; more than one is a fault.
    public let parameters: [RunParameters]
    public let idempotencyToken: String?

    public init(reading reader: ObjectReader) {
        jobID = JobID(reader.requiredInt64("job_id"))
        parameters = RunParameters.all(reading: reader)
        idempotencyToken = reader.string("idempotency_token")
    }
}

/// `POST jobs/runs/submit` ("Runs submit").
public struct SubmitRunRequest: APIRequest {
    /// The job of the one run: `run_name` is its name.
    public let settings: JobSettings
    public let idempotencyToken: String?

    public init(reading reader: ObjectReader) {
        // Only jobs have these: they are reported as unknown here.
        reader.ignore(["name", "schedule", "max_concurrent_runs"])
        var settings = JobSettings(readingFlat: reader)
        settings.name = reader.string("run_name") ?? JobSettings.defaultName
        self.settings = settings
        idempotencyToken = reader.string("idempotency_token")
    }
}

/// `GET jobs/runs/list` ("Runs list").
public struct ListRunsRequest: APIRequest {
    public let activeOnly: Bool
    public let completedOnly: Bool
    public let jobID: JobID?
    public let offset: Int32
    public let limit: Int32?
    public let runType: String?

    public init(reading reader: ObjectReader) {
        activeOnly = reader.bool("active_only") ?? false
        completedOnly = reader.bool("completed_only") ?? false
        jobID = reader.int64("job_id").map(JobID.init)
        offset = reader.int32("offset") ?? 0
        limit = reader.int32("limit")
        runType = reader.string("run_type")
    }
}

/// An endpoint that takes a `run_id` and nothing else: get, cancel, get-output, delete.
public struct RunIDRequest: APIRequest {
    public let runID: RunID

    public init(reading reader: ObjectReader) { runID = RunID(reader.requiredInt64("run_id")) }
}

/// `GET jobs/runs/export` ("Runs export").
public struct ExportRunRequest: APIRequest {
    public enum Views: String, CaseIterable, Sendable {
        case code = "CODE"
        case dashboards = "DASHBOARDS"
        case all = "ALL"
    }

    /// The format of a view's content; an extension.
    public enum Format: String, CaseIterable, Sendable {
        case html = "HTML"
        case jupyter = "JUPYTER"
        case markdown = "MARKDOWN"
    }

    public let runID: RunID
    public let views: Views
    public let format: Format

    public init(reading reader: ObjectReader) {
        runID = RunID(reader.requiredInt64("run_id"))
        let givenFormat = reader.string("format")
        format = givenFormat.flatMap(Format.init(rawValue:)) ?? .html
        if let givenFormat, Format(rawValue: givenFormat) == nil {
            reader.invalid("format", given: givenFormat, allowed: "HTML, JUPYTER or MARKDOWN")
        }
        let given = reader.string("views_to_export")
        views = given.flatMap(Views.init(rawValue:)) ?? .code
        if let given, Views(rawValue: given) == nil {
            reader.invalid("views_to_export", given: given, allowed: "CODE, DASHBOARDS or ALL")
        }
    }
}

/// `GET jobs/runs/cells`, an extension.
public struct RunCellsRequest: APIRequest {
    public let runID: RunID
    /// The first cell's index, from 0.
    public let fromCell: Int32

    public init(reading reader: ObjectReader) {
        runID = RunID(reader.requiredInt64("run_id"))
        fromCell = reader.int32("from_cell") ?? 0
        if fromCell < 0 { reader.invalid("from_cell", given: "\(fromCell)", allowed: "0 or more") }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsJSON
import JobsStore
import QuartzCron

/// The answer of `jobs/validate`: what jobs/create would say, and more.
public struct SettingsReview: Sendable {
    let settings: JobSettings?
    let errors: [ReadingReport.Fault]
    let warnings: [String]
    let schedule: ScheduleReview?

    public func write(to writer: inout JSONWriter) {
        writer.member("valid", errors.isEmpty)
        if let settings {
            writer.key("settings")
            writer.object(settings.writeFlat)
        }
        writer.key("errors")
        writer.array { writer in
            for fault in errors { if let error = APIError([fault]) { writer.object(error.writeMembers) } }
        }
        writer.member("warnings", warnings)
        if let schedule {
            writer.key("schedule")
            writer.object(schedule.write)
        }
    }
}

extension JobService {
    /// `POST jobs/validate` (an extension): takes what jobs/create takes and changes nothing.
    public func validate(
        _ decoded: DecodedRequest<CreateJobRequest>, by principal: Principal
    ) async throws -> SettingsReview {
        let settings = decoded.request.settings
        settings.validate(rules.context(decoded.report, for: principal))
        let references = try await references.faults(of: settings.references, ofJob: nil)
            .compactMap { $0.fault(prefix: "") }
        let absent = try await self.references.faults(of: settings.softReferences, ofJob: nil)
        let errors = decoded.report.faults + references + [decoded.report.more].compactMap(\.self)
        return SettingsReview(
            settings: errors.isEmpty ? settings.withDefaults : nil, errors: errors,
            warnings: decoded.unknownFields.map { "unknown field \($0)" }
                + settings.warnings(at: clock.now, runnable: runnableKinds) + absent.warnings,
            schedule: settings.schedule.flatMap { ScheduleReview($0, after: clock.now) })
    }
}

extension JobSettings {
    /// With the defaults that the service keeps to itself: those of "AwsAttributes".
    var withDefaults: JobSettings {
        var settings = self
        settings.tasks = tasks.map { task in
            guard case .new(var cluster)? = task.cluster else { return task }
            cluster.awsAttributes = cluster.awsAttributes?.effective
            var task = task
            task.cluster = .new(cluster)
            return task
        }
        return settings
    }
}

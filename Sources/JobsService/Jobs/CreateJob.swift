// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsJSON
import JobsStore

extension JobService {
    /// `POST jobs/create` (contract B1).
    public func create(_ decoded: DecodedRequest<CreateJobRequest>, by principal: Principal) async throws -> JobID {
        var settings = decoded.request.settings
        settings.validate(rules.context(decoded.report, for: principal))
        settings.unknownFields = decoded.unknownFields
        try await references.rejectInvalid(decoded.report.faults, and: settings)
        let job = try await store.createJob(settings, by: principal.userName, at: clock.now)
        if settings.schedule != nil { wakeUps.schedulesChanged() }
        return job
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsStore

extension JobService {
    /// `POST jobs/create` (contract B1).
    public func create(_ decoded: DecodedRequest<CreateJobRequest>, by principal: Principal) async throws -> JobID {
        decoded.request.settings.validate(rules(decoded.report, for: principal))
        var settings = try decoded.checked().settings
        settings.unknownFields = decoded.unknownFields
        return try await store.createJob(settings, by: principal.userName, at: clock.now)
    }
}

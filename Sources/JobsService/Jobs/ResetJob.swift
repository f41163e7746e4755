// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsJSON
import JobsStore

extension JobService {
    /// `POST jobs/reset` (contract B3).
    public func reset(_ decoded: DecodedRequest<ResetJobRequest>, by principal: Principal) async throws {
        let prefix = "new_settings."
        let job = decoded.request.jobID
        decoded.request.newSettings?.validate(rules.context(decoded.report, prefix: prefix, for: principal))
        try await references.rejectInvalid(
            decoded.report.faults, and: decoded.request.newSettings, of: job, prefix: prefix)
        guard var settings = decoded.request.newSettings else { return }
        settings.unknownFields = decoded.unknownFields
        try await namingReferences(below: prefix) {
            try await store.changeSettings(of: job, at: clock.now) { [settings] _ in settings }
        }
        wakeUps.schedulesChanged()
    }
}

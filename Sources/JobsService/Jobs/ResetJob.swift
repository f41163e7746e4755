// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsStore

extension JobService {
    /// `POST jobs/reset` (contract B3).
    public func reset(_ decoded: DecodedRequest<ResetJobRequest>, by principal: Principal) async throws {
        let prefix = "new_settings."
        let job = decoded.request.jobID
        decoded.request.newSettings?.validate(rules.context(decoded.report, prefix: prefix, for: principal))
        try await references.rejectInvalid(decoded.report, and: decoded.request.newSettings, of: job, prefix: prefix)
        guard var settings = decoded.request.newSettings else { return }
        settings.unknownFields = decoded.unknownFields
        try await translatingStoreErrors {
            try await store.changeSettings(of: job, at: clock.now) { [settings] _, lookup in
                try References.check(settings, of: job, prefix: prefix)(lookup)
                return settings
            }
        }
        wakeUps.schedulesChanged()
    }
}

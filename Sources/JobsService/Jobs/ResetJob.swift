// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsStore

extension JobService {
    /// `POST jobs/reset` (contract B3).
    public func reset(_ decoded: DecodedRequest<ResetJobRequest>, by principal: Principal) async throws {
        decoded.request.newSettings?.validate(rules(decoded.report, prefix: "new_settings.", for: principal))
        let request = try decoded.checked()
        guard var settings = request.newSettings else { return }
        settings.unknownFields = decoded.unknownFields
        try await translatingStoreErrors {
            try await store.changeSettings(of: request.jobID, at: clock.now) { [settings] _ in settings }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsJSON
import JobsStore
import Synchronization

extension JobService {
    /// `POST jobs/update` (contract B4).
    /// - Returns: the paths in `new_settings` that nobody understands.
    public func update(
        _ decoded: DecodedRequest<UpdateJobRequest>, by principal: Principal
    ) async throws -> [String] {
        let request = try decoded.checked()
        guard request.newSettings != nil || request.fieldsToRemove != nil else {
            throw APIError.invalid("Either new_settings or fields_to_remove must be specified.")
        }
        let job = request.jobID
        let prefix = "new_settings."
        let patch = JobSettingsPatch(
            newSettings: request.newSettings ?? JSONObject(), fieldsToRemove: request.fieldsToRemove ?? [])
        let unknownFields = Mutex<[String]>([])
        try await translatingStoreErrors {
            try await store.changeSettings(of: job, at: clock.now) { [rules] old, lookup in
                let report = ReadingReport(maxElements: RequestLimits.maxElements)
                let settings = patch.applied(to: old, rules.context(report, prefix: prefix, for: principal))
                let faults = try settings.referenceFaults(of: job, prefix: prefix, lookup)
                if let error = APIError(report.faults + faults) { throw error }
                unknownFields.withLock { $0 = report.unknownFields }
                return settings
            }
        }
        wakeUps.schedulesChanged()
        return unknownFields.withLock { $0 }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsJSON
import JobsStore
import Synchronization

extension JobService {
    /// `POST jobs/update` (contract B4).
    /// - Returns: the paths of unknown fields in `new_settings`.
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
        let outcome = Mutex<Outcome?>(nil)
        do {
            try await namingReferences(below: prefix) {
                try await store.changeSettings(of: job, at: clock.now) { [rules] old in
                    let report = ReadingReport(maxElements: RequestLimits.maxElements)
                    let settings = patch.applied(to: old, rules.context(report, prefix: prefix, for: principal))
                    outcome.withLock {
                        $0 = Outcome(faults: report.faults, unknownFields: report.unknownFields, settings: settings)
                    }
                    guard report.faults.isEmpty else { throw InvalidPatch() }
                    return settings
                }
            }
        } catch is InvalidPatch {
            let invalid = outcome.withLock { $0 }
            guard let invalid else { throw APIError.invalid("The settings could not be changed.") }
            try await references.rejectInvalid(invalid.faults, and: invalid.settings, of: job, prefix: prefix)
        }
        wakeUps.schedulesChanged()
        return outcome.withLock { $0?.unknownFields ?? [] }
    }

    /// What the patch made of the stored settings.
    private struct Outcome: Sendable {
        let faults: [ReadingReport.Fault]
        let unknownFields: [String]
        let settings: JobSettings
    }

    /// The patch makes settings that break a rule; nothing was changed.
    private struct InvalidPatch: Error {}
}

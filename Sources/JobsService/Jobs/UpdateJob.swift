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
        let patch = JobSettingsPatch(
            newSettings: request.newSettings ?? JSONObject(), fieldsToRemove: request.fieldsToRemove ?? [],
            allowsLocalFiles: allowsLocalFiles && principal.isAdmin)
        let unknownFields = Mutex<[String]>([])
        try await translatingStoreErrors {
            try await store.changeSettings(of: request.jobID, at: clock.now) { old in
                let (settings, unknown) = try patch.applied(to: old)
                unknownFields.withLock { $0 = unknown }
                return settings
            }
        }
        return unknownFields.withLock { $0 }
    }
}

/// A partial change of settings, in the flat form of API 2.0.
struct JobSettingsPatch: Sendable {
    let newSettings: JSONObject
    let fieldsToRemove: [String]
    let allowsLocalFiles: Bool

    private static let clusterChoice = ["existing_cluster_id", "new_cluster"]
    private static let removableFields: Set<String> = Set(
        clusterChoice + JobTask.memberNames + [
            "name", "libraries", "email_notifications", "webhook_notifications", "notification_settings",
            "timeout_seconds", "max_retries", "min_retry_interval_millis", "retry_on_timeout", "schedule",
            "max_concurrent_runs", "health",
        ])

    /// Removes first, then replaces top-level members whole. A member of an either-or group takes the others of its
    /// group away, or the specification's own example, which moves a job to an existing cluster, would be an error.
    func applied(to old: JobSettings) throws -> (settings: JobSettings, unknownFields: [String]) {
        let report = ReadingReport()
        for field in fieldsToRemove where !Self.removableFields.contains(field) {
            report.invalid(
                "Invalid value for fields_to_remove: \(field.prefix(200)) is not a field of the job settings.")
        }
        var dropped = Set(fieldsToRemove)
        for group in [Self.clusterChoice, JobTask.memberNames] where group.contains(where: { isGiven($0) }) {
            dropped.formUnion(group)
        }
        guard case .object(let flat)? = try? JSONParser.parse(JSONWriter.text { $0.object(old.writeFlat) }) else {
            throw APIError(.internalError, "The stored settings of the job are unreadable.")
        }
        var merged = JSONObject()
        for key in flat.keys where !dropped.contains(key) && !isGiven(key) {
            _ = merged.add(key, flat[key] ?? .null)
        }
        for key in newSettings.keys { _ = merged.add(key, newSettings[key] ?? .null) }
        let reader = ObjectReader(merged, path: "new_settings", report: report)
        var settings = JobSettings(readingFlat: reader)
        reader.noteUnknownFields()
        settings.validate(
            RuleContext(report: report, prefix: "new_settings.", allowsLocalFiles: allowsLocalFiles))
        if let error = APIError(report) { throw error }
        settings.unknownFields = old.unknownFields.filter { !report.unknownFields.contains($0) } + report.unknownFields
        return (settings, report.unknownFields)
    }

    private func isGiven(_ key: String) -> Bool { (newSettings[key] ?? .null) != .null }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsJSON

/// A partial change of settings ("Update", contract B4), as a pure function from settings to settings.
///
/// It works on the document that the client sees: what is not changed stays to the letter, and the result is read and
/// judged like any other settings.
struct JobSettingsPatch: Sendable {
    let newSettings: JSONObject
    let fieldsToRemove: [String]

    /// Arrays whose elements are merged by a key; others are replaced.
    private static let keyedArrays = ["tasks": "task_key", "job_clusters": "job_cluster_key"]
    /// Mutually exclusive members: setting one removes the others, or the specification's own example, which moves a
    /// job to an existing cluster, would be an error.
    private static let groups = [["existing_cluster_id", "new_cluster"], JobTask.Kind.allCases.map(\.rawValue)]
    private static let removableFields: Set<String> = Set(
        Array(groups.joined()) + Array(keyedArrays.keys) + [
            "name", "libraries", "email_notifications", "webhook_notifications", "notification_settings",
            "timeout_seconds", "max_retries", "min_retry_interval_millis", "retry_on_timeout", "schedule",
            "max_concurrent_runs", "health",
        ])

    /// The settings that the patch makes of `old`; valid only when the report of `context` has no fault.
    /// - Parameter context: its prefix is that of the new settings in the request.
    func applied(to old: JobSettings, _ context: RuleContext) -> JobSettings {
        guard case .object(let document)? = try? JSONParser.parse(JSONWriter.text { $0.object(old.writeFlat) }) else {
            context.report.invalid("The stored settings of the job cannot be read.")
            return old
        }
        let merged = merged(into: removed(from: document, context.report))
        let reader = ObjectReader(merged, path: String(context.prefix.dropLast()), report: context.report)
        var settings = JobSettings(readingFlat: reader)
        reader.noteUnknownFields()
        settings.validate(context)
        let unknown = context.report.unknownFields
        settings.unknownFields = old.unknownFields.filter { !unknown.contains($0) } + unknown
        return settings
    }

    /// The document without the fields to remove, and without those that new members exclude.
    func removed(from old: JSONObject, _ report: ReadingReport) -> JSONObject {
        var document = old
        for field in fieldsToRemove {
            let parts = field.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if parts.count == 2, let key = Self.keyedArrays[parts[0]] {
                removeElement(parts[1], of: parts[0], by: key, from: &document, report)
            } else if Self.removableFields.contains(field) {
                document.remove(field)
            } else {
                report.invalid(
                    "Invalid value for fields_to_remove: \"\(field.prefix(200))\". "
                        + "Allowed: top-level fields of the job settings, tasks/KEY and job_clusters/KEY.")
            }
        }
        for group in Self.groups where group.contains(where: isGiven) {
            for member in group { document.remove(member) }
        }
        return document
    }

    private func removeElement(
        _ name: String, of array: String, by key: String, from document: inout JSONObject, _ report: ReadingReport
    ) {
        let elements = Self.elements(document[array])
        let kept = elements.filter { Self.key(of: $0, key) != name }
        if kept.count == elements.count {
            report.invalid(
                "Invalid value for fields_to_remove: \"\(array)/\(name.prefix(200))\". "
                    + "The job has no element of \(array) with this \(key).")
        }
        if kept.isEmpty { document.remove(array) } else { document.set(array, .array(kept)) }
    }

    /// Top-level members replaced whole, keyed arrays merged by key.
    func merged(into old: JSONObject) -> JSONObject {
        var document = old
        for name in newSettings.keys where isGiven(name) {
            guard let value = newSettings[name] else { continue }
            if let key = Self.keyedArrays[name], case .array(let elements) = value {
                document.set(name, .array(Self.merged(Self.elements(document[name]), elements, by: key)))
            } else {
                document.set(name, value)
            }
        }
        return document
    }

    private static func merged(_ old: [JSONValue], _ new: [JSONValue], by key: String) -> [JSONValue] {
        var result = old
        for element in new {
            if let name = Self.key(of: element, key),
                let index = result.firstIndex(where: { Self.key(of: $0, key) == name })
            {
                result[index] = element
            } else {
                result.append(element)
            }
        }
        return result
    }

    private static func elements(_ value: JSONValue?) -> [JSONValue] {
        if case .array(let elements)? = value { elements } else { [] }
    }

    private static func key(of element: JSONValue, _ name: String) -> String? {
        if case .object(let object) = element, case .string(let key)? = object[name] { key } else { nil }
    }

    private func isGiven(_ key: String) -> Bool { (newSettings[key] ?? .null) != .null }
}

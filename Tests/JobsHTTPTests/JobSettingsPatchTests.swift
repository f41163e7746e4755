// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON
import Testing

@testable import JobsService

@Suite("B4: a partial change of settings, as a function of documents")
struct JobSettingsPatchTests {
    private func object(_ json: String) throws -> JSONObject {
        guard case .object(let object) = try JSONParser.parse(json) else { return JSONObject() }
        return object
    }

    private func patched(_ old: String, _ new: String, _ remove: [String] = []) throws -> (JSONValue, [String]) {
        let report = ReadingReport()
        let patch = JobSettingsPatch(newSettings: try object(new), fieldsToRemove: remove)
        let result = patch.merged(into: patch.removed(from: try object(old), report))
        return (.object(result), report.faults.map(\.message))
    }

    private static let twoTasks =
        #"{"name":"n","tasks":[{"task_key":"a","max_retries":1,"x":{}},{"task_key":"b"}],"job_clusters":[{"job_cluster_key":"Default"}]}"#

    @Test(
        "keyed arrays are merged by key, other members replaced whole, removals come first",
        arguments: [
            (
                twoTasks, #"{"tasks":[{"task_key":"a","y":1}]}"#, [],
                #"{"name":"n","tasks":[{"task_key":"a","y":1},{"task_key":"b"}],"job_clusters":[{"job_cluster_key":"Default"}]}"#
            ),
            (
                twoTasks, #"{"tasks":[{"task_key":"c"}]}"#, ["tasks/a", "job_clusters/Default"],
                #"{"name":"n","tasks":[{"task_key":"b"},{"task_key":"c"}]}"#
            ),
            (
                twoTasks, #"{"tasks":[{"task_key":"a"}]}"#, ["tasks"],
                #"{"name":"n","job_clusters":[{"job_cluster_key":"Default"}],"tasks":[{"task_key":"a"}]}"#
            ),
            (
                #"{"libraries":[{"jar":"a"}],"schedule":{"a":1,"b":2}}"#,
                #"{"libraries":[{"jar":"b"}],"schedule":{"a":3}}"#, [],
                #"{"libraries":[{"jar":"b"}],"schedule":{"a":3}}"#
            ),
            (#"{"libraries":[{"jar":"a"}]}"#, #"{"libraries":null}"#, [], #"{"libraries":[{"jar":"a"}]}"#),
            (
                #"{"name":"n","new_cluster":{}}"#, #"{"existing_cluster_id":"x"}"#, [],
                #"{"name":"n","existing_cluster_id":"x"}"#
            ),
            (
                #"{"spark_jar_task":{},"timeout_seconds":1}"#, #"{"notebook_task":{}}"#,
                ["timeout_seconds", "schedule"], #"{"notebook_task":{}}"#
            ),
            (
                #"{"new_cluster":{}}"#, #"{"new_cluster":{},"existing_cluster_id":"x"}"#, [],
                #"{"new_cluster":{},"existing_cluster_id":"x"}"#
            ),
        ] as [(String, String, [String], String)])
    func merges(_ old: String, _ new: String, _ remove: [String], _ expected: String) throws {
        let (result, faults) = try patched(old, new, remove)
        #expect(JSONWriter.text { $0.value(result) } == expected)
        #expect(faults.isEmpty)
    }

    @Test(
        "removals that name nothing are faults",
        arguments: [
            "nonsense", "tasks/zz", "job_clusters/zz", "libraries/0", "", "/", "tasks/", "format", "new_cluster/x",
        ])
    func refused(_ field: String) throws {
        let (_, faults) = try patched(Self.twoTasks, "{}", [field])
        #expect(faults.count == 1)
        #expect(faults.first?.contains("fields_to_remove: \"\(field)\"") == true)
    }
}

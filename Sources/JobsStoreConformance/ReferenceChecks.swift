// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON
import JobsStore
import JobsTesting
import Notebooks

/// References of settings: checked in the transaction that stores the settings (contract C3, C9).
extension StoreConformance {
    private static let destination = "00000000-0000-4000-8000-00000000000a"

    static let referenceChecks: [StoreCheck] = [
        StoreCheck("C3: settings that name a destination which is not there are stored by no operation") { store in
            let settings = JobSettings.fixture().notifying(destination)
            let fault = StoreError.invalidReferences([.missing(settings.references[0])])
            try await checkThrows(fault) { _ = try await store.createJob(settings, by: "a", at: t0) }
            try await checkThrows(fault) { _ = try await store.submit(.fixture(settings, at: t0)) }
            try checkEqual(try await store.jobs(after: nil, limit: 5).count, 0, "jobs")
            try checkEqual(try await store.runs(RunQuery(offset: 0, limit: 5)).runs.count, 0, "runs")
            let job = try await store.createJob(.fixture(name: "old"), by: "a", at: t0)
            try await checkThrows(fault) { try await store.changeSettings(of: job, at: t0) { _ in settings } }
            try checkEqual(try await store.job(job)?.definition.settings, .fixture(name: "old"), "settings")
            try await store.addDestination(.fixture(destination), at: t0)
            try await store.changeSettings(of: job, at: t0) { _ in settings }
            try checkEqual(try await store.job(job)?.definition.settings, settings, "settings")
        },
        StoreCheck("C3: a destination is removed or a job that names it is stored, never both") { store in
            let settings = JobSettings.fixture().notifying(destination)
            for _ in 0..<20 {
                try await store.addDestination(.fixture(destination), at: t0)
                _ = await atOnce(2) { index in
                    if index == 0 { return try await store.removeDestination(destination) }
                    _ = try await store.createJob(settings, by: "a", at: t0)
                }
                let jobs = try await store.jobs(after: nil, limit: 5)
                let isThere = try await store.destination(destination) != nil
                try checkEqual(jobs.isEmpty, !isThere, "no job that names it")
                for job in jobs { _ = try await store.deleteJob(job.id, at: t0) }
                if isThere { try await store.removeDestination(destination) }
            }
        },
        StoreCheck("C9: a job runs another one that is there; not itself, and not in a circle") { store in
            let first = try await store.createJob(.fixture(), by: "a", at: t0)
            let second = try await store.createJob(.running(first), by: "a", at: t0)
            let third = try await store.createJob(.running(second), by: "a", at: t0)
            try await checkThrows(.invalidReferences([.circle([first, third, second, first], reference(third))])) {
                try await store.changeSettings(of: first, at: t0) { _ in .running(third) }
            }
            try await checkThrows(.invalidReferences([.circle([first, first], reference(first))])) {
                try await store.changeSettings(of: first, at: t0) { _ in .running(first) }
            }
            _ = try await store.deleteJob(second, at: t0)
            try await checkThrows(.invalidReferences([.missing(reference(second))])) {
                _ = try await store.createJob(.running(second), by: "a", at: t0)
            }
            // The way back to the first leads over a job that is gone.
            try await store.changeSettings(of: first, at: t0) { _ in .running(third) }
        },
        StoreCheck("faults of references are told in their order, of what is there and what is not") { store in
            let path = try WorkspacePath("/n")
            _ = try await store.writeNotebook(
                path,
                NewRevision(format: .source, language: .python, content: [], userName: "a", time: at(10)),
                overwrite: false)
            let job = try await store.createJob(.fixture(), by: "a", at: t0)
            let targets: [(SettingsReference.Target, Bool)] = [
                (.notebook(path, at: nil), true), (.notebook(path, at: at(9)), false),
                (.notebook(path, at: at(10)), true), (.notebook(try WorkspacePath("/m"), at: nil), false),
                (.job(job), true), (.job(JobID(99)), false), (.pipeline("p"), false), (.destination("d"), false),
            ]
            let references = targets.enumerated().map { SettingsReference($1.0, path: "m[\($0)]") }
            let missing = zip(references, targets).filter { !$1.1 }.map { ReferenceFault.missing($0.0) }
            try checkEqual(try await store.faults(of: references, ofJob: nil), missing, "faults")
            try checkEqual(try await store.faults(of: [reference(job)], ofJob: job).count, 1, "a circle")
        },
    ]

    private static func reference(_ job: JobID) -> SettingsReference {
        SettingsReference(.job(job), path: "run_job_task.job_id")
    }
}

extension JobSettings {
    /// Settings of a job that runs another one.
    fileprivate static func running(_ job: JobID) -> JobSettings {
        let reader = ObjectReader(["job_id": .integer(job.rawValue)], report: ReadingReport())
        return JobSettings(tasks: [TaskSettings(task: .runJob(RunJobTask(reading: reader)), cluster: nil)])
    }
}

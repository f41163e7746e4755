// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    /// Fires what is due at a second after `t0`, as a scheduler that has been running since before `t0`, or since a
    /// later second. Times in these checks are seconds.
    static func fire(
        at seconds: Int64, since: Int64 = -1, limit: Int = 1000, in store: StoreCheck.Store
    ) async throws -> FirePass {
        try await store.fireDue(
            FireRequest(
                now: at(seconds: seconds), watchingSince: at(seconds: since), policy: MisfirePolicy(), limit: limit))
    }

    static let triggerChecks: [StoreCheck] = [
        StoreCheck("E7: a schedule fires once per instant; its run is PERIODIC and has what the job has") { store in
            var settings = JobSettings.scheduled("0/10 * * * * ?")
            settings.timeoutSeconds = 77
            settings.name = "nightly"
            let job = try await store.createJob(settings, by: "ann", at: t0)
            try checkEqual(try await store.nextFireTime(), at(seconds: 10), "the next instant")
            try checkEqual(try await fire(at: 9, in: store), FirePass(), "too early")
            let pass = try await fire(at: 10, in: store)
            let run = try found(pass.firings.first, "run").runID
            try checkEqual(
                pass.firings,
                [FirePass.Firing(jobID: job, runID: run, fireTime: at(seconds: 10), isActive: true)], "firings")
            try checkEqual(pass.triggers, 1, "schedules looked at")
            try checkEqual(pass.misfires, [], "misfires")
            try checkEqual(try await fire(at: 10, in: store), FirePass(), "again")
            let view = try found(try await store.run(run), "run")
            try checkEqual(view.trigger, .periodic, "trigger")
            try checkEqual(view.runType, .jobRun, "run_type")
            try checkEqual(view.creatorUserName, "ann", "creator")
            try checkEqual(view.runName, "nightly", "run_name")
            try checkEqual(view.numberInJob, 1, "number_in_job")
            try checkEqual(view.times.start, at(seconds: 10), "start_time")
            let seen = try found(try await store.run(forExecution: run), "run")
            try checkEqual(seen.deadline, at(seconds: 87), "deadline")
            try checkEqual(seen.task, settings.tasks[0], "task")
            try checkEqual(try await store.nextFireTime(), at(seconds: 20), "the next instant")
        },
        StoreCheck("E7: a schedule's times are those of its zone") { store in
            // t0 is 22:13:20 UTC, 07:13:20 in Tokyo.
            let job = try await store.createJob(.scheduled("0 0 8 * * ?", "Asia/Tokyo"), by: "a", at: t0)
            let trigger = try found(try await store.trigger(of: job), "trigger")
            try checkEqual(
                trigger, TriggerView(mark: t0, nextFireTime: at(seconds: 46 * 60 + 40), missed: []), "the trigger")
        },
        StoreCheck("E3: a scheduled run that is one too many is SKIPPED, and counts as fired") { store in
            let job = try await store.createJob(.scheduled("* * * * * ?", runs: 1), by: "a", at: t0)
            try checkEqual(try await fire(at: 3, in: store).firings.map(\.isActive), [true, false, false], "active")
            let runs = try await store.runs(RunQuery(jobID: job, offset: 0, limit: 9)).runs
            try checkEqual(runs.map(\.state.lifeCycleState).reversed(), [.pending, .skipped, .skipped], "states")
            try checkEqual(try await fire(at: 3, in: store), FirePass(), "again")
        },
        StoreCheck("E7: only a schedule that can fire is waited for: not a paused one, none of a deleted job") {
            store in
            let paused = try await store.createJob(.scheduled("* * * * * ?", paused: true), by: "a", at: t0)
            let deleted = try await store.createJob(.scheduled("* * * * * ?"), by: "a", at: t0)
            let removed = try await store.createJob(.scheduled("* * * * * ?"), by: "a", at: t0)
            let last = try await store.createJob(.scheduled("0 0 0 1 1 ? 2024"), by: "a", at: t0)
            let plain = try await store.createJob(.fixture(), by: "a", at: t0)
            _ = try await store.deleteJob(deleted, at: t0)
            try await change(removed, in: store) { $0.schedule = nil }
            try checkEqual(try await store.nextFireTime(), Timestamp(milliseconds: 1_704_067_200_000), "next instant")
            for job in [paused, deleted, removed, plain, JobID(9999)] {
                try checkEqual(try await store.trigger(of: job), nil, "the trigger of job \(job)")
            }
            try checkEqual(try await fire(at: 60, in: store), FirePass(), "what fires")
            let firing = try await fire(at: 4_067_200, in: store).firings
            try checkEqual(firing.map(\.jobID), [last], "the last instant of a schedule")
            try checkEqual(try await store.nextFireTime(), nil, "after the last instant")
            try checkEqual(try await store.trigger(of: last)?.nextFireTime, nil, "after the last instant")
        },
        StoreCheck("E7: schedules that are due together fire in passes of the limit, the longest waiting first") {
            store in
            let late = try await store.createJob(.scheduled("0 * * * * ?"), by: "a", at: t0)
            var due: Set<JobID> = []
            for _ in 0..<20 { due.insert(try await store.createJob(.scheduled("40 * * * * ?"), by: "a", at: t0)) }
            try checkEqual(try await store.nextFireTime(), at(seconds: 20), "the next instant of any")
            var fired: [JobID] = []
            for _ in 0..<2 {
                let pass = try await fire(at: 40, limit: 10, in: store)
                try checkEqual(pass.triggers, 10, "schedules looked at")
                fired += pass.firings.map(\.jobID)
            }
            try checkEqual(Set(fired), due, "those that have waited since second 20")
            let rest = try await fire(at: 40, limit: 10, in: store)
            try checkEqual(rest.firings.map(\.jobID), [late], "the last")
            try checkEqual(rest.triggers, 1, "schedules looked at")
        },
        StoreCheck("E7: servers that look at the same store at once fire an instant once") { store in
            var jobs: Set<JobID> = []
            for _ in 0..<20 { jobs.insert(try await store.createJob(.scheduled("* * * * * ?"), by: "a", at: t0)) }
            for second in 1...5 {
                let passes = try await allAtOnce(8) { _ in try await fire(at: Int64(second), limit: 7, in: store) }
                let firings = passes.flatMap(\.firings)
                try checkEqual(firings.count, 20, "firings of second \(second)")
                try checkEqual(Set(firings.map(\.jobID)), jobs, "jobs of second \(second)")
            }
            try checkEqual(try await store.activeRuns().count, 100, "runs")
        },
        StoreCheck("E7: a clock that is set back fires nothing twice, and goes on when it has caught up") { store in
            let job = try await store.createJob(.scheduled("0/10 * * * * ?"), by: "a", at: t0)
            try checkEqual(try await fire(at: 20, since: 19, in: store).firings.map(\.fireTime), [at(seconds: 20)], "1")
            for second in [5, 10, 19, 20] as [Int64] {
                try checkEqual(try await fire(at: second, in: store), FirePass(), "second \(second)")
            }
            // A new schedule that reaches an instant that was already fired.
            try await store.changeSettings(of: job, at: at(seconds: 15)) { _ in .scheduled("0/20 * * * * ?") }
            try checkEqual(try await fire(at: 20, in: store).firings, [], "an instant that has fired")
            try checkEqual(try await fire(at: 40, in: store).firings.map(\.fireTime), [at(seconds: 40)], "the next")
        },
    ]
}

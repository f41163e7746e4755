// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// E3: max_concurrent_runs. E4: retries.
extension Ledger {
    func runMade(_ entry: JournalEntry) {
        guard let job = jobs[entry.job], runs[entry.run] == nil else {
            return world.fail("E8", "run \(entry.run) is made twice, or of no job")
        }
        let run = RunEntry(entry, at: world.wall)
        runs[run.id] = run
        world.note(
            "run \(run.id) of job \(run.job) is \(run.state) \(run.trigger)"
                + (entry.fireTime.map { " for \($0.shortText)" } ?? ""))
        if entry.number != job.lastNumber + 1 {
            world.fail("D1", "run \(run.id) is number \(entry.number) after \(job.lastNumber)")
        }
        job.lastNumber = entry.number
        let activeBefore = job.activeRuns
        if run.isActive {
            job.activeRuns += 1
            activeRuns += 1
        }
        if run.trigger == "RETRY" {
            payRetry(run)
        } else if !job.isSubmission {
            checkSlot(run, job, activeBefore)
        }
        if let instant = entry.fireTime { fired(run, job, instant) }
    }

    private func checkSlot(_ run: RunEntry, _ job: JobEntry, _ active: Int) {
        let limit = limit(of: job)
        switch run.state {
        case "PENDING" where active >= limit:
            world.fail("E3", "run \(run.id) starts beside \(active) active runs of job \(job.id), allowed are \(limit)")
        case "SKIPPED" where active < limit:
            world.fail(
                "E3", "run \(run.id) is SKIPPED, and only \(active) of \(limit) runs of job \(job.id) are active")
        default: break
        }
    }

    /// A retry takes the slot of the attempt before it.
    func checkRetriesTakeNoSlot(_ allowed: [JobID: Int]) {
        for (id, allowed) in allowed.sorted(by: { $0.key < $1.key }) {
            guard let job = jobs[id], !job.isSubmission, job.activeRuns > allowed else { continue }
            world.fail("E3", "\(job.activeRuns) runs of job \(id) are active, allowed are \(allowed)")
        }
    }

    /// max_concurrent_runs of the settings that a job has now.
    func limit(of job: JobEntry) -> Int { versions[job.settings]?.maxConcurrentRuns ?? 0 }

    // MARK: Retries

    /// Whether the end of a run requires a retry, and when that may start.
    func oweRetry(after run: RunEntry, _ job: JobEntry) {
        guard let policy = versions[run.settings], !job.isDeleted else { return }
        let isFailure: Bool =
            switch (run.state, run.result) {
            case (_, "TIMEDOUT"): policy.retryOnTimeout
            case ("TERMINATED", "FAILED"): true
            case ("INTERNAL_ERROR", let result): result == nil || result == "FAILED"
            default: false
            }
        guard isFailure, policy.maxRetries == -1 || run.attempt < policy.maxRetries else { return }
        owedRetries[run.id] = Timestamp(milliseconds: run.start.milliseconds + policy.minRetryInterval)
    }

    private func payRetry(_ retry: RunEntry) {
        let owed = owedRetries.filter { id, _ in
            runs[id].map { $0.original == retry.original && $0.attempt == retry.attempt - 1 } ?? false
        }
        guard let (run, earliest) = owed.first, owed.count == 1 else {
            return world.fail(
                "E4", "run \(retry.id) is a retry that no policy wants, or not in the transaction that does")
        }
        owedRetries[run] = nil
        if retry.start < earliest {
            world.fail("E4", "run \(retry.id) may start \((earliest - retry.start).wholeMilliseconds) ms too soon")
        }
        // The attempt's own start_time is set back with the clock; the retry may count from what it was.
        let interval = Duration.milliseconds(versions[retry.settings]?.minRetryInterval ?? 0)
        if retry.start > world.latestWall + interval {
            world.fail("E4", "run \(retry.id) starts later than it may")
        }
    }
}

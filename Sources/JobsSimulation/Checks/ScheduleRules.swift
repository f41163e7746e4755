// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// A period in which a job had an active schedule.
struct ScheduleSpan {
    let pattern: SchedulePattern
    /// Instants after this one are due.
    let from: Timestamp
    /// When it was replaced, paused or removed, by the time of that change; nil: not yet.
    var through: Timestamp?
    /// The latest time that the clock has shown until then.
    var latest: Timestamp?
    /// False for a deleted job: its due instants need no run.
    var isOwed = true
}

/// Instants that were recorded as missed.
struct MissedSpan {
    let first: Timestamp
    let through: Timestamp
    /// The schedule that missed them.
    let span: Int
}

/// E7: every due instant has one run, SKIPPED or not, or is recorded as missed.
extension Ledger {
    func settingsChanged(_ entry: JournalEntry, isNew: Bool) {
        guard let job = jobs[entry.job], let version = versions[entry.name] else {
            return world.fail("B", "job \(entry.job) has settings, \(entry.name), that nobody sent")
        }
        world.note(
            "job \(job.id) has \(version.name): \(version.activeSchedule.map { "\($0.expression) \($0.zone.id)" } ?? "-"),"
                + " \(version.maxConcurrentRuns) runs, timeout \(version.timeoutSeconds) s,"
                + " \(version.maxRetries) retries")
        job.settings = entry.name
        if job.isSubmission { return }
        let current = job.schedules.last.flatMap { $0.through == nil ? $0.pattern : nil }
        if current == version.activeSchedule { return }
        closeSchedule(job, at: version.time, isOwed: true)
        if let pattern = version.activeSchedule {
            job.schedules.append(ScheduleSpan(pattern: pattern, from: version.time))
        }
    }

    func jobDeleted(_ id: JobID) {
        guard let job = jobs[id] else { return }
        world.note("job \(id) is deleted")
        job.isDeleted = true
        closeSchedule(job, at: world.wall, isOwed: false)
    }

    private func closeSchedule(_ job: JobEntry, at time: Timestamp, isOwed: Bool) {
        guard let last = job.schedules.indices.last, job.schedules[last].through == nil else { return }
        job.schedules[last].through = time
        job.schedules[last].latest = world.latestWall
        job.schedules[last].isOwed = isOwed
    }

    func fired(_ run: RunEntry, _ job: JobEntry, _ instant: Timestamp) {
        if let other = job.fired[instant] {
            world.fail("E7", "runs \(other) and \(run.id) of job \(job.id) are for one instant")
        }
        job.fired[instant] = run.id
        guard let span = job.schedules.last, span.through == nil, span.from < instant,
            span.pattern.has(instant)
        else { return world.fail("E7", "run \(run.id): its schedule has no instant \(instant.shortText)") }
        if instant > world.latestWall { world.fail("E7", "run \(run.id) is made before its time") }
        if faults.isCalm, world.wall - instant > .seconds(1) {
            world.fail("E7", "run \(run.id) is made \((world.wall - instant).wholeMilliseconds) ms late")
        }
    }

    func instantsMissed(_ entry: JournalEntry) {
        guard let job = jobs[entry.job], let end = entry.end else { return }
        world.note("job \(job.id) missed \(entry.start.shortText) to \(end.shortText)")
        // The transaction that changes a schedule records the unhandled instants of the replaced one.
        guard let index = job.schedules.lastIndex(where: { $0.from < entry.start }) else {
            return world.fail("E7", "job \(job.id) missed an instant before it had a schedule")
        }
        let span = job.schedules[index]
        job.missed.append(MissedSpan(first: entry.start, through: end, span: index))
        let missed = span.pattern.instants(after: entry.start + .milliseconds(-1), through: end)
        if missed.isEmpty { world.fail("E7", "job \(job.id): nothing was due that was recorded as missed") }
        if faults.isCalm, span.through == nil {
            world.fail("E7", "job \(job.id) missed an instant, and nothing had gone wrong")
        }
    }

    /// At the end: the outcome of every instant of every schedule.
    func checkInstants() {
        for job in jobs.values.sorted(by: { $0.id < $1.id }) {
            for (index, span) in job.schedules.enumerated() where span.isOwed {
                for instant in span.pattern.instants(after: span.from, through: span.through ?? world.wall) {
                    checkInstant(instant, job, index)
                }
            }
        }
    }

    private func checkInstant(_ instant: Timestamp, _ job: JobEntry, _ index: Int) {
        let isFired = job.fired[instant] != nil
        let missed = job.missed.count { $0.first <= instant && instant <= $0.through && has(instant, job, $0.span) }
        if !isFired, missed == 0 {
            world.fail("E7", "job \(job.id): nothing became of the instant \(instant.shortText)")
        }
        // After the clock was set back, several schedules of the job may have reached the instant.
        let times = job.schedules.indices.count { has(instant, job, $0) }
        if missed + (isFired ? 1 : 0) > times {
            world.fail("E7", "job \(job.id): the instant \(instant.shortText) was dealt with more than once")
        }
    }

    /// Whether the instant may have been due in a schedule's period.
    private func has(_ instant: Timestamp, _ job: JobEntry, _ index: Int) -> Bool {
        let span = job.schedules[index]
        return span.from < instant && instant <= span.latest ?? world.latestWall && span.pattern.has(instant)
    }
}

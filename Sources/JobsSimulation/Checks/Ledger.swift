// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// A model of the database's contents, updated from the changes of each commit, and every rule of the contract that can
/// be checked immediately. Written from the contract, not from the code it checks.
///
/// Proof of Sendable: used on the world's thread only.
final class Ledger: @unchecked Sendable {
    let world: World
    let faults: FaultPlan
    let machine: Machine
    let versions: JobVersions
    var jobs: [JobID: JobEntry] = [:]
    var runs: [RunID: RunEntry] = [:]
    /// Runs and jobs that a client has asked to stop.
    var askedToStop: Set<RunID> = []
    var askedToStopAll: Set<JobID> = []
    /// Retries that the commit being checked must contain.
    var owedRetries: [RunID: Timestamp] = [:]
    var activeRuns = 0

    init(world: World, faults: FaultPlan, machine: Machine, versions: JobVersions) {
        self.world = world
        self.faults = faults
        self.machine = machine
        self.versions = versions
        machine.taskStarts = { [unowned self] in taskStarts($0) }
        machine.taskIsSignalled = { [unowned self] in taskIsSignalled($0) }
    }

    /// A transaction has reached the disk.
    func committed(_ entries: [JournalEntry]) {
        // How many runs of each job may be active after it.
        var allowed: [JobID: Int] = [:]
        for entry in entries {
            if allowed[entry.job] == nil { allowed[entry.job] = jobs[entry.job]?.activeRuns }
            apply(entry)
            // Several commands may be committed together, one of them a change of the limit.
            if let job = jobs[entry.job] { allowed[job.id] = max(allowed[job.id] ?? 0, limit(of: job)) }
        }
        for (run, _) in owedRetries.sorted(by: { $0.key < $1.key }) {
            world.fail("E4", "run \(run) ended without the retry that its policy wants, in the same transaction")
        }
        checkRetriesTakeNoSlot(allowed)
        for run in unwrittenTransitions.sorted() {
            world.fail("D11", "run \(run) changed its state without a row in the log of transitions")
        }
    }

    /// Runs whose change of state is not in `run_transitions` yet.
    private var unwrittenTransitions: Set<RunID> = []

    private func apply(_ entry: JournalEntry) {
        switch entry.kind {
        case .jobMade:
            jobs[entry.job] = JobEntry(id: entry.job, isSubmission: entry.number == 1, settings: entry.name)
            settingsChanged(entry, isNew: true)
        case .settingsChanged: settingsChanged(entry, isNew: false)
        case .jobDeleted: jobDeleted(entry.job)
        case .runMade:
            unwrittenTransitions.insert(entry.run)
            runMade(entry)
        case .stateChanged:
            unwrittenTransitions.insert(entry.run)
            stateChanged(entry)
        case .timeoutChanged:
            if runs[entry.run]?.timeout != entry.timeout { runs[entry.run]?.timeoutChangedAt = world.wall }
            runs[entry.run]?.timeout = entry.timeout
        case .transitionWritten: transitionWritten(entry)
        case .instantsMissed: instantsMissed(entry)
        }
    }

    private func transitionWritten(_ entry: JournalEntry) {
        guard let run = runs[entry.run] else { return }
        unwrittenTransitions.remove(entry.run)
        run.transitions += 1
        if entry.state != run.state || entry.result != run.result || entry.number != run.transitions {
            world.fail("D11", "run \(run.id) is \(run.state), and the log says \(entry.state)")
        }
    }
}

/// A job as the ledger knows it.
final class JobEntry {
    let id: JobID
    let isSubmission: Bool
    /// The name of its settings.
    var settings: String
    var isDeleted = false
    var activeRuns = 0
    var lastNumber: Int64 = 0
    var schedules: [ScheduleSpan] = []
    /// Runs by the instant for which the scheduler made them.
    var fired: [Timestamp: RunID] = [:]
    var missed: [MissedSpan] = []

    init(id: JobID, isSubmission: Bool, settings: String) {
        self.id = id
        self.isSubmission = isSubmission
        self.settings = settings
    }
}

/// A run as the ledger knows it.
final class RunEntry {
    let id: RunID
    let job: JobID
    /// The name of the settings that it was made with.
    let settings: String
    let trigger: String
    let attempt: Int64
    let original: Int64
    var state: String
    var result: String?
    var start: Timestamp
    var timeout: Int64
    var timeoutChangedAt: Timestamp
    let madeAt: Timestamp
    /// In the world's milliseconds.
    var terminatingSince: Int64?
    var transitions: Int64 = 0
    var taskStarts = 0
    /// It has been RUNNING: the intent to launch was stored.
    var wasRunning = false

    init(_ entry: JournalEntry, at time: Timestamp) {
        id = entry.run
        job = entry.job
        settings = entry.name
        trigger = entry.trigger
        attempt = entry.attempt
        original = entry.original
        state = entry.state
        start = entry.start
        timeout = entry.timeout
        timeoutChangedAt = time
        madeAt = time
    }

    var isActive: Bool { state == "PENDING" || state == "RUNNING" || state == "TERMINATING" }
}

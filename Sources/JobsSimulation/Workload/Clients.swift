// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsEngine
import JobsStore
import JobsStoreSQLite

/// Clients that create jobs, start runs, cancel, change and delete, at random times.
///
/// Proof of Sendable: used on the world's thread only.
final class Clients: @unchecked Sendable {
    let world: World
    let faults: FaultPlan
    let ledger: Ledger
    let versions: JobVersions
    var random: SeededRandom
    /// The server that can be reached now.
    var server: () -> ServerLife? = { nil }
    var acknowledgements = Acknowledgements()
    var tokens = 0

    init(world: World, faults: FaultPlan, ledger: Ledger, versions: JobVersions) {
        self.world = world
        self.faults = faults
        self.ledger = ledger
        self.versions = versions
        random = SeededRandom(seed: world.seed, stream: 3)
    }

    /// Plans the requests of this many milliseconds.
    func plan(_ span: Int64) {
        for _ in 0..<(1 + random.below(4)) {
            let time = random.within(0...5000)
            world.after(time) { [self] in createJob() }
        }
        for _ in 0..<(4 + random.below(20)) {
            let time = random.within(1000...span)
            world.after(time) { [self] in askForSomething() }
        }
    }

    private func askForSomething() {
        let jobs = visibleJobs
        switch random.below(20) {
        case 0: createJob()
        case 1, 2: submit()
        case 3...5: cancelRun()
        case 6: if !jobs.isEmpty { cancelRuns(of: random.pick(jobs)) }
        case 7, 8, 9, 10: if !jobs.isEmpty { change(random.pick(jobs)) }
        case 11: if !jobs.isEmpty { delete(random.pick(jobs)) }
        default: if !jobs.isEmpty { runNow(random.pick(jobs)) }
        }
    }

    var visibleJobs: [JobID] { ledger.jobs.values.filter { !$0.isDeleted && !$0.isSubmission }.map(\.id).sorted() }

    // MARK: Requests

    /// Lets the server answer a request; `reply` is called only while that server is alive.
    func send<Answer: Sendable>(
        _ name: String, _ handle: @escaping @Sendable (ServerLife) async throws -> Answer,
        reply: @escaping @Sendable (Result<Answer, any Error>) -> Void = { _ in }
    ) {
        guard let server = server(), server.takesRequests else { return world.note("client: \(name): no server") }
        world.note("client: \(name)")
        server.spawn { [world] in
            let answer: Result<Answer, any Error>
            do { answer = .success(try await handle(server)) } catch { answer = .failure(error) }
            guard server.isAlive else { return }
            if case .failure(let error) = answer { world.note("client: \(name): \(error)") }
            reply(answer)
        }
    }

    /// A wake-up that may get lost.
    func wakeUp(_ server: ServerLife, _ runs: [RunID], schedules: Bool = false) {
        if faults.strikes(faults.rates.lostWakeUp) { return faults.trouble("a wake-up is lost") }
        server.wakeUps.runsChanged(runs)
        if schedules { server.wakeUps.schedulesChanged() }
    }

    /// The server reads the time of a request, and then takes a moment to validate it.
    func check(_ server: ServerLife) async throws -> Timestamp {
        let now = server.clock.now
        try await server.clock.sleep(for: .milliseconds(faults.within(0...2)))
        return now
    }

    func createJob() {
        let version = versions.make(&random)
        send("create a job, \(version.name)") { [self] server in
            let time = try await check(server)
            versions.add(version, at: time)
            let job = try await server.store.createJob(version.settings, by: "sim", at: time)
            wakeUp(server, [], schedules: true)
            return job
        } reply: { [self] answer in
            if case .success(let job) = answer { acknowledgements.jobs.append(job) }
        }
    }

    private func change(_ job: JobID) {
        var version = versions.make(&random)
        if random.chance(300) { version.schedule = versions[ledger.jobs[job]?.settings ?? ""]?.schedule }
        change(job, to: version)
    }

    func change(_ job: JobID, to version: JobVersion, reply: @escaping @Sendable (Bool) -> Void = { _ in }) {
        send("change job \(job), \(version.name)") { [self] server in
            let time = try await check(server)
            versions.add(version, at: time)
            let settings = version.settings
            try await server.store.changeSettings(of: job, at: time) { _ in settings }
            wakeUp(server, [], schedules: true)
        } reply: { answer in
            if case .success = answer { reply(true) } else { reply(false) }
        }
    }

    private func delete(_ job: JobID) {
        ledger.askedToStopAll.insert(job)
        send("delete job \(job)") { [self] server in
            let runs = try await server.store.deleteJob(job, at: try await check(server))
            wakeUp(server, runs, schedules: true)
        }
    }

    private func cancelRun() {
        let runs = ledger.runs.values.filter { $0.isActive || $0.id.rawValue % 7 == 0 }.map(\.id).sorted()
        guard !runs.isEmpty else { return }
        let run = random.pick(runs)
        ledger.askedToStop.insert(run)
        send("cancel run \(run)") { [self] server in
            wakeUp(server, try await server.store.cancelRun(run, at: try await check(server)))
        }
    }

    private func cancelRuns(of job: JobID) {
        ledger.askedToStopAll.insert(job)
        send("cancel all runs of job \(job)") { [self] server in
            wakeUp(server, try await server.store.cancelRuns(of: job, at: try await check(server)))
        }
    }
}

/// The answers that clients have received.
struct Acknowledgements {
    var jobs: [JobID] = []
    var runs: [RunID] = []
    var runByToken: [String: RunID] = [:]
    /// Tokens that no client sends any more.
    var settled: Set<String> = []
    /// How many runs were requested; requests with the same token count once.
    var requests = 0
}

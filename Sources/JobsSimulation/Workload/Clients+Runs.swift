// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsStoreSQLite

/// Runs that clients request, and the answers that they check later.
extension Clients {
    func runNow(_ job: JobID) {
        let key = random.chance(600) ? newKey() : nil
        start("run job \(job) now", key) { [self] server in
            try await server.store.admit(
                NewRun(
                    jobID: job, parameters: nil, idempotency: key, trigger: .oneTime, creatorUserName: "sim",
                    time: try await check(server)))
        }
    }

    func submit() {
        let key = random.chance(600) ? newKey() : nil
        var version = versions.make(&random)
        version.schedule = nil
        versions.add(version, at: world.wall)
        let settings = version.settings
        start("submit \(version.name)", key) { [self] server in
            try await server.store.submit(
                NewSubmission(
                    settings: settings, idempotency: key, creatorUserName: "sim", time: try await check(server)))
        }
    }

    private func newKey() -> IdempotencyKey {
        tokens += 1
        return IdempotencyKey(token: "token-\(tokens)", requestDigest: "digest")
    }

    /// Requests a run; with a token it retries until there is an answer, sometimes two requests at once.
    private func start(
        _ name: String, _ key: IdempotencyKey?,
        _ admit: @escaping @Sendable (ServerLife) async throws -> Admission
    ) {
        acknowledgements.requests += 1
        let ask: @Sendable () -> Void = { [self] in
            send(name + (key.map { " with \($0.token)" } ?? "")) { [self] server in
                let admission = try await admit(server)
                if admission.lifeCycleState.isActive { wakeUp(server, [admission.runID]) }
                return admission
            } reply: { [self] answer in
                switch answer {
                case .success(let admission): acknowledged(admission, key)
                case .failure(let error):
                    if let key, isFinal(error) { acknowledgements.settled.insert(key.token) }
                }
            }
        }
        ask()
        guard let key else { return }
        if random.chance(300) { ask() }
        askAgain(key.token, ask)
    }

    /// False for transient errors.
    private func isFinal(_ error: any Error) -> Bool {
        switch error as? StoreError {
        case nil, .unavailable, .concurrentRunLimit: false
        default: true
        }
    }

    private func askAgain(_ token: String, _ ask: @escaping @Sendable () -> Void) {
        world.after(random.within(500...5000)) { [self] in
            if acknowledgements.settled.contains(token) { return }
            ask()
            askAgain(token, ask)
        }
    }

    private func acknowledged(_ admission: Admission, _ key: IdempotencyKey?) {
        world.note("client: run \(admission.runID) is acknowledged")
        acknowledgements.runs.append(admission.runID)
        if ledger.runs[admission.runID] == nil {
            world.fail("E8", "run \(admission.runID) is acknowledged and not on the disk")
        }
        guard let key else { return }
        acknowledgements.settled.insert(key.token)
        if let earlier = acknowledgements.runByToken.updateValue(admission.runID, forKey: key.token),
            earlier != admission.runID
        {
            world.fail("D3", "\(key.token) has the runs \(earlier) and \(admission.runID)")
        }
    }
}

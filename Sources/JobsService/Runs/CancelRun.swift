// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsStore

extension RunService {
    /// `POST jobs/runs/cancel` (contract D6): the state changes at once, the processes end soon.
    public func cancel(_ decoded: DecodedRequest<RunIDRequest>) async throws {
        let run = try decoded.checked().runID
        wakeUps.runsChanged(try await store.cancelRun(run, at: clock.now))
    }

    /// `POST jobs/runs/cancel-all` (contract D6).
    public func cancelAll(_ decoded: DecodedRequest<JobIDRequest>) async throws {
        let job = try decoded.checked().jobID
        let runs = try await store.cancelRuns(of: job, at: clock.now)
        wakeUps.runsChanged(runs)
    }
}

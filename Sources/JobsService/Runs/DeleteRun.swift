// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsCompute
import JobsDomain
import JobsStore

extension RunService {
    /// `POST jobs/runs/delete` (contract D7).
    public func delete(_ decoded: DecodedRequest<RunIDRequest>) async throws {
        let run = try decoded.checked().runID
        let removed = try await store.deleteRun(run, at: clock.now)
        for run in removed { try await outputs.removeOutput(of: run) }
    }
}

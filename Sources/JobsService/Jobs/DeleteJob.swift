// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsStore

extension JobService {
    /// `POST jobs/delete` (contract B5).
    public func delete(_ decoded: DecodedRequest<JobIDRequest>) async throws {
        let job = try decoded.checked().jobID
        let runs = try await store.deleteJob(job, at: clock.now)
        wakeUps.runsChanged(runs)
    }
}

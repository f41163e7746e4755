// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsJSON
import JobsStore

extension RunService {
    /// `GET jobs/runs/get` (contract D5).
    public func get(_ decoded: DecodedRequest<RunIDRequest>) async throws -> RunResponse {
        response(try await visible(try decoded.checked().runID))
    }

    func response(_ run: RunView) -> RunResponse {
        RunResponse(run: run, rendering: renderings.rendering(of: run.definition))
    }

    /// A run's transitions, and the warning that it takes long, if there was one (an extension).
    public func transitions(
        _ decoded: DecodedRequest<RunIDRequest>
    ) async throws -> ([RunTransition], HealthWarning?) {
        let run = try await visible(try decoded.checked().runID)
        return (try await store.transitions(of: run.id), try await store.healthWarning(of: run.id))
    }

    func visible(_ run: RunID) async throws -> RunView {
        guard let view = try await store.run(run) else { throw APIError.runDoesNotExist(run) }
        return view
    }
}

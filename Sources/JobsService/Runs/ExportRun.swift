// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsStore

extension RunService {
    /// `GET jobs/runs/export` (contract D9): "Only notebook runs can be exported in HTML format. Exporting runs of other
    /// types will fail." Notebook tasks cannot run yet, so every run that exists is of another type.
    public func export(_ decoded: DecodedRequest<ExportRunRequest>) async throws -> Never {
        let run = try await visible(try decoded.checked().runID)
        if run.taskV2_0.hasPrefix("{\"notebook_task\"") {
            throw APIError.invalid("Run \(run.id) has not run its notebook; there is nothing to export.")
        }
        throw APIError.invalid("Run \(run.id) is not a notebook run. Only notebook runs can be exported.")
    }
}

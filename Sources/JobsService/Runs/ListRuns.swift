// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsJSON
import JobsStore

extension RunService {
    private static let defaultLimit: Int32 = 20
    private static let maxLimit: Int32 = 999

    /// `GET jobs/runs/list` (contract D4). Pages that the same client asks for one after the other do not overlap,
    /// though runs are created meanwhile; so what is answered depends on what was answered before.
    public func list(
        _ decoded: DecodedRequest<ListRunsRequest>, by principal: Principal
    ) async throws -> RunListResponse {
        var query = Self.query(decoded.request, decoded.report)
        _ = try decoded.checked()
        let snapshot = ListSnapshots.Key(
            userName: principal.userName, jobID: query.jobID, activity: query.activity, runType: query.runType)
        query.newestRunID = snapshots.newestRunID(snapshot, offset: query.offset, at: clock.now)
        let page = try await store.runs(query)
        if let newest = page.newestRunID {
            snapshots.noteAnswer(
                snapshot, offset: query.offset, count: page.runs.count, newestRunID: newest, at: clock.now)
        }
        return RunListResponse(runs: page.runs.map(response), hasMore: page.hasMore)
    }

    private static func query(_ request: ListRunsRequest, _ report: ReadingReport) -> RunQuery {
        if request.activeOnly, request.completedOnly {
            report.invalid("active_only and completed_only cannot both be true.")
        }
        if request.offset < 0 {
            report.invalid("Invalid value for offset: \(request.offset). Allowed: 0 or more.")
        }
        let limit = request.limit ?? defaultLimit
        if !(0...maxLimit).contains(limit) {
            report.invalid(
                "Invalid value for limit: \(limit). Allowed: 1 to \(maxLimit), or 0 for the maximum.")
        }
        let runType = request.runType.flatMap { $0.isEmpty ? nil : $0 }
        if let runType, RunType(rawValue: runType) == nil {
            let allowed = RunType.allCases.map(\.rawValue).joined(separator: ", ")
            report.invalid("Invalid value for run_type: \(runType.prefix(200)). Allowed: \(allowed).")
        }
        return RunQuery(
            jobID: request.jobID,
            activity: request.activeOnly ? .activeOnly : request.completedOnly ? .completedOnly : .any,
            runType: runType.flatMap(RunType.init(rawValue:)), offset: Int(request.offset),
            limit: Int(limit == 0 ? maxLimit : limit))
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsJSON
import JobsStore

extension RunService {
    private static let defaultLimit: Int32 = 20
    private static let maximumLimit: Int32 = 999

    /// `GET jobs/runs/list` (contract D4).
    public func list(_ decoded: DecodedRequest<ListRunsRequest>) async throws -> RunPage {
        let query = Self.query(decoded.request, decoded.report)
        _ = try decoded.checked()
        return try await store.runs(query)
    }

    private static func query(_ request: ListRunsRequest, _ report: ReadingReport) -> RunQuery {
        if request.activeOnly, request.completedOnly {
            report.invalid("active_only and completed_only cannot both be true.")
        }
        if request.offset < 0 {
            report.invalid("Invalid value for offset: \(request.offset). Allowed: 0 or more.")
        }
        let limit = request.limit ?? defaultLimit
        if !(0...maximumLimit).contains(limit) {
            report.invalid(
                "Invalid value for limit: \(limit). Allowed: 1 to \(maximumLimit), or 0 for the maximum.")
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
            limit: Int(limit == 0 ? maximumLimit : limit))
    }
}

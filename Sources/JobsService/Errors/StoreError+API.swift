// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsJSON
import JobsStore

extension StoreError: APIErrorConvertible {
    public var apiError: APIError {
        switch self {
        case .jobDoesNotExist(let job): .jobDoesNotExist(job)
        case .runDoesNotExist(let run): .runDoesNotExist(run)
        case .runIsActive(let run): .runIsActive(run)
        case .runIsNotRunning(let run): .runIsNotRunning(run)
        case .workflowTooDeep(let limit): .workflowTooDeep(limit: limit)
        case .idempotencyTokenOfDeletedRun(_, let run): .idempotencyTokenOfDeletedRun(run)
        case .jobCreationLimit(let limit, let wait): .jobCreationLimit(limit, retryAfter: wait)
        case .concurrentRunLimit(let active, let limit, let wait):
            .concurrentRunLimit(active: active, limit: limit, retryAfter: wait)
        case .unavailable(let reason): .temporarilyUnavailable(reason)
        case .destinationDoesNotExist(let id): .destinationDoesNotExist(id)
        case .destinationIsInUse(let id, let job): .destinationIsInUse(id, by: job)
        case .invalidReferences(let faults): .invalidReferences(faults, prefix: "")
        }
    }
}

extension APIError {
    /// - Parameter prefix: where the settings stand in the request, for example `new_settings.`.
    static func invalidReferences(_ faults: [ReferenceFault], prefix: String) -> APIError {
        APIError(faults.compactMap { $0.fault(prefix: prefix) })
            ?? .invalid("The settings refer to what does not exist.")
    }
}

extension ReferenceFault {
    /// The error message, with the API's names; nil for what is only a warning.
    func fault(prefix: String) -> ReadingReport.Fault? {
        switch self {
        case .circle(let jobs, let reference):
            let circle = jobs.map(\.description).joined(separator: " -> ")
            return .invalid("Jobs must not run each other in a circle: \(circle). (\(prefix)\(reference.path))")
        case .missing(let reference):
            let place = "(\(prefix)\(reference.path))"
            switch reference.target {
            // The real service's message, and the field.
            case .destination(let id): return .invalid("Webhook with id '\(id.prefix(200))' was not found. \(place)")
            case .pipeline(let id): return .invalid("Pipeline '\(id.prefix(200))' does not exist. \(place)")
            case .job(let job): return .invalid("Job \(job) does not exist. \(place)")
            case .notebook: return nil
            }
        }
    }
}

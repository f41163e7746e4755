// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON

/// A factory per situation, so that the texts stand in one place. Clients match some of them to the letter.
extension APIError {
    public static func invalid(_ message: String) -> APIError { APIError(.invalidParameterValue, message) }

    public static func jobDoesNotExist(_ job: JobID) -> APIError { .invalid("Job \(job) does not exist.") }

    public static func runDoesNotExist(_ run: RunID) -> APIError { .invalid("Run \(run) does not exist.") }

    public static func runIsActive(_ run: RunID) -> APIError {
        APIError(.invalidState, "Run \(run) is active. Only runs that have ended can be deleted; cancel it first.")
    }

    public static func runIsNotRunning(_ run: RunID) -> APIError {
        APIError(.invalidState, "Run \(run) is not running.")
    }

    public static func workflowTooDeep(limit: Int) -> APIError {
        APIError(.invalidState, "Notebooks may run each other \(limit) levels deep, no deeper.")
    }

    public static func notebookDoesNotExist(_ path: String) -> APIError {
        APIError(.resourceDoesNotExist, "Notebook \(path.prefix(500)) does not exist.")
    }

    public static func secretDoesNotExist(scope: String, key: String) -> APIError {
        APIError(
            .resourceDoesNotExist,
            "Secret does not exist with scope: \(scope.prefix(200)) and key: \(key.prefix(200))")
    }

    public static func secretScopeDoesNotExist(_ scope: String) -> APIError {
        APIError(.resourceDoesNotExist, "Scope \(scope.prefix(200)) does not exist!")
    }

    public static func taskValueDoesNotExist(key: String, taskKey: String) -> APIError {
        APIError(
            .resourceDoesNotExist, "The task \(taskKey.prefix(200)) has set no value for the key \(key.prefix(200)).")
    }

    public static func notANotebookRun(_ run: RunID) -> APIError {
        .invalid("Run \(run) is not a notebook run. Only notebook runs can be exported.")
    }

    public static func idempotencyTokenOfDeletedRun(_ run: RunID) -> APIError {
        .invalid("The run of this idempotency_token, \(run), was deleted. Use another idempotency_token for a new run.")
    }

    public static func jobCreationLimit(_ limit: Int, retryAfter: Duration) -> APIError {
        APIError(
            .requestLimitExceeded,
            "There were already \(limit) jobs created in past 3600 seconds, exceeding rate limit: \(limit) job "
                + "creations per 3600 seconds.",
            retryAfter: retryAfter.wholeSecondsUp)
    }

    public static func concurrentRunLimit(active: Int, limit: Int, retryAfter: Duration) -> APIError {
        APIError(
            .requestLimitExceeded, "There are already \(active) active runs (limit: \(limit)).",
            retryAfter: retryAfter.wholeSecondsUp)
    }

    /// - Parameter reason: why the server cannot access its data.
    public static func temporarilyUnavailable(_ reason: String) -> APIError {
        APIError(
            .temporarilyUnavailable, "The request could not be carried out, and nothing was changed: \(reason).",
            retryAfter: 10)
    }

    public static func destinationDoesNotExist(_ id: String) -> APIError {
        APIError(.resourceDoesNotExist, "Notification destination '\(id.prefix(200))' does not exist.")
    }

    public static func destinationIsInUse(_ id: String, by job: JobID) -> APIError {
        APIError(
            .invalidState, "Notification destination '\(id)' is used by job \(job); take it out of the job first.")
    }

    public static func onlyForAdministrators(_ what: String) -> APIError {
        APIError(.permissionDenied, "Only administrators may \(what).")
    }

    public static let notAMap = APIError(
        .malformedRequest, "Invalid JSON given in the body of the request - expected a map")

    public static func syntax(_ error: JSONSyntaxError) -> APIError {
        APIError(.malformedRequest, "Invalid JSON given in the body of the request - \(error)")
    }

    public static func requestTooLarge(limit: Int) -> APIError {
        APIError(.maxRequestSizeExceeded, "The request body is larger than the limit of \(limit) bytes.")
    }

    public static let missingCredentials = APIError(
        .unauthenticated,
        "Authentication is required: send the header \"Authorization: Bearer <token>\", or HTTP Basic with the user "
            + "name token and the token as the password.")

    public static let invalidToken = APIError(.permissionDenied, "Invalid access token.")

    public static func endpointNotFound(_ method: String, _ path: String) -> APIError {
        APIError(.endpointNotFound, "No API found for '\(method) \(path)'")
    }

    public static func methodNotAllowed(_ method: String, _ path: String, allowed: [String]) -> APIError {
        APIError(
            .methodNotAllowed,
            "'\(path)' does not take the method \(method). Allowed: \(allowed.joined(separator: ", ")).")
    }

    /// All faults of a request in one message; parse errors take precedence over values that are not allowed.
    /// - Returns: nil when there is no fault.
    public init?(_ faults: [ReadingReport.Fault]) {
        guard !faults.isEmpty else { return nil }
        let isMalformed = faults.contains { fault in
            if case .malformed = fault { true } else { false }
        }
        self.init(
            isMalformed ? .malformedRequest : .invalidParameterValue,
            Self.text(faults.map(\.message)))
    }

    /// A single message is unchanged, as clients match some; several are joined as sentences.
    private static func text(_ messages: [String]) -> String {
        if messages.count == 1 { return messages[0] }
        return messages.map { message in
            message.last.map { ".!?".contains($0) } == true ? message : message + "."
        }.joined(separator: " ")
    }

    public init?(_ report: ReadingReport) { self.init(report.faults + [report.more].compactMap(\.self)) }
}

extension Duration {
    /// In whole seconds, as in `Retry-After`, rounded up.
    fileprivate var wholeSecondsUp: Int { max(1, Int((wholeMilliseconds + 999) / 1000)) }
}

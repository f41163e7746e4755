// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore

extension IdempotencyKey {
    fileprivate static func fixture(_ token: String?, _ digest: String) -> IdempotencyKey? {
        token.map { IdempotencyKey(token: $0, requestDigest: digest) }
    }
}

extension NewRun {
    /// - Parameter digest: what tells requests with the same token apart.
    public static func fixture(
        of job: JobID, token: String? = nil, digest: String = "digest", parameters: RunParameters? = nil,
        by userName: String = "tester", at time: Timestamp,
        precondition: @escaping @Sendable (JobSettings) throws -> Void = { _ in }
    ) -> NewRun {
        NewRun(
            jobID: job, parameters: parameters, idempotency: .fixture(token, digest), trigger: .oneTime,
            creatorUserName: userName, time: time, precondition: precondition)
    }
}

extension NewSubmission {
    /// - Parameter digest: what tells requests with the same token apart.
    public static func fixture(
        _ settings: JobSettings = .fixture(), token: String? = nil, digest: String = "digest",
        by userName: String = "tester", at time: Timestamp
    ) -> NewSubmission {
        NewSubmission(
            settings: settings, idempotency: .fixture(token, digest), creatorUserName: userName, time: time)
    }
}

extension NewChildRun {
    /// A run of the notebook `/a/b`.
    public static func fixture(
        of parent: RunID, token: String? = nil, timeoutSeconds: Int32 = 0, at time: Timestamp
    ) -> NewChildRun {
        NewChildRun(
            parent: parent, path: "/a/b", arguments: ["x": "1"], timeoutSeconds: timeoutSeconds,
            idempotency: .fixture(token, "digest"), time: time)
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Crypto
import Foundation
import JobsAPI
import JobsDomain
import JobsJSON
import JobsStore

extension RunService {
    /// `POST jobs/run-now` (contract D1, D3). Answers once the run is stored.
    public func runNow(
        _ decoded: DecodedRequest<RunNowRequest>, by principal: Principal
    ) async throws -> Admission {
        RunRequestRules.validate(decoded.request.parameters, rules.context(decoded.report, for: principal))
        RunRequestRules.validate(idempotencyToken: decoded.request.idempotencyToken, decoded.report)
        let request = try decoded.checked()
        let parameters = request.parameters.first
        let digest = "run-now \(request.jobID) \(parameters?.json ?? "")"
        let newRun = NewRun(
            jobID: request.jobID, parameters: parameters,
            idempotency: IdempotencyKey(token: request.idempotencyToken, request: digest), trigger: .oneTime,
            creatorUserName: principal.userName, time: clock.now,
            precondition: { settings in try RunRequestRules.check(parameters, fit: settings) })
        return try await admitted(try await store.admit(newRun))
    }

    /// `POST jobs/runs/submit` (contract D2, D3).
    public func submit(
        _ decoded: DecodedRequest<SubmitRunRequest>, by principal: Principal
    ) async throws -> Admission {
        let settings = decoded.request.settings
        settings.validate(rules.context(decoded.report, for: principal))
        RunRequestRules.validate(runName: settings.name, decoded.report)
        RunRequestRules.validate(idempotencyToken: decoded.request.idempotencyToken, decoded.report)
        try await references.rejectInvalid(decoded.report.faults, and: settings)
        let request = decoded.request
        let digest = "submit " + JSONWriter.text { $0.object(settings.write) }
        let submission = NewSubmission(
            settings: settings, idempotency: IdempotencyKey(token: request.idempotencyToken, request: digest),
            creatorUserName: principal.userName, time: clock.now)
        return try await admitted(try await store.submit(submission))
    }

    private func admitted(_ admission: Admission) async throws -> Admission {
        if admission.origin == .created, admission.lifeCycleState.isActive { wakeUps.runsChanged([admission.runID]) }
        return admission
    }
}

extension IdempotencyKey {
    /// nil without a token; an empty one is none.
    init?(token: String?, request: String) {
        guard let token, !token.isEmpty else { return nil }
        self.init(token: token, requestDigest: SHA256.hash(data: Data(request.utf8)).hexadecimal)
    }
}

extension RunRequestRules {
    static let runNameBytes = 4096

    static func validate(runName: String, _ report: ReadingReport) {
        let size = runName.utf8.count
        if size > runNameBytes {
            report.invalid(
                "Invalid value for run_name: \(size) bytes of UTF-8. Allowed: at most \(runNameBytes) bytes.")
        }
    }
}

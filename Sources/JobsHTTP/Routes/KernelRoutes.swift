// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import Hummingbird
import JobsAPI
import JobsCompute
import JobsDomain
import JobsJSON
import JobsService
import JobsStore
import Logging

/// `/internal/run/*`: what notebooks that run ask of the server (docs/architecture/notebooks.md). They are on a router
/// and a listener of their own, on the loopback address.
struct KernelRoutes: Sendable {
    let service: NotebookRunService

    var endpoints: [Endpoint] {
        [
            .kernelCall("notebooks/get", getNotebook), .kernelCall("notebooks/run", startNotebook),
            .kernelCall("notebooks/wait", waitForNotebook),
            .kernelCall("secrets/get", getSecret), .kernelCall("secrets/list", listSecrets),
            .kernelCall("secrets/list-scopes", listScopes),
            .kernelCall("task-values/set", setTaskValue), .kernelCall("task-values/get", getTaskValue),
        ]
    }

    @Sendable func getNotebook(_ call: Kernel) async throws -> APIResponse {
        let notebook = try await service.notebook(call.decoded(), of: call.run)
        return APIResponse { notebook.writeForKernel(to: &$0) }
    }

    @Sendable func startNotebook(_ call: Kernel) async throws -> APIResponse {
        let run = try await service.start(call.decoded(), of: call.run)
        if run.origin == .created {
            call.logger.info(
                "run created",
                metadata: ["job_id": "\(run.jobID)", "run_id": "\(run.runID)", "parent_run_id": "\(call.run)"])
        }
        return APIResponse { $0.member("run_id", run.runID.rawValue) }
    }

    @Sendable func waitForNotebook(_ call: Kernel) async throws -> APIResponse {
        let child = try await service.wait(call.decoded(), of: call.run)
        return APIResponse { writer in
            child.state.write(to: &writer)
            writer.member("exit_value", child.exitValue)
            writer.member("error", child.error)
        }
    }

    @Sendable func getSecret(_ call: Kernel) async throws -> APIResponse {
        let value = try await service.secret(call.decoded(), of: call.run)
        return APIResponse { $0.member("value", Data(value).base64EncodedString()) }
    }

    @Sendable func listSecrets(_ call: Kernel) async throws -> APIResponse {
        let keys = try await service.secretKeys(call.decoded(), of: call.run)
        return APIResponse { Self.write(keys, as: "key", in: "secrets", to: &$0) }
    }

    @Sendable func listScopes(_ call: Kernel) async throws -> APIResponse {
        let scopes = try await service.secretScopes(of: call.run)
        return APIResponse { Self.write(scopes, as: "name", in: "scopes", to: &$0) }
    }

    private static func write(_ names: [String], as member: String, in list: String, to writer: inout JSONWriter) {
        writer.key(list)
        writer.array { writer in for name in names { writer.object { $0.member(member, name) } } }
    }

    @Sendable func setTaskValue(_ call: Kernel) async throws -> APIResponse {
        try await service.setTaskValue(call.decoded(), of: call.run)
        return APIResponse()
    }

    @Sendable func getTaskValue(_ call: Kernel) async throws -> APIResponse {
        let value = try await service.taskValue(call.decoded(), of: call.run)
        return APIResponse { $0.member("value", raw: value) }
    }
}

/// A request of a run.
struct Kernel: Sendable {
    let parameters: JSONObject
    let run: RunID
    /// Its lines carry the request's id.
    let logger: Logger

    func decoded<R: APIRequest>(as type: R.Type = R.self) -> DecodedRequest<R> { DecodedRequest(parameters) }
}

extension Endpoint {
    static func kernelCall(
        _ path: String, _ call: @escaping @Sendable (Kernel) async throws -> APIResponse
    ) -> Endpoint {
        Endpoint(method: .post, path: "/internal/run/" + path) { request, context in
            guard let run = context.run else { throw APIError.missingCredentials }
            let parameters = try await AuthenticatedRequest.parameters(of: request, context: context)
            return try await call(Kernel(parameters: parameters, run: run, logger: context.logger)).response()
        }
    }
}

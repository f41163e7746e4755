// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Hummingbird
import JobsService
import Logging

/// Everything that answers the requests of runs: their own calls, and below /api what any client may ask for. There a run
/// is its user, without an administrator's rights.
public struct KernelRouter: Sendable {
    public let service: NotebookRunService
    public let tokens: NotebookRunTokens
    public let api: [Endpoint]

    /// - Parameter endpoints: of the server; those below /api are taken.
    public init(service: NotebookRunService, tokens: NotebookRunTokens, endpoints: [Endpoint]) {
        self.service = service
        self.tokens = tokens
        api = endpoints.filter { RunAuthenticationMiddleware.isOfAPI($0.path) }
    }

    public func router() -> Router<APIContext> {
        let router = Router(context: APIContext.self)
        let endpoints = KernelRoutes(service: service).endpoints + api
        // Notebooks send many requests, and change only runs, which the engine logs.
        router.add(
            middleware: RequestLogMiddleware(logger: Logger(label: "lamplighter.notebooks"), changes: .debug))
        router.add(middleware: ErrorMiddleware(methods: AllowedMethods(endpoints)))
        router.add(middleware: RunAuthenticationMiddleware(tokens: tokens, service: service))
        router.add(endpoints)
        return router
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Hummingbird
import JobsService
import Logging

/// Everything that answers the requests of runs.
public struct RunCallRouter: Sendable {
    public let service: NotebookRunService
    public let tokens: NotebookRunTokens

    public init(service: NotebookRunService, tokens: NotebookRunTokens) {
        self.service = service
        self.tokens = tokens
    }

    public func router() -> Router<APIContext> {
        let router = Router(context: APIContext.self)
        let endpoints = RunCallRoutes(service: service).endpoints
        // Notebooks ask often, and what they change are runs, which the engine tells of.
        router.add(
            middleware: RequestLogMiddleware(logger: Logger(label: "lamplighter.notebooks"), changes: .debug))
        router.add(middleware: ErrorMiddleware(methods: AllowedMethods(endpoints)))
        router.add(middleware: RunAuthenticationMiddleware(tokens: tokens))
        router.add(endpoints)
        return router
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import HTTPTypes
import Hummingbird
import JobsAPI
import JobsService

/// Finds out which run a request comes from. Access tokens are of no use here, nor tokens of runs elsewhere.
struct RunAuthenticationMiddleware: RouterMiddleware {
    typealias Context = APIContext

    let tokens: NotebookRunTokens
    let service: NotebookRunService

    static func isOfAPI(_ path: String) -> Bool { path.hasPrefix("/api/") }

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard let header = request.headers[.authorization], let token = AuthenticationMiddleware.token(in: header)
        else {
            throw APIError.missingCredentials
        }
        guard let run = try await tokens.run(of: token) else { throw APIError.invalidToken }
        var context = context
        context.run = run
        if Self.isOfAPI(request.uri.path) { context.principal = try await service.user(of: run) }
        return try await next(request, context)
    }
}

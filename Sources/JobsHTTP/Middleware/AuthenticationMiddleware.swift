// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import HTTPTypes
import Hummingbird
import JobsAPI
import JobsService
import JobsStore

/// Finds out whom a request comes from: `Bearer <token>`, or Basic with the user `token` and the token as password,
/// which is what `curl --netrc` sends (contract A5).
struct AuthenticationMiddleware: RouterMiddleware {
    typealias Context = APIContext

    let tokens: AccessTokens
    /// Public paths.
    let openPaths: Set<String>

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        if openPaths.contains(request.uri.path) { return try await next(request, context) }
        guard let header = request.headers[.authorization] else { throw APIError.missingCredentials }
        guard let token = Self.token(in: header) else { throw APIError.missingCredentials }
        guard let principal = try await tokens.principal(of: token) else { throw APIError.invalidToken }
        var context = context
        context.principal = principal
        return try await next(request, context)
    }

    static func token(in header: String) -> String? {
        guard let space = header.firstIndex(of: " ") else { return nil }
        let credentials = header[header.index(after: space)...].drop { $0 == " " }
        switch header[..<space].lowercased() {
        case "bearer":
            return String(credentials)
        case "basic":
            guard let data = Data(base64Encoded: String(credentials)) else { return nil }
            let pair = String(decoding: data, as: UTF8.self).split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, pair[0] == "token" else { return nil }
            return String(pair[1])
        default:
            return nil
        }
    }
}

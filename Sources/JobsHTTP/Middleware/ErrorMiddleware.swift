// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import HTTPTypes
import Hummingbird
import JobsAPI
import Logging
import NIOCore

/// Turns what is thrown into the one error body of the wire; what nobody foresaw is logged with the request's id.
struct ErrorMiddleware: RouterMiddleware {
    typealias Context = APIContext

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            return Self.response(to: Self.apiError(error, request: request, context: context))
        }
    }

    private static func apiError(_ error: any Error, request: Request, context: APIContext) -> APIError {
        switch error {
        case let error as APIError: return error
        case let error as any HTTPResponseError:
            switch error.status {
            case .notFound: return .endpointNotFound(request.method.rawValue, request.uri.path)
            case .contentTooLarge: return .requestTooLarge(limit: APIContext.maximumRequestSize)
            case .badRequest: return APIError(.malformedRequest, "The request could not be read.")
            default: break
            }
        default: break
        }
        context.logger.error(
            "unforeseen error", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
        return APIError(
            .internalError, "The server failed to handle the request; its log tells why (request id \(context.id)).")
    }

    static func response(to error: APIError) -> Response {
        var headers: HTTPFields = [.contentType: "application/json"]
        if let seconds = error.retryAfter { headers[.retryAfter] = String(seconds) }
        if error.code == .unauthenticated {
            headers[.wwwAuthenticate] = "Bearer realm=\"Lamplighter\", Basic realm=\"Lamplighter\""
        }
        return Response(
            status: .init(code: error.code.httpStatus), headers: headers,
            body: .init(byteBuffer: ByteBuffer(string: error.body)))
    }
}

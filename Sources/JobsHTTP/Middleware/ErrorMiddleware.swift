// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import HTTPTypes
import Hummingbird
import JobsAPI
import JobsService
import Logging
import NIOCore
import NIOHTTP1

/// Turns thrown errors into the API's error body; unexpected ones are logged with the request's id.
struct ErrorMiddleware: RouterMiddleware {
    typealias Context = APIContext

    let methods: AllowedMethods

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var response = await answer(request, context: context, next: next)
        // A response to HEAD has no body; a body would break an HTTP/2 connection.
        if request.method == .head { response.body = ResponseBody() }
        return response
    }

    private func answer(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async -> Response {
        do {
            return try await next(request, context)
        } catch {
            let error = Self.apiError(error, request: request, context: context)
            if error.code == .endpointNotFound, let allowed = methods.methods(of: request.uri.path) {
                return Self.response(to: request.method, of: request.uri.path, allowed: allowed)
            }
            return Self.response(to: error)
        }
    }

    private static func apiError(_ error: any Error, request: Request, context: APIContext) -> APIError {
        switch error {
        case let error as any APIErrorConvertible: return error.apiError
        case let error as any HTTPResponseError:
            switch error.status {
            case .notFound: return .endpointNotFound(request.method.rawValue, request.uri.path)
            case .contentTooLarge: return .requestTooLarge(limit: APIContext.maxRequestSize)
            case .badRequest: return APIError(.malformedRequest, "The request could not be read.")
            default: break
            }
        // The body ended early, or its framing is broken.
        case is HTTPParserError, is ChannelError, is IOError:
            return APIError(.malformedRequest, "The request's body could not be read: \(error).")
        default: break
        }
        context.logger.error(
            "unforeseen error", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
        return APIError(
            .internalError,
            "The server failed to handle the request; its log tells why (request id \(context.requestID)).")
    }

    private static func response(to method: HTTPRequest.Method, of path: String, allowed: [String]) -> Response {
        var response = response(to: .methodNotAllowed(method.rawValue, path, allowed: allowed))
        response.headers[.allow] = allowed.joined(separator: ", ")
        return response
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

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import HTTPTypes
import Hummingbird
import JobsAPI
import JobsStore
import NIOCore

/// One method of one path.
public struct Endpoint: Sendable {
    public let method: HTTPRequest.Method
    public let path: String
    /// Whether a request needs a token; if not, it is public.
    var needsToken = true
    let handle: @Sendable (Request, APIContext) async throws -> Response

    /// An endpoint that takes and gives JSON: decodes, calls, encodes.
    public static func get(
        _ path: String, _ call: @escaping @Sendable (AuthenticatedRequest) async throws -> APIResponse
    ) -> Endpoint { json(.get, path, call) }

    public static func post(
        _ path: String, _ call: @escaping @Sendable (AuthenticatedRequest) async throws -> APIResponse
    ) -> Endpoint { json(.post, path, call) }

    static func json(
        _ method: HTTPRequest.Method, _ path: String,
        _ call: @escaping @Sendable (AuthenticatedRequest) async throws -> APIResponse
    ) -> Endpoint {
        Endpoint(method: method, path: path) { request, context in
            let request = try await AuthenticatedRequest(request, context: context)
            return try await call(request).response(unknownFields: request.unknownFields)
        }
    }

    /// A GET endpoint whose answer depends on the parameters and on jobs and runs alone.
    static func cachedGet(
        _ path: String, _ cache: ResponseCache,
        _ call: @escaping @Sendable (AuthenticatedRequest) async throws -> APIResponse
    ) -> Endpoint {
        Endpoint(method: .get, path: path) { request, context in
            // The response may depend on the user.
            let uri = "\(context.principal?.userName ?? "") \(request.uri.string)"
            // Parameters may also come as a body; such a request bypasses the cache.
            let hasBody =
                request.headers[.contentLength].map { $0 != "0" } ?? request.headers.contains(.transferEncoding)
            if !hasBody, let known = cache.answer(uri) { return APIResponse.response(known) }
            let changeCount = cache.changeCount
            let request = try await AuthenticatedRequest(request, context: context)
            let answer = try await call(request)
            // Bodies are cached, without the warning headers.
            let mayBeKept = !hasBody && answer.mayBeKept && answer.warnings.isEmpty && request.unknownFields.isEmpty
            if mayBeKept, case .bytes(let bytes) = answer.body {
                cache.keep(ByteBuffer(bytes: bytes), for: uri, madeAt: changeCount)
            }
            return answer.response(unknownFields: request.unknownFields)
        }
    }

    /// An endpoint that handles the raw request.
    public static func raw(
        _ method: HTTPRequest.Method, _ path: String,
        _ handle: @escaping @Sendable (Request, APIContext) async throws -> Response
    ) -> Endpoint { Endpoint(method: method, path: path, handle: handle) }

    /// An endpoint that answers GET without a token: it tells nothing that is not public.
    public static func open(
        _ path: String, _ handle: @escaping @Sendable (Request, APIContext) async throws -> Response
    ) -> Endpoint { Endpoint(method: .get, path: path, needsToken: false, handle: handle) }
}

extension Router where Context == APIContext {
    func add(_ endpoints: [Endpoint]) {
        for endpoint in endpoints {
            on(RouterPath(endpoint.path), method: endpoint.method, use: endpoint.handle)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import HTTPTypes
import Hummingbird
import JobsAPI
import JobsJSON
import JobsStore
import Logging
import NIOCore
import Synchronization

/// A request to an endpoint, decoded as far as all endpoints have it in common.
public struct AuthenticatedRequest: Sendable {
    /// The parameters: the JSON body, and over it the query string (contract A2).
    public let parameters: JSONObject
    public let principal: Principal
    /// Its lines carry the request's id.
    let logger: Logger
    /// Unknown fields found by `decoded`: a response header names them (contract A1).
    private let unknown = UnknownFields()

    var unknownFields: [String] { unknown.names.withLock { $0 } }

    /// Reads the endpoint's own request.
    public func decoded<R: APIRequest>(as type: R.Type = R.self) -> DecodedRequest<R> {
        let request = DecodedRequest<R>(parameters)
        unknown.names.withLock { $0 = request.unknownFields }
        return request
    }
}

private final class UnknownFields: Sendable {
    let names = Mutex<[String]>([])
}

extension AuthenticatedRequest {
    /// Collects the body, within the limit and as JSON whatever the Content-Type says, and the query string.
    /// - Throws: `APIError`.
    init(_ request: Request, context: APIContext) async throws {
        guard let principal = context.principal else { throw APIError.missingCredentials }
        self.principal = principal
        logger = context.logger
        parameters = try await Self.parameters(of: request, context: context)
    }

    static func parameters(of request: Request, context: APIContext) async throws -> JSONObject {
        let body = try await body(of: request, limit: context.maxUploadSize)
        var parameters = try parameters(query: request.uri.query ?? "", body: body)
        // Path parameters, such as an id, are not part of the body.
        for (name, value) in context.parameters { parameters.set(String(name), .string(String(value))) }
        return parameters
    }

    private static func body(of request: Request, limit: Int) async throws -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limit {
            throw APIError.requestTooLarge(limit: limit)
        }
        do {
            return Array(buffer: try await request.body.collect(upTo: limit))
        } catch is NIOTooManyBytesError {
            throw APIError.requestTooLarge(limit: limit)
        }
    }

    private static func parameters(
        query: String, body: [UInt8]
    ) throws(APIError) -> JSONObject {
        var given = JSONObject()
        if body.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }) {
            do {
                guard case .object(let object) = try JSONParser.parse(body) else { throw APIError.notAMap }
                given = object
            } catch let error as JSONSyntaxError {
                throw APIError.syntax(error)
            } catch {
                throw .notAMap
            }
        }
        if query.isEmpty { return given }
        var merged = JSONObject()
        // `offset=` is what a form with an empty field sends: not given.
        for (key, value) in QueryString.parameters(query) where !value.isEmpty {
            guard merged.add(key, .string(value)) else {
                throw .invalid("The parameter \(key.prefix(80)) is given twice.")
            }
        }
        for key in given.keys { _ = merged.add(key, given[key] ?? .null) }
        return merged
    }
}

/// The answer of an endpoint, status 200.
public struct APIResponse: Sendable {
    enum Body: Sendable {
        case bytes([UInt8])
        case stream(@Sendable (inout any ResponseBodyWriter) async throws -> Void)
    }

    let body: Body
    let warnings: [String]
    /// False when the response may differ though the store has not changed.
    let mayBeKept: Bool

    /// An object with the members that `write` writes; without it `{}`.
    public init(
        warnings: [String] = [], mayBeKept: Bool = true, _ write: (inout JSONWriter) -> Void = { _ in }
    ) {
        self.mayBeKept = mayBeKept
        var writer = JSONWriter()
        writer.object(write)
        body = .bytes(writer.bytes)
        self.warnings = warnings
    }

    /// Streamed, for bodies that do not fit in memory.
    init(stream: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void) {
        body = .stream(stream)
        warnings = []
        mayBeKept = false
    }

    static func response(_ json: ByteBuffer) -> Response {
        Response(status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: json))
    }

    /// - Parameter unknownFields: unknown fields of the request; the response warns of each (contract A1).
    func response(unknownFields: [String] = []) -> Response {
        let warnings = warnings + unknownFields.map { "unknown field \($0)" }
        var headers: HTTPFields = [.contentType: "application/json"]
        if !warnings.isEmpty { headers[.lamplighterWarning] = Self.headerText(warnings) }
        switch body {
        case .bytes(let bytes):
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        case .stream(let write):
            let body = ResponseBody { writer in
                var anyWriter: any ResponseBodyWriter = writer
                try await write(&anyWriter)
                try await anyWriter.finish(nil)
            }
            return Response(status: .ok, headers: headers, body: body)
        }
    }

    /// Field names come from the request: only printable ASCII may stand in a header.
    private static func headerText(_ warnings: [String]) -> String {
        let text = warnings.joined(separator: "; ").unicodeScalars.map { scalar in
            (0x20...0x7E).contains(scalar.value) ? Character(scalar) : "?"
        }
        return String(text.prefix(1000))
    }
}

extension HTTPField.Name {
    static let lamplighterWarning = Self("Lamplighter-Warning")!
    static let requestID = Self("X-Request-Id")!
}

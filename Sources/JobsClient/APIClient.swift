// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import AsyncHTTPClient
import JobsJSON
import NIOCore
import NIOHTTP1

/// A client of the API over HTTP, for tests and benchmarks.
public struct APIClient: Sendable {
    /// For example `http://127.0.0.1:8080`.
    public let baseURL: String
    public let token: String?
    private let http: HTTPClient
    private let timeout: TimeAmount

    public init(baseURL: String, token: String?, http: HTTPClient = .shared, timeout: Duration = .seconds(60)) {
        self.baseURL = baseURL
        self.token = token
        self.http = http
        self.timeout = TimeAmount(timeout)
    }

    public struct Answer: Sendable {
        public let status: Int
        public let headers: [(name: String, value: String)]
        public let body: [UInt8]

        /// The body, when it is a JSON object.
        public var object: JSONObject? {
            guard case .object(let object)? = try? JSONParser.parse(body) else { return nil }
            return object
        }

        public var text: String { String(decoding: body, as: UTF8.self) }

        public subscript(header name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }

        /// The member under a path of names.
        public subscript(_ path: String...) -> JSONValue? {
            var value: JSONValue? = object.map(JSONValue.object)
            for name in path {
                guard case .object(let object)? = value else { return nil }
                value = object[name]
            }
            return value
        }
    }

    public func get(_ path: String, query: [String: String] = [:]) async throws -> Answer {
        let text = query.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        return try await send(.GET, path + (text.isEmpty ? "" : "?" + text), body: nil)
    }

    public func post(_ path: String, _ json: String) async throws -> Answer {
        try await send(.POST, path, body: Array(json.utf8))
    }

    public func send(
        _ method: HTTPMethod, _ path: String, body: [UInt8]?, headers: [String: String] = [:]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = method
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response = try await http.execute(request, timeout: timeout)
        let bytes = try await response.body.collect(upTo: 64 * 1024 * 1024)
        return Answer(
            status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) },
            body: Array(buffer: bytes))
    }
}

extension JSONValue {
    public var integerValue: Int64? { if case .integer(let integer) = self { integer } else { nil } }
    public var stringValue: String? { if case .string(let string) = self { string } else { nil } }
    public var boolValue: Bool? { if case .bool(let bool) = self { bool } else { nil } }
    public var arrayValue: [JSONValue]? { if case .array(let array) = self { array } else { nil } }
    public var objectValue: JSONObject? { if case .object(let object) = self { object } else { nil } }
    public subscript(name: String) -> JSONValue? { objectValue?[name] }
}

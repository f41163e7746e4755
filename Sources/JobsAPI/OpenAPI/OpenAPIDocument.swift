// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// The OpenAPI 3.1 description of the API. What requests hold is found by letting them read (`SchemaRecorder`), so it
/// cannot differ from what the server takes; answers are checked against it by tests.
public struct OpenAPIDocument: Sendable {
    /// The JSON document.
    public let root: JSONObject
    /// Schemas by name, as they are in `components`.
    public let schemas: JSONObject

    /// - Parameter version: of the server.
    public init(version: String) {
        var builder = SchemaBuilder()
        var paths = JSONObject()
        for operation in APIOperation.all {
            var methods = paths[operation.path]?.objectValue ?? JSONObject()
            methods.set(operation.method.rawValue.lowercased(), .object(builder.operation(operation)))
            paths.set(operation.path, .object(methods))
        }
        builder.addAnswers()
        schemas = builder.schemas
        root = [
            "openapi": "3.1.0",
            "info": .object([
                "title": "Lamplighter", "version": .string(version),
                "summary": "A self-hosted job server that speaks the Databricks Jobs API 2.0",
                "description": .string(Self.introduction),
                "license": .object(["name": "Apache 2.0", "identifier": "Apache-2.0"]),
            ]),
            "servers": .array([.object(["url": "/"])]),
            "security": .array([.object(["bearer": .array([])]), .object(["basic": .array([])])]),
            "tags": .array(Self.groups.map { .object(["name": .string($0)]) }),
            "paths": .object(paths),
            "components": .object([
                "schemas": .object(schemas),
                "securitySchemes": .object([
                    "bearer": .object(["type": "http", "scheme": "bearer"]),
                    "basic": .object([
                        "type": "http", "scheme": "basic",
                        "description": "The user name is token, the password is the token.",
                    ]),
                ]),
            ]),
        ]
    }

    /// The groups in the order in which they are met.
    public static var groups: [String] {
        APIOperation.all.reduce(into: []) { groups, operation in
            if groups.last != operation.group { groups.append(operation.group) }
        }
    }

    public static let introduction = """
        Times are epoch milliseconds. Integers are also taken as decimal strings, booleans also as "true" and "True", \
        null as not given. A field that nobody understands is no error; the header Lamplighter-Warning names it. \
        Parameters of GET requests may come in the query or as a JSON body. A POST body is JSON, whatever its \
        Content-Type says, of at most 10 MB.
        """

    public var json: String { JSONWriter.text { $0.value(.object(root)) } }
}

extension JSONValue: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) { self = .string(text) }
}

extension JSONValue {
    var objectValue: JSONObject? { if case .object(let object) = self { object } else { nil } }
}

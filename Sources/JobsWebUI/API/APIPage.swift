// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsJSON

/// `/docs/api`: the API's description for people, made from the OpenAPI document.
public struct APIPage: Sendable {
    let model: Model

    public init(_ document: OpenAPIDocument) { model = Model(document) }

    public var asset: WebAsset {
        WebAsset(
            path: "/docs/api", contentType: "text/html; charset=utf-8", bytes: Array(View(model: model).html.utf8))
    }
}

extension APIPage {
    /// What the page shows.
    struct Model: Equatable, Sendable {
        struct Field: Equatable, Sendable {
            let name: String
            /// `STRING`, `INT64`, `array of Library`.
            let type: String
            /// The structure to which the type refers.
            let structure: String?
            let isRequired: Bool
            let text: String
            /// `0 to 1000`, `SPOT, ON_DEMAND`, `default: 1`.
            let limits: [String]
        }

        struct Operation: Equatable, Sendable {
            let name: String
            let method: String
            let path: String
            let group: String
            let summary: String
            let text: String
            let parameters: [Field]
            let answer: String?
            let statuses: [(String, String)]

            static func == (left: Self, right: Self) -> Bool {
                left.name == right.name && left.parameters == right.parameters
            }
        }

        struct Structure: Equatable, Sendable {
            let name: String
            let fields: [Field]
        }

        var version = ""
        var introduction = ""
        var operations: [Operation] = []
        var structures: [Structure] = []

        var groups: [String] {
            operations.reduce(into: []) { if $0.last != $1.group { $0.append($1.group) } }
        }
    }
}

extension APIPage.Model {
    init(_ document: OpenAPIDocument) {
        let root = JSONValue.object(document.root)
        version = root["info"]["version"].text
        introduction = root["info"]["description"].text
        let schemas = root["components"]["schemas"]
        var requests: Set<String> = []
        for path in root["paths"].names {
            for method in root["paths"][path].names {
                let operation = Self.operation(root["paths"][path][method], method, path, schemas, &requests)
                operations.append(operation)
            }
        }
        structures = schemas.names.filter { !requests.contains($0) && $0 != "Empty" }.map { name in
            Structure(name: name, fields: Self.fields(schemas[name]))
        }
    }

    private static func operation(
        _ json: JSONValue, _ method: String, _ path: String, _ schemas: JSONValue, _ requests: inout Set<String>
    ) -> Operation {
        var parameters = json["parameters"].elements.map { parameter in
            field(
                parameter["name"].text, parameter["schema"], isRequired: parameter["required"] == .bool(true),
                text: parameter["description"].text)
        }
        if let name = structure(json["requestBody"]["content"]["application/json"]["schema"]) {
            requests.insert(name)
            parameters += fields(schemas[name])
        }
        let responses = json["responses"]
        return Operation(
            name: json["operationId"].text, method: method.uppercased(), path: path,
            group: json["tags"].elements.first?.text ?? "", summary: json["summary"].text,
            text: json["description"].text, parameters: parameters,
            answer: structure(responses["200"]["content"]["application/json"]["schema"]).flatMap {
                $0 == "Empty" ? nil : $0
            },
            statuses: responses.names.filter { $0 != "200" }.map { ($0, responses[$0]["description"].text) })
    }

    private static func fields(_ schema: JSONValue) -> [Field] {
        let required = schema["required"].elements
        return schema["properties"].names.map { name in
            let property = schema["properties"][name]
            return field(
                name, property, isRequired: required.contains(.string(name)), text: property["description"].text)
        }
    }

    private static func field(_ name: String, _ schema: JSONValue, isRequired: Bool, text: String) -> Field {
        let (type, structure) = type(of: schema)
        return Field(
            name: name, type: type, structure: structure, isRequired: isRequired, text: text, limits: limits(schema))
    }

    private static func type(of schema: JSONValue) -> (String, String?) {
        if let name = structure(schema) { return (name, name) }
        switch schema["type"].text {
        case "array":
            let (type, structure) = type(of: schema["items"])
            return ("array of \(type)", structure)
        case "object": return ("map of STRING to STRING", nil)
        case "integer": return (schema["format"].text.uppercased(), nil)
        case "boolean": return ("BOOL", nil)
        default: return ("STRING", nil)
        }
    }

    private static func structure(_ schema: JSONValue) -> String? {
        let reference = schema["$ref"].text
        return reference.isEmpty ? nil : reference.split(separator: "/").last.map(String.init)
    }

    private static func limits(_ schema: JSONValue) -> [String] {
        var limits: [String] = []
        switch (schema["minimum"].shown, schema["maximum"].shown) {
        case (let low?, let high?): limits.append("\(low) to \(high)")
        case (let low?, nil): limits.append("\(low) or more")
        case (nil, let high?): limits.append("at most \(high)")
        case (nil, nil): break
        }
        if let most = schema["maxLength"].shown { limits.append("at most \(most) characters") }
        if let most = schema["maxItems"].shown { limits.append("at most \(most) elements") }
        if let most = schema["maxProperties"].shown { limits.append("at most \(most) entries") }
        let words = schema["enum"].elements.map(\.text)
        if !words.isEmpty { limits.append(words.joined(separator: ", ")) }
        if let value = schema["default"].shown, !value.isEmpty { limits.append("default: \(value)") }
        return limits
    }
}

/// Reading a document that we made ourselves: what is not there is null.
extension JSONValue {
    fileprivate subscript(name: String) -> JSONValue {
        if case .object(let object) = self { object[name] ?? .null } else { .null }
    }

    fileprivate var names: [String] { if case .object(let object) = self { object.keys } else { [] } }
    fileprivate var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
    fileprivate var text: String { if case .string(let text) = self { text } else { "" } }

    fileprivate var shown: String? {
        switch self {
        case .string(let text): text
        case .integer(let integer): String(integer)
        case .bool(let bool): bool ? "true" : "false"
        default: nil
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// Makes operations and the schemas that they need.
struct SchemaBuilder {
    private(set) var schemas = JSONObject()
    private let notes = FieldDescriptions(FieldDescriptions.requests)
    private let answers = ResponseSchema.parse(ResponseSchema.list)

    // MARK: Operations

    mutating func operation(_ operation: APIOperation) -> JSONObject {
        var result: JSONObject = [
            "operationId": .string(operation.name.prefix(1).lowercased() + operation.name.dropFirst()),
            "tags": .array([.string(operation.group)]), "summary": .string(operation.summary),
        ]
        if !operation.description.isEmpty { result.set("description", .string(operation.description)) }
        let members = operation.parameters
        let inPath = members.filter { operation.pathParameters.contains($0.name) }
        let others = members.filter { !operation.pathParameters.contains($0.name) }
        var parameters = inPath.map { parameter($0, of: operation.name, in: "path") }
        switch operation.method {
        case .get, .delete: parameters += others.map { parameter($0, of: operation.name, in: "query") }
        case .post, .patch:
            addObject(operation.name, others)
            result.set("requestBody", .object(["required": .bool(true), "content": Self.json(operation.name)]))
        }
        if !parameters.isEmpty { result.set("parameters", .array(parameters)) }
        result.set("responses", .object(responses(operation)))
        return result
    }

    private mutating func parameter(_ member: SchemaRecorder.Member, of name: String, in place: String) -> JSONValue {
        let note = note(name, member.name)
        return .object([
            "name": .string(member.name), "in": .string(place),
            "required": .bool(member.isRequired || place == "path"), "description": .string(note.text),
            "schema": .object(schema(member.type, note.constraints)),
        ])
    }

    private func responses(_ operation: APIOperation) -> JSONObject {
        var responses = JSONObject()
        for (status, meaning) in operation.answers {
            var response: JSONObject = ["description": .string(meaning)]
            response.set("content", Self.json(status == 200 ? operation.answer ?? "Empty" : "Error"))
            if status == 429 || status == 503 {
                response.set(
                    "headers",
                    .object([
                        "Retry-After": .object([
                            "description": "Seconds.", "schema": .object(["type": "integer", "minimum": .integer(0)]),
                        ])
                    ]))
            }
            responses.set(String(status), .object(response))
        }
        return responses
    }

    private static func json(_ schema: String) -> JSONValue {
        .object(["application/json": .object(["schema": reference(schema)])])
    }

    private static func reference(_ schema: String) -> JSONValue {
        .object(["$ref": .string("#/components/schemas/\(schema)")])
    }

    // MARK: Schemas of requests

    private mutating func addObject(_ name: String, _ members: [SchemaRecorder.Member]) {
        guard schemas[name] == nil else { return }
        schemas.set(name, .object(JSONObject()))  // A placeholder, which ends recursion.
        var properties = JSONObject()
        for member in members {
            let note = note(name, member.name)
            var property = schema(member.type, note.constraints)
            property.set("description", .string(note.text))
            properties.set(member.name, .object(property))
        }
        var object: JSONObject = ["type": "object", "properties": .object(properties)]
        let required = members.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { object.set("required", .array(required)) }
        schemas.set(name, .object(object))
    }

    private mutating func schema(_ type: SchemaRecorder.ValueType, _ constraints: JSONObject) -> JSONObject {
        switch type {
        case .string: return Self.scalar("string", constraints)
        case .int32: return Self.scalar("int32", constraints)
        case .int64: return Self.scalar("int64", constraints)
        case .bool: return Self.scalar("bool", constraints)
        case .strings: return Self.list(of: .object(["type": "string"]), constraints)
        case .stringMap:
            let map: JSONObject = ["type": "object", "additionalProperties": .object(["type": "string"])]
            return map.adding(constraints)
        case .structure(let structure):
            addObject(structure.schemaName, SchemaRecorder.members(of: structure))
            return ["$ref": .string("#/components/schemas/\(structure.schemaName)")]
        case .structures(let structure):
            addObject(structure.schemaName, SchemaRecorder.members(of: structure))
            return Self.list(of: Self.reference(structure.schemaName), constraints)
        }
    }

    private func note(_ structure: String, _ member: String) -> WireNote {
        notes.notes["\(structure).\(member)"] ?? notes.notes["*.\(member)"]
            ?? WireNote(text: "", constraints: JSONObject())
    }

    // MARK: Schemas of answers

    mutating func addAnswers() {
        for answer in answers {
            var properties = JSONObject()
            for member in answer.members {
                var property = Self.schema(member.type, member.note.constraints)
                if !member.note.text.isEmpty { property.set("description", .string(member.note.text)) }
                properties.set(member.name, .object(property))
            }
            var object: JSONObject = ["type": "object", "properties": .object(properties)]
            let required = answer.members.filter(\.isRequired).map { JSONValue.string($0.name) }
            if !required.isEmpty { object.set("required", .array(required)) }
            schemas.set(answer.name, .object(object))
        }
    }

    private static func schema(_ type: String, _ constraints: JSONObject) -> JSONObject {
        if type.hasSuffix("[]") {
            return list(of: .object(schema(String(type.dropLast(2)), JSONObject())), constraints)
        }
        if type.first?.isUppercase == true { return ["$ref": .string("#/components/schemas/\(type)")] }
        if type == "object" { return ["type": "object"] }
        if type == "map" { return ["type": "object", "additionalProperties": .object(["type": "string"])] }
        return scalar(type, constraints)
    }

    private static func scalar(_ type: String, _ constraints: JSONObject) -> JSONObject {
        let schema: JSONObject =
            switch type {
            case "int32": ["type": "integer", "format": "int32"]
            case "int64": ["type": "integer", "format": "int64"]
            case "bool": ["type": "boolean"]
            default: ["type": "string"]
            }
        return schema.adding(constraints)
    }

    private static func list(of items: JSONValue, _ constraints: JSONObject) -> JSONObject {
        let list: JSONObject = ["type": "array", "items": items]
        return list.adding(constraints)
    }
}

extension JSONObject {
    func adding(_ other: JSONObject) -> JSONObject {
        var result = self
        for key in other.keys { result.set(key, other[key] ?? .null) }
        return result
    }
}

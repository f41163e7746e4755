// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON

// What the kernel of a notebook asks of the server: `POST /internal/run/...` (docs/architecture/notebooks.md).

/// `notebooks/get`.
public struct NotebookPathRequest: APIRequest {
    public let path: String

    public init(reading reader: ObjectReader) {
        path = reader.requiredString("path")
        reader.checkAbsolute(path)
    }
}

/// `notebooks/run`.
public struct StartNotebookRequest: APIRequest {
    public let path: String
    public let arguments: [String: String]
    /// 0: none.
    public let timeoutSeconds: Int32
    public let idempotencyToken: String

    public init(reading reader: ObjectReader) {
        path = reader.requiredString("path")
        reader.checkAbsolute(path)
        arguments = reader.stringMap("arguments") ?? [:]
        timeoutSeconds = reader.int32("timeout_seconds") ?? 0
        if timeoutSeconds < 0 { reader.invalid("timeout_seconds", given: "\(timeoutSeconds)", allowed: "0 or more") }
        idempotencyToken = reader.requiredString("idempotency_token")
        if idempotencyToken.utf8.count > 40 {
            reader.invalid("idempotency_token", given: idempotencyToken, allowed: "at most 40 bytes")
        }
    }
}

/// `notebooks/wait`.
public struct WaitForNotebookRequest: APIRequest {
    public let runID: RunID
    /// How long to wait for the end.
    public let seconds: Int32

    public init(reading reader: ObjectReader) {
        runID = RunID(reader.requiredInt64("run_id"))
        seconds = reader.int32("seconds") ?? 0
    }
}

/// `secrets/get` and, without a key, `secrets/list`.
public struct RunSecretRequest: APIRequest {
    public let scope: String
    public let key: String?

    public init(reading reader: ObjectReader) {
        scope = reader.requiredString("scope")
        key = reader.string("key")
    }
}

/// `task-values/set`.
public struct SetTaskValueRequest: APIRequest {
    public static let maxValueLength = 48 * 1024

    public let key: String
    public let value: JSONValue

    public init(reading reader: ObjectReader) {
        key = reader.requiredString("key")
        if key.utf8.count > 1024 { reader.invalid("key", given: key, allowed: "at most 1024 bytes") }
        // None is a value.
        value = reader.raw("value") ?? .null
    }

    /// As it is stored.
    public var json: String { JSONWriter.text { $0.value(value) } }
}

/// `task-values/get`.
public struct GetTaskValueRequest: APIRequest {
    public let taskKey: String
    public let key: String

    public init(reading reader: ObjectReader) {
        taskKey = reader.requiredString("task_key")
        key = reader.requiredString("key")
    }
}

extension ObjectReader {
    fileprivate func checkAbsolute(_ path: String) {
        if !path.isEmpty, !path.hasPrefix("/") { invalid("path", given: path, allowed: "a path that begins with /") }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// What a command has done, as far as somebody keeps it: a run, or a Jupyter file.
public struct CommandResult: Equatable, Sendable {
    public enum State: String, Sendable {
        /// Not run.
        case input
        case running
        case finished
        case error
        case cancelled
    }

    public var state: State
    public var outputs: [CommandOutput]
    /// Epoch milliseconds.
    public var startTime: Int64?
    public var finishTime: Int64?

    public init(
        state: State, outputs: [CommandOutput] = [], startTime: Int64? = nil, finishTime: Int64? = nil
    ) {
        self.state = state
        self.outputs = outputs
        self.startTime = startTime
        self.finishTime = finishTime
    }
}

/// Something that a command shows.
public enum CommandOutput: Equatable, Sendable {
    /// A text that is a value, perhaps with ANSI colours.
    case text(String)
    /// What it has written, perhaps with ANSI colours and control characters.
    /// - Parameter name: `stdout` or `stderr`.
    case stream(name: String, text: String)
    case html(String)
    case table(CommandTable)
    /// One thing in several forms, by MIME type: texts, and images in base64.
    case mimeBundle(JSONObject)
    /// - Parameters:
    ///   - summary: one line, as `NameError: name 'x' is not defined`.
    ///   - trace: where it happened, perhaps with ANSI colours.
    case error(summary: String, trace: String)
}

public struct CommandTable: Equatable, Sendable {
    public struct Column: Equatable, Sendable {
        public let name: String
        /// Spark's name of the type: `bigint`.
        public let type: String

        public init(name: String, type: String) {
            self.name = name
            self.type = type
        }
    }

    public var columns: [Column]
    public var rows: [[JSONValue]]
    /// Whether there are more rows.
    public var isTruncated: Bool

    public init(columns: [Column], rows: [[JSONValue]], isTruncated: Bool = false) {
        self.columns = columns
        self.rows = rows
        self.isTruncated = isTruncated
    }
}

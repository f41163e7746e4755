// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON
import Notebooks

/// A notebook at the revision that a run began with, and the results of its cells so far.
public struct NotebookRecord: Equatable, Sendable {
    public let path: String
    public let objectID: Int64
    public let notebook: Notebook
    /// One for each command.
    public var cells: [CellRecord]
    /// The Jupyter file that the notebook was imported from, without outputs; nil: another format.
    public var importedFile: [UInt8]?
    /// The value passed to dbutils.notebook.exit.
    public var exitValue: String?

    public init(
        path: String, objectID: Int64, notebook: Notebook, cells: [CellRecord], importedFile: [UInt8]? = nil
    ) {
        self.path = path
        self.objectID = objectID
        self.notebook = notebook
        self.cells = cells
        self.importedFile = importedFile
    }

    /// The last part of the path.
    public var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// The results of a cell so far.
public struct CellRecord: Equatable, Sendable {
    public enum State: String, Sendable, CaseIterable {
        /// Not begun.
        case waiting = "WAITING"
        /// Begun and not finished: it is running, or was stopped with the run.
        case running = "RUNNING"
        case finished = "FINISHED"
        case failed = "FAILED"
        /// Stopped with the run, by a cause outside of it.
        case canceled = "CANCELED"
        /// The run ended before it.
        case skipped = "SKIPPED"
    }

    public var state: State
    public var startTime: Timestamp?
    public var finishTime: Timestamp?
    /// As kernels write them (docs/architecture/notebooks.md), chunks of a stream concatenated.
    public var outputs: [JSONObject]
    /// Whether the notebook has ended here, by dbutils.notebook.exit.
    public var hasExited = false

    public init(
        state: State = .waiting, startTime: Timestamp? = nil, finishTime: Timestamp? = nil, outputs: [JSONObject] = []
    ) {
        self.state = state
        self.startTime = startTime
        self.finishTime = finishTime
        self.outputs = outputs
    }
}

extension NotebookRecord {
    /// The record of a run that has ended: no cell is running or waiting. A cell that was running when the run failed
    /// is the cause, and shows the message of the run.
    public func ended(_ state: RunState) -> NotebookRecord {
        var record = self
        for index in cells.indices {
            switch cells[index].state {
            case .running where state.resultState == .failed:
                record.cells[index].state = .failed
                record.cells[index].outputs.append([
                    "type": .string("error"), "name": .string("Error"), "message": .string(state.stateMessage),
                    "trace": .string(""),
                ])
            case .running: record.cells[index].state = .canceled
            case .waiting: record.cells[index].state = .skipped
            case .finished, .failed, .canceled, .skipped: break
            }
        }
        return record
    }
}

/// The value that a notebook has passed to dbutils.notebook.exit.
public struct NotebookResult: Equatable, Sendable {
    /// nil: it has not called it.
    public var result: String?
    /// Whether the result was longer.
    public var isTruncated: Bool

    public init(result: String? = nil, isTruncated: Bool = false) {
        self.result = result
        self.isTruncated = isTruncated
    }
}

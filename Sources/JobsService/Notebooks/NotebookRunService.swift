// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsCompute
import JobsDomain
import JobsJSON
import JobsStore

/// What runs may ask while they run. Each call is in the name of one run, and sees no more than that run may.
public struct NotebookRunService: Sendable {
    public typealias Store = NotebookRunStore & RunLifecycleStore & ChangeCounter

    let store: any Store
    let library: any NotebookLibrary
    let secrets: any SecretSource
    let outputs: any TaskOutputs
    let wakeUps: any EngineWakeUps
    let clock: any WallClock
    /// Returns when the server begins to stop, or the task is cancelled.
    let untilStopping: (@Sendable () async -> Void)?

    /// - Parameter untilStopping: returns when the server begins to stop, or the task is cancelled. Then calls that wait
    ///   are answered at once, and repeated to the next server. nil: the server never stops.
    public init(
        store: any Store, library: any NotebookLibrary, secrets: any SecretSource, outputs: any TaskOutputs,
        wakeUps: any EngineWakeUps, clock: any WallClock, untilStopping: (@Sendable () async -> Void)? = nil
    ) {
        self.store = store
        self.library = library
        self.secrets = secrets
        self.outputs = outputs
        self.wakeUps = wakeUps
        self.clock = clock
        self.untilStopping = untilStopping
    }

    /// A notebook in the revision that was current when the run was requested.
    public func notebook(_ decoded: DecodedRequest<NotebookPathRequest>, of run: RunID) async throws -> StoredNotebook {
        let path = try decoded.checked().path
        guard let notebook = try await library.notebook(path, at: try await caller(run).times.start) else {
            throw APIError.notebookDoesNotExist(path)
        }
        return notebook
    }

    /// Stores a value for later tasks.
    public func setTaskValue(_ decoded: DecodedRequest<SetTaskValueRequest>, of run: RunID) async throws {
        let request = try decoded.checked()
        let value = request.json
        if value.utf8.count > SetTaskValueRequest.maxValueLength {
            throw APIError.invalid(
                "The value of \(request.key) has \(value.utf8.count) bytes as JSON. "
                    + "Allowed: at most \(SetTaskValueRequest.maxValueLength).")
        }
        try await store.setTaskValue(value, key: request.key, by: run)
    }

    /// - Returns: JSON.
    public func taskValue(_ decoded: DecodedRequest<GetTaskValueRequest>, of run: RunID) async throws -> String {
        let request = try decoded.checked()
        let value = try await store.taskValue(key: request.key, taskKey: request.taskKey, for: run)
        guard let value else { throw APIError.taskValueDoesNotExist(key: request.key, taskKey: request.taskKey) }
        return value
    }

    /// The user that a run acts for; never with administrator rights, even if an administrator started it.
    public func user(of run: RunID) async throws -> Principal {
        Principal(userName: try await caller(run).creatorUserName, isAdmin: false)
    }

    func caller(_ run: RunID) async throws -> Run {
        guard let found = try await store.run(forExecution: run) else { throw APIError.runDoesNotExist(run) }
        return found
    }
}

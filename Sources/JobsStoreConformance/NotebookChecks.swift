// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    private static func hash(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 32) }

    /// Tokens of runs, and the values that tasks pass to later tasks.
    static let notebookChecks: [StoreCheck] = [
        StoreCheck("a run's token stands for it while its task runs, and neither before nor after") { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 9), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, at: t0)).runID
            try await store.addRunToken(hash: hash(1), of: run)
            try checkEqual(try await store.running(tokenHash: hash(1)), nil, "PENDING")
            try await record(.taskStarted, of: run, at: at(1), in: store)
            try checkEqual(try await store.running(tokenHash: hash(1)), run, "RUNNING")
            try checkEqual(try await store.running(tokenHash: hash(2)), nil, "another token")
            try await record(.taskEnded(.succeeded), of: run, at: at(5), in: store)
            try checkEqual(try await store.running(tokenHash: hash(1)), nil, "TERMINATING")
            try await record(.cleanedUp, of: run, at: at(6), in: store)
            try checkEqual(try await store.running(tokenHash: hash(1)), nil, "TERMINATED")
        },
        StoreCheck("each of several tokens stands for its run; a cancel and an internal error end them at once") {
            store in
            let run = try await runningRun(in: store)
            let other = try await runningRun(in: store)
            for byte in [1, 2] as [UInt8] { try await store.addRunToken(hash: hash(byte), of: run) }
            try await store.addRunToken(hash: hash(3), of: other)
            try checkEqual(try await store.running(tokenHash: hash(1)), run, "the first")
            try checkEqual(try await store.running(tokenHash: hash(2)), run, "the second")
            try checkEqual(try await store.running(tokenHash: hash(3)), other, "the other run's")
            _ = try await store.cancelRun(run, at: at(5))
            try await record(.failedInternally(message: "x"), of: other, at: at(5), in: store)
            for byte in 1...3 as ClosedRange<UInt8> {
                try checkEqual(try await store.running(tokenHash: hash(byte)), nil, "token \(byte), afterwards")
            }
        },
        StoreCheck("a run's token is no access token, and no access token is one") { store in
            let run = try await runningRun(in: store)
            try await store.addRunToken(hash: hash(1), of: run)
            let owner = Principal(userName: "ann", isAdmin: false)
            try await store.addToken(
                NewToken(hash: hash(2), owner: owner, comment: "", createdTime: t0, expiryTime: nil))
            try checkEqual(try await store.principal(tokenHash: hash(1), at: t0), nil, "the run's token")
            try checkEqual(try await store.running(tokenHash: hash(2)), nil, "the access token")
        },
        StoreCheck("task values are kept by run, task and key; the last one counts") { store in
            let run = try await runningRun(in: store)
            let key = TaskSettings.singleTaskKey
            try checkEqual(try await store.taskValue(key: "k", taskKey: key, for: run), nil, "before")
            try await store.setTaskValue("1", key: "k", by: run)
            try await store.setTaskValue("\"é\"", key: "K", by: run)
            try await store.setTaskValue(#"{"a":2}"#, key: "k", by: run)
            try checkEqual(try await store.taskValue(key: "k", taskKey: key, for: run), #"{"a":2}"#, "the last")
            try checkEqual(try await store.taskValue(key: "K", taskKey: key, for: run), "\"é\"", "another key")
            try checkEqual(try await store.taskValue(key: "k", taskKey: "other", for: run), nil, "another task")
            let other = try await runningRun(in: store)
            try await store.setTaskValue("3", key: "of another", by: other)
            for (key, run) in [("k", other), ("of another", run)] {
                try checkEqual(
                    try await store.taskValue(key: key, taskKey: TaskSettings.singleTaskKey, for: run), nil,
                    "\(key), for a run that has no such value")
            }
        },
        StoreCheck("task values stay when the run has ended, and go with it") { store in
            let run = try await runningRun(in: store)
            let key = TaskSettings.singleTaskKey
            try await store.setTaskValue("1", key: "k", by: run)
            try await cancel(run, at: at(5), in: store)
            try checkEqual(try await store.taskValue(key: "k", taskKey: key, for: run), "1", "after the end")
            try await store.deleteRun(run, at: at(6))
            try checkEqual(try await store.taskValue(key: "k", taskKey: key, for: run), nil, "of a deleted run")
        },
    ]
}

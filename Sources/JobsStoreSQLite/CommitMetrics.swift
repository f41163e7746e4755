// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CoreMetrics
import Logging

/// The metrics of the writer's commits.
struct CommitMetrics: Sendable {
    static let commands = "lamplighter_store_commit_commands"
    static let seconds = "lamplighter_store_commit_seconds"
    static let failures = "lamplighter_store_commit_failures_total"
    /// A slower commit is logged: the disk is slow, or the batch large.
    private static let slow = Duration.seconds(1)

    let logger: Logger
    private let batchSize = Recorder(label: Self.commands)
    private let duration = Timer(label: Self.seconds)
    private let failed = Counter(label: Self.failures)

    init(logger: Logger) {
        self.logger = logger
        failed.increment(by: 0)
    }

    func note(batchSize: Int, took time: Duration, failure: (any Error)?) {
        self.batchSize.record(batchSize)
        duration.recordNanoseconds(
            time.components.seconds * 1_000_000_000 + time.components.attoseconds / 1_000_000_000)
        if let failure {
            failed.increment()
            logger.error("a commit failed", metadata: ["commands": "\(batchSize)", "error": "\(failure)"])
        } else if time > Self.slow {
            logger.warning("slow commit", metadata: ["commands": "\(batchSize)", "took": "\(time)"])
        }
    }
}

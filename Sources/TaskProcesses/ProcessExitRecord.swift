// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain

/// What to start.
package struct ProcessCommand: Equatable, Sendable {
    /// The program's absolute path, then its arguments.
    package var arguments: [String]
    package var environment: [String: String]
    package var workingDirectory: String

    package init(arguments: [String], environment: [String: String], workingDirectory: String) {
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
    }
}

/// How a supervised process ended; read from the supervisor's exit record.
package struct ProcessExitRecord: Equatable, Sendable {
    package let exitCode: Int32?
    package let signal: Int32?
    /// Why the program could not be executed at all.
    package let execError: String?
    package let startedAt: Timestamp
    package let endedAt: Timestamp
    package let cpuTime: Duration
    package let peakMemory: Int64
    package let stopRequested: Bool
    /// False: the main process has ended, and what it left behind is still to end.
    package let treeHasEnded: Bool

    package var usage: TaskUsage {
        TaskUsage(exitCode: exitCode, signal: signal, cpuTime: cpuTime, peakMemory: peakMemory)
    }
}

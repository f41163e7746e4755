// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Runs a command.
struct ShellCommandDriver: SparkTaskDriver {
    let runtime: SparkRuntime

    func commandLine(of task: ShellCommandTask, _ launch: SparkLaunch) -> [String] { task.command }

    /// Where the system allows no /dbfs, a shell command is told so: it may name files there.
    func environment(of task: ShellCommandTask, for run: Run) -> [String: String] { task.envVars ?? [:] }
}

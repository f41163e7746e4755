// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Runs a command.
struct ShellCommandDriver: SparkTaskDriver {
    let runtime: SparkRuntime

    func commandLine(of task: ShellCommandTask, _ launch: SparkLaunch) -> [String] { task.command }

    /// Without LAMPLIGHTER_DBFS, dbfs-exec prints a message where the system allows no /dbfs: the command may use it.
    func environment(of task: ShellCommandTask, for run: Run) -> [String: String] { task.envVars ?? [:] }
}

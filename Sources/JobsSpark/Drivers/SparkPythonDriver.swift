// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain

/// Runs a Python file.
struct SparkPythonDriver: SparkTaskDriver {
    let runtime: SparkRuntime

    func files(of task: SparkPythonTask) -> [String] { [task.pythonFile] }

    func commandLine(of task: SparkPythonTask, _ launch: SparkLaunch) throws -> [String] {
        guard let file = launch.prepared.files[task.pythonFile] else {
            throw TaskFailure("\(task.pythonFile) was not fetched.")
        }
        return [launch.configuration.python, launch.configuration.driverScript, file] + (task.parameters ?? [])
    }
}

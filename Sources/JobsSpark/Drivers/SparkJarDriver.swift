// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Runs the main method of a class.
struct SparkJarDriver: SparkTaskDriver {
    let runtime: SparkRuntime

    func libraries(of task: SparkJarTask) -> [Library] {
        guard let uri = task.jarURI, !uri.isEmpty else { return [] }
        return [Library(jar: uri)]
    }

    func commandLine(of task: SparkJarTask, _ launch: SparkLaunch) -> [String] {
        [
            launch.configuration.sparkHome + "/bin/run-jar", launch.directory.sparkProperties,
            launch.prepared.jars.joined(separator: ":"), task.mainClassName,
        ] + (task.parameters ?? [])
    }
}

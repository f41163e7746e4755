// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Runs spark-submit.
struct SparkSubmitDriver: SparkTaskDriver {
    let runtime: SparkRuntime

    func files(of task: SparkSubmitTask) -> [String] {
        SparkSubmitParameters(parameters: task.parameters ?? []).remoteURIs
    }

    func commandLine(of task: SparkSubmitTask, _ launch: SparkLaunch) -> [String] {
        // Options of the task come later and so override these, except those that the contract refuses.
        let settings = launch.properties.values.sorted { $0.key < $1.key }
            .flatMap { ["--conf", "\($0.key)=\($0.value)"] }
        let parameters = SparkSubmitParameters(parameters: task.parameters ?? [])
        return [launch.configuration.sparkHome + "/bin/spark-submit"] + settings
            + parameters.localized(launch.prepared.files)
    }
}

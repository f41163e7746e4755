// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain

/// The drivers of the tasks that run on Spark.
public enum SparkTaskDrivers {
    /// - Parameter notebooks: nil: notebook tasks cannot be run.
    public static func all(_ runtime: SparkRuntime, notebooks: NotebookKernels?) -> [JobTask.Kind: any TaskDriver] {
        var drivers: [any SparkTaskDriver] = [
            SparkPythonDriver(runtime: runtime), SparkJarDriver(runtime: runtime), SparkSubmitDriver(runtime: runtime),
            ShellCommandDriver(runtime: runtime),
        ]
        if let notebooks { drivers.append(NotebookDriver(runtime: runtime, kernels: notebooks)) }
        return Dictionary(uniqueKeysWithValues: drivers.map { (kind(of: $0), $0) })
    }

    private static func kind<Driver: SparkTaskDriver>(of driver: Driver) -> JobTask.Kind { Driver.Definition.kind }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import TaskProcesses

/// The environment of a task; pure.
struct TaskEnvironment {
    let run: Run
    let launch: SparkLaunch
    /// The variables of the kind of task, which override the others.
    let own: [String: String]
    let secrets: SecretReferences

    var variables: [String: String] {
        let directory = launch.directory
        let prepared = launch.prepared
        var environment = SparkEnvironment.base(launch.configuration, workDirectory: directory.work)
        environment["LAMPLIGHTER_TASK_DIR"] = directory.task
        environment["LAMPLIGHTER_RUN_ID"] = run.id.description
        environment["DB_IS_JOB_CLUSTER"] = run.task.cluster == .existing(.default) ? "FALSE" : "TRUE"
        // How Python starts Spark: with a properties file, since every local user can read command lines.
        environment["PYSPARK_SUBMIT_ARGS"] = "--properties-file '\(directory.sparkProperties)' pyspark-shell"
        environment["PYTHONPATH"] = prepared.pythonPath.joined(separator: ":")
        // Programs of the run's libraries go before the runtime's.
        let programs = prepared.pythonPath.map { $0 + "/bin" } + [environment["PATH"] ?? ""]
        environment["PATH"] = programs.joined(separator: ":")
        if case .new(let cluster)? = run.task.cluster {
            environment.merge(
                SparkEnvironment.expanded(cluster.sparkEnvVars ?? [:], over: environment, secrets: secrets)
            ) { $1 }
        }
        environment.merge(own) { $1 }
        environment.merge(secrets.variables) { $1 }
        return environment
    }
}

/// Environment variables of Spark's processes.
enum SparkEnvironment {
    static func base(_ configuration: SparkConfiguration, workDirectory: String) -> [String: String] {
        var environment = [
            "PATH": configuration.runtimeDirectory + "/venv/bin:" + configuration.sparkHome
                + "/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": workDirectory,
            "TMPDIR": workDirectory + "/tmp",
            "LANG": "C.UTF-8",
            "SPARK_HOME": configuration.sparkHome,
            "SPARK_LOCAL_IP": "127.0.0.1",
            // Not spark.local.dir: Spark logs a warning about that setting on every start.
            "SPARK_LOCAL_DIRS": workDirectory + "/spark",
            "PYSPARK_PYTHON": configuration.python,
            "PYSPARK_DRIVER_PYTHON": configuration.python,
            "PYTHONUNBUFFERED": "1",
            // Executors use this hash seed: with another, the driver would partition rows of the same key differently.
            "PYTHONHASHSEED": "0",
            "DBFS_ROOT": configuration.dbfsDirectory,
            "LAMPLIGHTER_JVM_PROFILE": configuration.jvmProfile,
        ]
        environment.merge(configuration.inheritedEnvironment) { own, _ in own }
        return environment
    }

    /// "Key-value pair of the form (X,Y) are exported as is (i.e., export X='Y')", but the specification's own example
    /// appends to `$SPARK_DAEMON_JAVA_OPTS`: a value may name variables that are set already.
    static func expanded(
        _ variables: [String: String], over environment: [String: String], secrets: SecretReferences = .none
    ) -> [String: String] {
        variables.reduce(into: [:]) { result, variable in
            var value = variable.value
            let reference = "$" + variable.key
            value.replace(reference, with: environment[variable.key] ?? "")
            // Last, so that secret values are not expanded.
            result[variable.key] = secrets.resolved(in: value)
        }
    }
}

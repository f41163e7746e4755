// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain

/// The command line and environment of a task; pure.
struct TaskCommand {
    let run: Run
    /// The task as it is to run: parameters overridden, context variables substituted.
    let task: JobTask
    let directory: RunDirectory
    let prepared: PreparedFiles
    let properties: SparkProperties
    let secrets: SecretReferences
    let configuration: SparkConfiguration
    /// Set over all others: what the server and a notebook's kernel have between them.
    var kernelEnvironment: [String: String] = [:]

    /// - Throws: `TaskFailure` for a task of a type that this server cannot run.
    func command() throws -> ProcessCommand {
        // Whatever runs on a driver finds DBFS at /dbfs (contract G1).
        let dbfsExec = [configuration.dbfsExecProgram, configuration.dbfsDirectory, directory.databricks]
        return ProcessCommand(
            arguments: dbfsExec + (try program()), environment: environment, workingDirectory: directory.work)
    }

    private func program() throws -> [String] {
        let bin = configuration.sparkHome + "/bin"
        switch task {
        case .sparkPython(let python):
            guard let file = prepared.files[python.pythonFile] else {
                throw TaskFailure("\(python.pythonFile) was not fetched.")
            }
            return [configuration.python, configuration.driverScript, file] + (python.parameters ?? [])
        case .sparkJar(let jar):
            return [
                bin + "/run-jar", directory.sparkProperties, prepared.jars.joined(separator: ":"), jar.mainClassName,
            ] + (jar.parameters ?? [])
        case .sparkSubmit(let submit):
            // Options of the task come later and so win, except those that the contract refuses.
            let settings = properties.values.sorted { $0.key < $1.key }.flatMap { ["--conf", "\($0.key)=\($0.value)"] }
            let parameters = SparkSubmitParameters(parameters: submit.parameters ?? [])
            return [bin + "/spark-submit"] + settings + parameters.localized(prepared.files)
        case .shellCommand(let shell):
            return shell.command
        case .notebook:
            return [configuration.python, configuration.kernelScript]
        case .pipeline, .runJob:
            throw TaskFailure("Tasks of the type \(task.kind.rawValue) cannot be run by this version of Lamplighter.")
        }
    }

    private var environment: [String: String] {
        var environment = SparkEnvironment.base(configuration, workDirectory: directory.work)
        environment["LAMPLIGHTER_TASK_DIR"] = directory.task
        environment["LAMPLIGHTER_RUN_ID"] = run.id.description
        environment["DB_IS_JOB_CLUSTER"] = run.task.cluster == .existing(.default) ? "FALSE" : "TRUE"
        // What starts Spark from Python: a properties file, since values on a command line are for all to see.
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
        if case .shellCommand(let shell) = task {
            environment.merge(shell.envVars ?? [:]) { $1 }
        } else {
            // Where the system allows no /dbfs, a shell command is told so; most other programs do not look for it.
            environment["LAMPLIGHTER_DBFS"] = "if-possible"
        }
        environment.merge(kernelEnvironment) { $1 }
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
            // Not spark.local.dir: Spark warns of that setting on every start.
            "SPARK_LOCAL_DIRS": workDirectory + "/spark",
            "PYSPARK_PYTHON": configuration.python,
            "PYSPARK_DRIVER_PYTHON": configuration.python,
            "PYTHONUNBUFFERED": "1",
            // Executors hash by it: a driver that did not would put rows of the same key into different partitions.
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
            // Last: what a secret holds means nothing.
            result[variable.key] = secrets.resolved(in: value)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// How Spark runs on this machine.
public struct SparkConfiguration: Sendable {
    /// S3 access of the server itself; drivers that read s3a:// configure their own.
    public struct S3: Sendable {
        public var endpoint: String?
        public var region: String?
        public var accessKeyID: String?
        public var secretAccessKey: String?

        public init(endpoint: String?, region: String?, accessKeyID: String?, secretAccessKey: String?) {
            self.endpoint = endpoint
            self.region = region
            self.accessKeyID = accessKeyID
            self.secretAccessKey = secretAccessKey
        }
    }

    /// The installation of `make setup`: `venv/`, `spark/`, `python/`.
    public var runtimeDirectory: String
    /// The parent of the runs' directories.
    public var runsDirectory: String
    /// The files behind `dbfs:/`.
    public var dbfsDirectory: String
    /// Downloads that runs share.
    public var cacheDirectory: String
    /// The path of the `task-supervisor` program.
    public var supervisorProgram: String
    public var workerCores: Int
    /// MiB for each worker of a cluster, and for its executor.
    public var workerMemory: Int
    /// The time between SIGTERM and SIGKILL for a task.
    public var gracePeriod: Duration
    /// Bytes kept of each of a task's output streams.
    public var outputCap: Int
    /// Whether `file:/` URIs may name files of this machine.
    public var allowsLocalFiles: Bool
    /// `start`, `balanced` or `throughput`; see Runtime/README.md.
    public var jvmProfile: String
    public var s3: S3?
    /// Maven repositories for libraries that name none.
    public var mavenRepositories: [String]
    /// Variables of the server's own environment that tasks get as well (JAVA_HOME, proxies, certificates).
    public var inheritedEnvironment: [String: String] = [:]

    public init(
        runtimeDirectory: String, runsDirectory: String, dbfsDirectory: String, cacheDirectory: String,
        supervisorProgram: String, workerCores: Int = 1, workerMemory: Int = 1024,
        gracePeriod: Duration = .seconds(10), outputCap: Int = 32 * 1024 * 1024, allowsLocalFiles: Bool = false,
        jvmProfile: String = "start", s3: S3? = nil, mavenRepositories: [String] = []
    ) {
        self.runtimeDirectory = runtimeDirectory
        self.runsDirectory = runsDirectory
        self.dbfsDirectory = dbfsDirectory
        self.cacheDirectory = cacheDirectory
        self.supervisorProgram = supervisorProgram
        self.workerCores = workerCores
        self.workerMemory = workerMemory
        self.gracePeriod = gracePeriod
        self.outputCap = outputCap
        self.allowsLocalFiles = allowsLocalFiles
        self.jvmProfile = jvmProfile
        self.s3 = s3
        self.mavenRepositories = mavenRepositories
    }

    var python: String { runtimeDirectory + "/venv/bin/python" }
    var sparkHome: String { runtimeDirectory + "/spark" }
    var driverScript: String { runtimeDirectory + "/python/driver.py" }
    /// Runs the notebook of a task.
    var kernelScript: String { runtimeDirectory + "/python/lamplighter/kernel.py" }
    var forkServerScript: String { runtimeDirectory + "/python/lamplighter/fork_server.py" }
    /// Runs a command with DBFS mounted at `/dbfs`.
    var dbfsExecProgram: String { runtimeDirectory + "/bin/dbfs-exec" }
    var prepareScript: String { runtimeDirectory + "/python/prepare.py" }
}

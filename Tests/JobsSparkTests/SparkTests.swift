// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsCompute
import JobsDomain
import JobsJSON
import JobsServerTesting
import JobsTesting
import TaskProcesses
import Testing

@testable import JobsSpark

@Suite("spark-submit parameters")
struct SparkSubmitParametersTests {
    @Test(
        "files of options and the program are fetched; the program's own arguments are not looked at",
        arguments: [
            (["--class", "A", "dbfs:/x.jar", "dbfs:/arg"], ["dbfs:/x.jar"]),
            (
                ["--jars", "dbfs:/a.jar,s3://b/c.jar,/local.jar", "--verbose", "dbfs:/x.py"],
                ["dbfs:/a.jar", "s3://b/c.jar", "dbfs:/x.py"]
            ),
            (["--jars=dbfs:/a.jar", "--conf", "k=dbfs:/v", "x.jar"], ["dbfs:/a.jar"]),
            (["--files", "dbfs:/f", "--supervise"], ["dbfs:/f"]),
            (["--class"], []), ([], []), (["--py-files"], []),
        ] as [([String], [String])])
    func remote(_ parameters: [String], _ expected: [String]) {
        #expect(SparkSubmitParameters(parameters: parameters).remoteURIs == expected)
    }

    @Test("fetched files stand where their URIs stood")
    func localized() {
        let parameters = SparkSubmitParameters(
            parameters: ["--jars=dbfs:/a.jar,keep.jar", "--class", "A", "dbfs:/x.jar", "dbfs:/x.jar"])
        #expect(
            parameters.localized(["dbfs:/a.jar": "/l/a.jar", "dbfs:/x.jar": "/l/x.jar"])
                == ["--jars=/l/a.jar,keep.jar", "--class", "A", "/l/x.jar", "dbfs:/x.jar"])
    }
}

@Suite("Spark's settings")
struct SparkPropertiesTests {
    private func properties(_ sparkConf: [String: String], _ master: SparkMaster = .local) -> SparkProperties {
        SparkProperties(
            applicationName: "job 1 run 2", master: master, prepared: PreparedFiles(jars: ["/l/a.jar"]),
            workDirectory: "/w", configuration: .fixture("/d"), sparkConf: sparkConf)
    }

    @Test("a job's settings win, except over a real master's address")
    func precedence() {
        let local = properties(["spark.master": "local[2, 4]", "spark.ui.port": "4444", "spark.jars": "/m.jar"])
        #expect(local.values["spark.master"] == "local[2,4]")
        #expect(local.values["spark.ui.port"] == "4444")
        #expect(local.values["spark.jars"] == "/l/a.jar,/m.jar")
        let cluster = properties(["spark.master": "local[1]"], .standalone(url: "spark://h:1", workers: 2...2))
        #expect(cluster.values["spark.master"] == "spark://h:1")
        #expect(cluster.values["spark.dynamicAllocation.enabled"] == nil)
    }

    @Test("autoscale is Spark's dynamic allocation between the bounds")
    func autoscale() {
        let values = properties([:], .standalone(url: "spark://h:1", workers: 1...5)).values
        #expect(values["spark.dynamicAllocation.enabled"] == "true")
        #expect(values["spark.dynamicAllocation.minExecutors"] == "1")
        #expect(values["spark.dynamicAllocation.maxExecutors"] == "5")
    }

    @Test("values of a properties file are escaped as Java reads them back")
    func escapes() {
        let text = properties(["a b": " x=y\\z\n\té€"]).text
        #expect(text.contains("a\\ b=\\ x=y\\\\z\\n\\t\\u00e9\\u20ac\n"))
    }

    @Test("drivers hash as executors do")
    func hashSeed() {
        #expect(SparkEnvironment.base(.fixture("/d"), workDirectory: "/w")["PYTHONHASHSEED"] == "0")
    }

    @Test("the specification's example of environment variables appends to what is set")
    func environment() {
        let variables = SparkEnvironment.expanded(
            ["SPARK_DAEMON_JAVA_OPTS": "$SPARK_DAEMON_JAVA_OPTS -Dx=y", "Z": "$HOME"],
            over: ["SPARK_DAEMON_JAVA_OPTS": "-Da=b"])
        #expect(variables == ["SPARK_DAEMON_JAVA_OPTS": "-Da=b -Dx=y", "Z": "$HOME"])
    }
}

extension SparkConfiguration {
    static func fixture(_ directory: String, grace: Duration = .seconds(2)) -> SparkConfiguration {
        SparkConfiguration(
            runtimeDirectory: directory + "/runtime", runsDirectory: directory + "/runs",
            dbfsDirectory: directory + "/dbfs", cacheDirectory: directory + "/cache",
            supervisorProgram: ServerProcess.programs + "/task-supervisor", gracePeriod: grace)
    }
}

@Suite("Supervised processes")
struct SupervisedProcessTests {
    private let directory: TemporaryDirectory
    private let supervisors = Supervisors(program: ServerProcess.programs + "/task-supervisor")

    init() throws { directory = try TemporaryDirectory() }

    private func process(_ name: String) -> SupervisedProcess {
        SupervisedProcess(directory: directory.path + "/" + name, supervisors: supervisors)
    }

    private func launch(_ process: SupervisedProcess, _ script: String, grace: Duration = .seconds(2)) throws {
        try process.launch(
            ProcessCommand(
                arguments: ["/bin/sh", "-c", script], environment: ["PATH": "/bin:/usr/bin"],
                workingDirectory: directory.path),
            grace: grace, outputCap: 65536)
    }

    @Test("exit codes and output are recorded")
    func exitCode() async throws {
        let process = process("a")
        try launch(process, "echo out; echo err >&2; exit 3")
        guard case .exited(let exit) = try await process.end() else {
            Issue.record("no exit")
            return
        }
        #expect(exit.exitCode == 3)
        #expect(OutputFile(path: process.standardOutput).head(100).text == "out\n")
        #expect(OutputFile(path: process.standardError).tail(100) == "err\n")
    }

    @Test("launched twice, also by another server, a program runs once")
    func once() async throws {
        let marker = directory.path + "/marker"
        let other = Supervisors(program: supervisors.program)
        for supervisors in [supervisors, other, supervisors] {
            try launch(
                SupervisedProcess(directory: directory.path + "/once", supervisors: supervisors),
                "echo x >> \(marker); sleep 0.2")
        }
        _ = try await process("once").end()
        _ = try await SupervisedProcess(directory: directory.path + "/once", supervisors: other).end()
        #expect(try String(contentsOfFile: marker, encoding: .utf8) == "x\n")
    }

    @Test("a server that did not start a task can wait for it and end it")
    func takenUp() async throws {
        try launch(process("b"), "trap '' TERM; sleep 600 & wait; sleep 600", grace: .milliseconds(200))
        let later = SupervisedProcess(
            directory: directory.path + "/b", supervisors: Supervisors(program: supervisors.program))
        _ = try await eventually("the claim") { later.isClaimed ? true : nil }
        #expect(try later.isAlive)
        async let end = later.end()
        await later.stop()
        guard case .exited(let exit) = try await end else {
            Issue.record("no exit")
            return
        }
        #expect(exit.stopRequested)
        #expect(try !later.isAlive)
    }

    @Test("many waits at once each hear of their own process")
    func many() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<60 {
                group.addTask {
                    let process = self.process("m\(index)")
                    try self.launch(process, "exit \(index)")
                    guard case .exited(let exit) = try await process.end() else { throw TaskFailure("no exit") }
                    #expect(exit.exitCode == Int32(index))
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("the end of the main process is known while what it left is still there, also when its supervisor is killed")
    func mainExit() async throws {
        // The supervisor kills what is left behind after two seconds; on a machine that is busy enough what is left does
        // not come to killing the supervisor before. Then there is nothing to see, and it is tried again.
        for attempt in 1...50 where try await leavesOrphan("main-exit-\(attempt)") { return }
        Issue.record("no orphan ever outlived its supervisor")
    }

    /// True when the orphan was still there at the end; false when its supervisor was quicker.
    private func leavesOrphan(_ name: String) async throws -> Bool {
        let process = process(name)
        let orphan = process.directory + ".orphan"
        // What is left behind kills the supervisor when that asks it to end, and goes on.
        try launch(
            process,
            """
            sh -c 'trap "kill -9 \\$(cut -d\\  -f1 \(process.directory)/claim)" TERM
            echo $$ > \(orphan).new; mv \(orphan).new \(orphan)
            while :; do sleep 0.05; done' &
            while [ ! -e \(orphan) ]; do sleep 0.05; done; exit 3
            """)
        let (end, record) = (try await process.end(), try process.exitRecord)
        #expect(record?.exitCode == 3)
        #expect(end == record.map { .exited($0) })
        let pid = try String(contentsOfFile: orphan, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        var isThere: Bool { FileManager.default.contents(atPath: "/proc/\(pid)/environ")?.isEmpty == false }
        guard isThere else { return false }
        await process.stop()
        #expect(!isThere)
        return true
    }

    @Test("a forged or foreign exit record is not believed")
    func foreignExit() async throws {
        let process = process("c")
        try launch(process, "exit 0")
        _ = try await process.end()
        let file = process.directory + "/exit"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try text.replacing(/"supervisor_start_ticks":\d+/, with: "\"supervisor_start_ticks\":1")
            .write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try process.exitRecord == nil)
        #expect(try await process.end() == .lost)
    }

    @Test(
        "nothing starts in a directory that was fenced, until it is launched in anew; a fence comes too late for a task"
    )
    func fenced() async throws {
        let process = process("fenced")
        let supervisor = directory.path + "/fenced"
        try FileManager.default.createDirectory(atPath: supervisor, withIntermediateDirectories: true)
        process.fence()
        #expect(!process.isClaimed)
        // A supervisor that was on its way when the directory was fenced.
        try supervisors.spawn(
            [supervisors.program, "--dir", supervisor, "--", "/bin/sh", "-c", "echo x"], [:], directory: supervisor)
        #expect(try await process.end() == .lost)
        #expect(!FileManager.default.fileExists(atPath: process.standardOutput))
        await process.stop()
        try launch(process, "echo x")
        guard case .exited = try await process.end() else {
            Issue.record("no exit")
            return
        }
        process.fence()
        #expect(try process.exitRecord?.exitCode == 0)
    }

    @Test("a program that is not there is told so")
    func missingProgram() async throws {
        let process = process("d")
        try process.launch(
            ProcessCommand(arguments: ["/nowhere/x"], environment: [:], workingDirectory: directory.path),
            grace: .seconds(1), outputCap: 65536)
        guard case .exited(let exit) = try await process.end() else {
            Issue.record("no exit")
            return
        }
        #expect(exit.execError?.contains("No such file") == true)
    }
}

@Suite("Clusters without a server")
struct ClusterWithoutServerTests {
    @Test("the daemons end by themselves some time after the run's task")
    func daemonsEnd() async throws {
        let directory = try TemporaryDirectory()
        let configuration = SparkConfiguration.fixture(directory.path)
        // In place of a daemon of Spark: it says nothing, so that the server waits for it until it is gone itself.
        try makeDirectory(configuration.sparkHome + "/bin")
        let daemon = configuration.sparkHome + "/bin/spark-class"
        try "#!/bin/sh\nexec sleep 600\n".write(toFile: daemon, atomically: true, encoding: .utf8)
        chmod(daemon, 0o700)
        let supervisors = Supervisors(program: configuration.supervisorProgram)
        let task = SupervisedProcess(directory: directory.path + "/task", supervisors: supervisors)
        try makeDirectory(task.directory)
        let cluster = StandaloneCluster(
            directory: directory.path + "/cluster", taskDirectory: task.directory, workers: 1,
            workDirectory: directory.path, sparkEnvVars: [:], configuration: configuration, supervisors: supervisors,
            linger: .milliseconds(50))
        let server = Task { try await cluster.start(with: SecretReferences(values: [:])) }
        let master = SupervisedProcess(directory: cluster.directory + "/master", supervisors: supervisors)
        _ = try await eventually("the master") { master.isClaimed ? true : nil }
        server.cancel()
        try task.launch(
            ProcessCommand(arguments: ["/bin/true"], environment: [:], workingDirectory: directory.path),
            grace: .seconds(2), outputCap: 65536)
        let exit = try await eventually("the end of the master") { try master.exitRecord }
        #expect(exit.stopRequested)
        #expect(exit.signal == SIGTERM)
    }
}

@Suite("Why a task failed")
struct FailureReportTests {
    @Test("a Java trace is found in standard error")
    func java() {
        let trace = FailureReport.javaTrace(in: "WARN x\nException in thread \"main\" java.lang.X: boom\n\tat A.b\n")
        #expect(trace == "Exception in thread \"main\" java.lang.X: boom\n\tat A.b\n")
    }

    @Test("a Python trace is found in standard error")
    func python() {
        let text = "x\nTraceback (most recent call last):\n  File\nValueError: boom\n"
        #expect(FailureReport.pythonTrace(in: text) == String(text.dropFirst(2)))
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CLinuxProcess
import Foundation
import JobsCompute
import JobsDomain
import JobsJSON
import Logging
import TaskProcesses

/// The process that has preimported the modules of notebooks and forks their kernels
/// (Runtime/python/lamplighter/fork_server.py). It ends with the server, also when that is killed: it reads a pipe
/// whose other end the server holds. Without it kernels start cold, a second or two later.
public final class ForkServer: Sendable {
    private let configuration: SparkConfiguration
    /// Its socket, its log, and the caches of its libraries.
    private let directory: String
    private let logger: Logger

    public init(_ configuration: SparkConfiguration, directory: String, logger: Logger) {
        self.configuration = configuration
        self.directory = directory
        self.logger = logger
    }

    var socket: String { directory + "/socket" }

    // MARK: Keeping it alive

    /// Starts the process, and restarts it whenever it has ended, until the task is cancelled.
    public func keepAlive() async {
        var pause = Duration.seconds(1)
        while !Task.isCancelled {
            let start = ContinuousClock.now
            do {
                try await runOnce()
            } catch {
                logger.error("the notebook fork server cannot be started", metadata: ["error": "\(error)"])
            }
            if Task.isCancelled { return }
            // Exponential backoff for a process that keeps ending at once.
            pause = ContinuousClock.now - start > .seconds(60) ? .seconds(1) : min(pause * 2, .seconds(300))
            logger.warning(
                "the notebook fork server has ended; notebooks start cold until it is there again",
                metadata: ["log": "\(directory)/log", "seconds": "\(pause.components.seconds)"])
            try? await Task.sleep(for: pause)
        }
    }

    /// Returns when the process has ended.
    private func runOnce() async throws {
        for path in [directory, directory + "/tmp"] { try makeDirectory(path) }
        unlink(socket)
        var pid: Int32 = 0
        var pipe: Int32 = -1
        let failure = withCStrings(
            [configuration.python, configuration.forkServerScript, socket], environment.map { "\($0.key)=\($0.value)" }
        ) { lp_spawn_reading(configuration.python, $0, $1, directory + "/log", &pid, &pipe) }
        guard failure == 0 else { throw TaskFailure("\(configuration.python): \(String(cString: strerror(failure)))") }
        defer { close(pipe) }
        let descriptor = lp_pidfd_open(pid)
        guard descriptor >= 0 else { throw TaskFailure(String(cString: strerror(-descriptor))) }
        let process = ProcessHandle(pidfd: descriptor)
        do {
            try await process.waitForExit()
        } catch {
            // The server ends: so does the process, when the pipe is closed.
            return
        }
    }

    private var environment: [String: String] {
        var environment = configuration.inheritedEnvironment
        environment.merge([
            "PATH": configuration.runtimeDirectory + "/venv/bin:/usr/local/bin:/usr/bin:/bin",
            "HOME": directory, "TMPDIR": directory + "/tmp", "LANG": "C.UTF-8",
            // Executors need the same hash seed; forked kernels inherit it.
            "PYTHONHASHSEED": "0", "PYTHONUNBUFFERED": "1", "SPARK_HOME": configuration.sparkHome,
        ]) { $1 }
        return environment
    }

    // MARK: Launching

    /// Requests a kernel in the directory.
    /// - Returns: true when a supervisor has claimed the directory by this request.
    func launch(
        _ command: ProcessCommand, directory: String, databricks: String
    ) async -> Bool {
        let request = request(command, directory: directory, databricks: databricks)
        let socket = socket
        return await BlockingWork.run {
            guard let answer = UnixSocket.ask(socket, request, seconds: 20),
                case .object(let object)? = try? JSONParser.parse(answer)
            else { return false }
            return object["started"] == .bool(true)
        }
    }

    private func request(_ command: ProcessCommand, directory: String, databricks: String) -> String {
        var environment = command.environment
        // For dbfs-exec, which is not used here.
        environment["LAMPLIGHTER_DBFS"] = nil
        return JSONWriter.text { writer in
            writer.object { writer in
                writer.member("supervisor", configuration.supervisorProgram)
                writer.member("directory", directory)
                writer.member("working_directory", command.workingDirectory)
                writer.member("grace_ms", configuration.gracePeriod.wholeMilliseconds)
                writer.member("output_cap", configuration.outputCap)
                writer.member("environment", environment)
                writer.member("dbfs", configuration.dbfsDirectory)
                writer.member("databricks", databricks)
            }
        } + "\n"
    }
}

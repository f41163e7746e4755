// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import AsyncHTTPClient
import Foundation
import JobsCompute
import JobsDomain
import JobsJSON
import NIOCore
import TaskProcesses

/// A private standalone master and its workers, for one run, each under a supervisor in a directory of its own.
struct StandaloneCluster: Sendable {
    /// `cluster/` of the run.
    let directory: String
    /// Of the run's task.
    let taskDirectory: String
    let workers: Int
    let workDirectory: String
    let sparkEnvVars: [String: String]
    let configuration: SparkConfiguration
    let supervisors: Supervisors
    /// How long master and workers outlive the task when no server ends them.
    var linger = Duration.seconds(600)

    /// JVMs start slowly on a busy machine; a cluster that is not up by then is considered failed.
    private static let startTimeout = Duration.seconds(180)
    private static let pollInterval = Duration.milliseconds(100)

    private var master: SupervisedProcess { process("master") }
    private var addressFile: String { directory + "/master-url" }

    private func process(_ name: String) -> SupervisedProcess {
        SupervisedProcess(directory: directory + "/" + name, supervisors: supervisors)
    }

    /// The master's address, once all workers have registered with it.
    var masterURL: String? { try? String(contentsOfFile: addressFile, encoding: .utf8) }

    /// Starts what is not running yet and waits until all workers have registered.
    /// - Throws: `TaskFailure`, `CancellationError`.
    func start(with secrets: SecretReferences) async throws {
        if masterURL != nil, try master.isAlive { return }
        if master.isClaimed, try !master.isAlive { try discard() }
        try makeDirectory(directory)
        try launch(
            master, "org.apache.spark.deploy.master.Master",
            ["--host", "127.0.0.1", "--port", "0", "--webui-port", "0"], secrets)
        let addresses = try await poll("its master to listen") { Self.addresses(inLogOf: master) }
        for index in 0..<workers {
            let worker = process("worker-\(index)")
            try launch(
                worker, "org.apache.spark.deploy.worker.Worker",
                [
                    "--host", "127.0.0.1", "--webui-port", "0", "--cores", "\(configuration.workerCores)", "--memory",
                    "\(configuration.workerMemory)m", "--work-dir", worker.directory + "/work", addresses.master,
                ], secrets)
        }
        try await poll("its \(workers) workers to register") {
            try await Self.aliveWorkers(addresses.page) == workers ? true : nil
        }
        try Data(addresses.master.utf8).write(to: URL(fileURLWithPath: addressFile), options: .atomic)
    }

    private func discard() throws {
        try FileManager.default.removeItem(atPath: directory)
    }

    private func launch(
        _ process: SupervisedProcess, _ mainClass: String, _ arguments: [String], _ secrets: SecretReferences
    ) throws {
        var environment = SparkEnvironment.base(configuration, workDirectory: workDirectory)
        environment.merge(SparkEnvironment.expanded(sparkEnvVars, over: environment, secrets: secrets)) { $1 }
        environment.merge(secrets.variables) { $1 }
        try process.launch(
            ProcessCommand(
                arguments: [configuration.sparkHome + "/bin/spark-class", mainClass] + arguments,
                environment: environment, workingDirectory: workDirectory),
            grace: configuration.gracePeriod, outputCap: configuration.outputCap, endAfter: (taskDirectory, linger))
    }

    @discardableResult
    private func poll<T>(_ what: String, _ look: () async throws -> T?) async throws -> T {
        let deadline = ContinuousClock.now + Self.startTimeout
        while ContinuousClock.now < deadline {
            try Task.checkCancellation()
            if let found = try await look() { return found }
            if let exit = try master.exitRecord {
                let log = OutputFile(path: master.standardError).tail(2000)
                throw TaskFailure(
                    "The cluster's master ended while it was started. "
                        + FailureReport.description(of: exit) + "\n" + log)
            }
            try await Task.sleep(for: Self.pollInterval)
        }
        throw TaskFailure("The cluster did not start: waited \(Self.startTimeout) for \(what).")
    }

    private static func addresses(inLogOf master: SupervisedProcess) -> (master: String, page: String)? {
        guard let log = try? String(contentsOfFile: master.standardError, encoding: .utf8),
            let master = log.firstMatch(of: /Starting Spark master at (spark:\/\/\S+:\d+)/),
            let page = log.firstMatch(of: /Bound MasterWebUI to .* started at (http:\/\/\S+:\d+)/)
        else { return nil }
        return (String(master.1), String(page.1))
    }

    private static func aliveWorkers(_ page: String) async throws -> Int? {
        do {
            let response = try await HTTPClient.shared.execute(
                HTTPClientRequest(url: page + "/json/"), timeout: .seconds(5))
            let body = try await response.body.collect(upTo: 1024 * 1024)
            guard case .object(let object)? = try? JSONParser.parse(Array(buffer: body)) else { return nil }
            return ObjectReader(object, report: ReadingReport()).int64("aliveworkers").map(Int.init)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // Not listening yet.
            return nil
        }
    }
}

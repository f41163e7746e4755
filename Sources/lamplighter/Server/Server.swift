// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import ArgumentParser
import CLinuxProcess
import Foundation
import Hummingbird
import JobsAPI
import JobsCompute
import JobsDomain
import JobsEngine
import JobsHTTP
import JobsService
import JobsSpark
import JobsStore
import JobsStoreSQLite
import JobsWebUI
import JobsWorkspace
import Logging
import PrometheusMetrics
import ServiceLifecycle
import Synchronization
import UnixSignals

/// The one place that wires the modules together.
struct Server {
    let settings: Settings
    let data: DataDirectory
    let registry: PrometheusRegistry
    let logger: Logger

    /// With too few open files libraries end the process; machines with many cores take some for each.
    private static let minFiles: Int32 = 256

    func run() async throws {
        let maxFiles = lp_raise_descriptor_limit()
        guard maxFiles < 0 || maxFiles >= Self.minFiles else {
            throw CommandFailure(
                "Only \(maxFiles) files may be open at the same time; the server needs \(Self.minFiles) or more: "
                    + "`ulimit -n`.")
        }
        let listener = try Listener(settings)
        try data.create()
        try data.takeLock()
        try data.refuseLostDatabase()
        let store = try openStore()
        let runsTakenUp = try await store.activeRuns().count
        logger.info(
            "starting",
            metadata: [
                "version": "\(Version.current)", "data": "\(data.path)",
                "pid": "\(ProcessInfo.processInfo.processIdentifier)",
                "runs_taken_up": "\(runsTakenUp)",
            ])
        let clock = SystemClock()
        let tokens = AccessTokens(store: store, clock: clock)
        try await makeAdminToken(tokens, store)

        let spark = try sparkConfiguration()
        let dbfs = try DBFS(root: data.dbfs, uploads: data.dbfsUploads)
        let wakeUps = EngineEvents()
        let address = ServerAddress(publicURL: settings.optional(.publicURL))

        let secretsKey = SecretsKey(path: try settings.secretsKey(data))
        let secrets = SecretService(store: store, vault: try secretsKey.vault(), clock: clock)
        if try await !secrets.unknownKeys().isEmpty {
            logger.warning(
                "some secrets were encrypted with another key than the one in use, and cannot be read",
                metadata: ["key": "\(secretsKey.path)"])
        }
        let workspace = WorkspaceService(store: store, clock: clock)
        let notebooks = NotebookWiring(
            store: store, workspace: workspace, secrets: secrets, spark: spark, data: data,
            isWarm: try settings.bool(.warmNotebooks), clock: clock, logger: logger)
        let runtime = SparkRuntime(spark, files: DBFSTaskFiles(dbfs: dbfs), secrets: notebooks.secretsForRuns)
        let drivers = TaskDriverRegistry(SparkTaskDrivers.all(runtime, notebooks: notebooks.kernels))
        let description = OpenAPIDocument(version: Version.current)
        let assets = WebAsset.all + [APIPage(description).asset]
        let services = HTTPServices(
            jobs: JobService(
                store: store, wakeUps: wakeUps, clock: clock, allowsLocalFiles: spark.allowsLocalFiles,
                runnableKinds: drivers.kinds),
            runs: RunService(
                store: store, outputs: SparkTaskOutputs(spark), wakeUps: wakeUps, clock: clock,
                allowsLocalFiles: spark.allowsLocalFiles),
            destinations: DestinationService(store: store, clock: clock), tokens: tokens, dbfs: dbfs,
            workspace: workspace, secrets: secrets, changes: store,
            baseURL: { address.url },
            description: description,
            more: OperationsRoutes(store: store, registry: registry).endpoints + assets.map(Endpoint.asset))
        let application = Application(
            router: services.router(), server: listener.server, configuration: listener.configuration,
            onServerRunning: { channel in
                announce(listener.url(port: channel.localAddress?.port ?? 0), address)
            },
            logger: .ofLibraries(logger))
        let misfires = MisfirePolicy(grace: .seconds(try settings.integer(.misfireGrace, 0...86_400)))
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: StopNotice(logger: logger))]
                    + notebooks.services(wakeUps: wakeUps, endpoints: services.endpoints) + [
                        .init(service: application),
                        .init(
                            service: RunDispatcher(
                                store: store, drivers: drivers, wakeUps: wakeUps, clock: clock, logger: logger)),
                        .init(
                            service: TriggerScheduler(
                                store: store, wakeUps: wakeUps, clock: clock, logger: logger,
                                policy: misfires
                            ).service),
                        .init(
                            service: RunRetention(
                                store: store, outputs: SparkTaskOutputs(spark), policy: try retention(), clock: clock,
                                logger: logger
                            ).service),
                        .init(
                            service: HealthWatcher(store: store, drivers: drivers, clock: clock, logger: logger).service),
                        .init(
                            service: TimeoutWatcher(
                                store: store, drivers: drivers, wakeUps: wakeUps, clock: clock, logger: logger
                            ).service),
                    ],
                gracefulShutdownSignals: StopNotice.signals, logger: logger))
        do { try await group.run() } catch { throw listener.failure(error) ?? error }
        try store.close()
        logger.info("stopped")
    }

    private func openStore() throws -> SQLiteStore {
        let limits = WorkspaceLimits(
            jobCreationsPerHour: try settings.limit(.maxJobCreations),
            concurrentRuns: try settings.limit(.maxConcurrentRuns))
        do {
            return try SQLiteStore.open(path: data.database, limits: limits)
        } catch let error as DatabaseOpeningError {
            throw CommandFailure(opening: error)
        }
    }

    private func retention() throws -> RetentionPolicy {
        let days = try settings.number(.runRetention, 0...36_500)
        return RetentionPolicy(keep: days == 0 ? nil : .milliseconds(Int64(days * 86_400_000)))
    }

    /// The first start has no token yet, and nobody could make one over the API.
    private func makeAdminToken(_ tokens: AccessTokens, _ store: SQLiteStore) async throws {
        if try await store.hasTokens() { return }
        _ = try await tokens.create(
            for: Principal(userName: "admin", isAdmin: true), comment: "made by the first start",
            handOver: { [data] in try data.write($0 + "\n", to: data.adminToken, permissions: 0o600) })
        logger.notice("made an admin token", metadata: ["file": "\(data.adminToken)"])
    }

    /// Tells people and programs where the server is.
    @Sendable private func announce(_ url: String, _ address: ServerAddress) {
        address.listens(at: url)
        logger.info("serving", metadata: ["url": "\(url)"])
        AddressFile(data: data, path: data.endpoint, permissions: 0o644, logger: logger).write(url)
        // Not `print`: its buffer would keep the line back when the output is a file or a pipe.
        FileHandle.standardOutput.write(Data("listening on \(url)\n".utf8))
    }

    private func sparkConfiguration() throws -> SparkConfiguration {
        let allowsLocalFiles = try settings.bool(.allowLocalFiles)
        guard !allowsLocalFiles || ["127.0.0.1", "localhost", "::1"].contains(settings[.host]) else {
            throw ValidationError("allow-local-files is possible only when host is a loopback address.")
        }
        var s3: SparkConfiguration.S3?
        if [.s3Endpoint, .s3Region, .s3AccessKeyID, .s3SecretAccessKey].contains(where: { settings.optional($0) != nil }
        ) {
            s3 = SparkConfiguration.S3(
                endpoint: settings.optional(.s3Endpoint), region: settings.optional(.s3Region),
                accessKeyID: settings.optional(.s3AccessKeyID), secretAccessKey: settings.optional(.s3SecretAccessKey))
        }
        var configuration = SparkConfiguration(
            runtimeDirectory: try settings.path(.runtime), runsDirectory: data.runs, dbfsDirectory: data.dbfs,
            cacheDirectory: data.cache, supervisorProgram: Programs.supervisor,
            workerCores: try settings.integer(.workerCores, 1...1024),
            workerMemory: try settings.integer(.workerMemory, 512...1_048_576),
            gracePeriod: .seconds(try settings.integer(.gracePeriod, 0...3600)),
            outputCap: try settings.integer(.outputCap, 1...65536) * 1024 * 1024, allowsLocalFiles: allowsLocalFiles,
            jvmProfile: try settings.choice(.jvmProfile, ["start", "balanced", "throughput"]), s3: s3,
            mavenRepositories: settings[.mavenRepositories].split(separator: ",").map(String.init))
        configuration.inheritedEnvironment = Programs.inheritedEnvironment
        return configuration
    }
}

/// Where the server is, for links in answers; known once it listens.
final class ServerAddress: Sendable {
    private let publicURL: String?
    private let listening = Mutex("")

    init(publicURL: String?) {
        self.publicURL = publicURL?.hasSuffix("/") == true ? publicURL.map { String($0.dropLast()) } : publicURL
    }

    var url: String { publicURL ?? listening.withLock { $0 } }

    func listens(at url: String) { listening.withLock { $0 = url } }
}

/// Programs that belong to this one, and what programs are given.
enum Programs {
    private static var ownDirectory: String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (own as NSString).deletingLastPathComponent
    }

    static var supervisor: String { ownDirectory + "/task-supervisor" }

    /// What a task needs to find Java and the network as the server does; everything else stays here.
    static var inheritedEnvironment: [String: String] {
        let names: Set<String> = [
            "JAVA_HOME", "TZ", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
            "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
        ]
        return ProcessInfo.processInfo.environment.filter { names.contains($0.key) || $0.key.hasPrefix("PIP_") }
    }
}

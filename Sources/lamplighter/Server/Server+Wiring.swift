// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import ArgumentParser
import Hummingbird
import JobsAPI
import JobsCompute
import JobsEngine
import JobsHTTP
import JobsService
import JobsSpark
import JobsStoreSQLite
import JobsWebUI
import JobsWorkspace
import Logging

/// What the services of a server are made of.
struct ServerParts {
    let store: SQLiteStore
    let wakeUps: EngineEvents
    let spark: SparkConfiguration
    let notebooks: NotebookWiring
    let drivers: TaskDriverRegistry
    let http: HTTPServices
    let address: ServerAddress
}

extension Server {
    func parts(_ store: SQLiteStore, _ tokens: AccessTokens) async throws -> ServerParts {
        let spark = try sparkConfiguration()
        let dbfs = try DBFS(root: data.dbfs, uploads: data.dbfsUploads)
        let wakeUps = EngineEvents()
        let address = ServerAddress(publicURL: settings.optional(.publicURL))
        let secrets = try await secretService(store)
        let workspace = WorkspaceService(store: store, clock: clock)
        let notebooks = NotebookWiring(
            store: store, workspace: workspace, secrets: secrets, spark: spark, data: data,
            isWarm: settings.bool(.warmNotebooks), clock: clock, logger: logger)
        let runtime = SparkRuntime(spark, files: DBFSTaskFiles(dbfs: dbfs), secrets: notebooks.secretsForRuns)
        let drivers = TaskDriverRegistry(SparkTaskDrivers.all(runtime, notebooks: notebooks.kernels))
        let description = OpenAPIDocument(version: Version.current)
        let assets = WebAsset.all + [APIPage(description).asset]
        let http = HTTPServices(
            jobs: JobService(
                store: store, wakeUps: wakeUps, clock: clock, allowsLocalFiles: spark.allowsLocalFiles,
                runnableKinds: drivers.kinds),
            runs: RunService(
                store: store, outputs: SparkTaskOutputs(spark), wakeUps: wakeUps, clock: clock,
                allowsLocalFiles: spark.allowsLocalFiles),
            destinations: DestinationService(store: store, clock: clock), tokens: tokens,
            dbfs: DBFSService(dbfs: dbfs),
            workspace: workspace, secrets: secrets, changes: store,
            baseURL: { address.url },
            description: description,
            more: OperationsRoutes(store: store, registry: registry).endpoints + assets.map(Endpoint.asset))
        return ServerParts(
            store: store, wakeUps: wakeUps, spark: spark, notebooks: notebooks, drivers: drivers, http: http,
            address: address)
    }

    private func secretService(_ store: SQLiteStore) async throws -> SecretService {
        let secretsKey = SecretsKey(path: try settings.secretsKey(data))
        let secrets = SecretService(store: store, vault: try secretsKey.vault(), clock: clock)
        if try await !secrets.unknownKeys().isEmpty {
            logger.warning(
                "some secrets were encrypted with another key than the one in use, and cannot be read",
                metadata: ["key": "\(secretsKey.path)"])
        }
        return secrets
    }

    private func sparkConfiguration() throws -> SparkConfiguration {
        let allowsLocalFiles = settings.bool(.allowLocalFiles)
        guard !allowsLocalFiles || ["127.0.0.1", "localhost", "::1"].contains(settings[.host]) else {
            throw ValidationError("allow-local-files is possible only when host is a loopback address.")
        }
        var configuration = SparkConfiguration(
            runtimeDirectory: try settings.path(.runtime), runsDirectory: data.runs, dbfsDirectory: data.dbfs,
            cacheDirectory: data.cache, supervisorProgram: Programs.supervisor,
            workerCores: settings.integer(.workerCores), workerMemory: settings.integer(.workerMemory),
            gracePeriod: settings.seconds(.gracePeriod), outputCap: settings.integer(.outputCap) * 1024 * 1024,
            allowsLocalFiles: allowsLocalFiles, jvmProfile: settings[.jvmProfile], s3: s3,
            mavenRepositories: settings[.mavenRepositories].split(separator: ",").map(String.init))
        configuration.inheritedEnvironment = Programs.inheritedEnvironment
        return configuration
    }

    /// nil when nothing of it is set.
    private var s3: SparkConfiguration.S3? {
        let parts: [Setting] = [.s3Endpoint, .s3Region, .s3AccessKeyID, .s3SecretAccessKey]
        guard parts.contains(where: { settings.optional($0) != nil }) else { return nil }
        return SparkConfiguration.S3(
            endpoint: settings.optional(.s3Endpoint), region: settings.optional(.s3Region),
            accessKeyID: settings.optional(.s3AccessKeyID), secretAccessKey: settings.optional(.s3SecretAccessKey))
    }
}

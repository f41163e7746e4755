// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Hummingbird
import JobsCompute
import JobsDomain
import JobsEngine
import JobsHTTP
import JobsService
import JobsSpark
import JobsStoreSQLite
import Logging
import ServiceLifecycle

/// What running notebooks takes: kernels on this machine, and the server that answers their calls.
struct NotebookWiring {
    let store: SQLiteStore
    let workspace: WorkspaceService
    let secrets: SecretService
    let spark: SparkConfiguration
    let data: DataDirectory
    let clock: any WallClock
    let logger: Logger
    let forkServer: ForkServer?
    let tokens: NotebookRunTokens

    /// - Parameter isWarm: whether there is to be a fork server.
    init(
        store: SQLiteStore, workspace: WorkspaceService, secrets: SecretService, spark: SparkConfiguration,
        data: DataDirectory, isWarm: Bool, clock: any WallClock, logger: Logger
    ) {
        self.store = store
        self.workspace = workspace
        self.secrets = secrets
        self.spark = spark
        self.data = data
        self.clock = clock
        self.logger = logger
        forkServer = isWarm ? ForkServer(spark, directory: data.forkServer, logger: logger) : nil
        tokens = NotebookRunTokens(store: store)
    }

    var kernels: NotebookKernels {
        NotebookKernels(library: workspace, tokens: tokens, addressFile: data.runEndpoint, forkServer: forkServer)
    }

    var secretsForRuns: SecretsForRuns { SecretsForRuns(secrets: secrets, tokens: store, clock: clock) }

    /// The calls of kernels come in on the loopback address, whatever address users have: without TLS, and where nobody
    /// else on the network can try tokens.
    func services(wakeUps: EngineEvents, endpoints: [Endpoint]) -> [ServiceGroupConfiguration.ServiceConfiguration] {
        let service = NotebookRunService(
            store: store, library: workspace, secrets: secretsForRuns,
            outputs: SparkTaskOutputs(spark), wakeUps: wakeUps, clock: clock,
            untilStopping: { try? await gracefulShutdown() })
        let addressFile = AddressFile(data: data, path: data.runEndpoint, permissions: 0o600, logger: logger)
        let application = Application(
            router: KernelRouter(service: service, tokens: tokens, endpoints: endpoints).router(),
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: 0), serverName: "Lamplighter"),
            services: [addressFile],
            onServerRunning: { [logger] channel in
                let url = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
                logger.info("answering notebooks that run here", metadata: ["url": "\(url)"])
                addressFile.write(url)
            },
            logger: .ofLibraries(logger))
        return [.init(service: application)]
            + (forkServer.map { [.init(service: ForkServerService(forkServer: $0))] } ?? [])
    }
}

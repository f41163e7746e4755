// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import Hummingbird
import JobsDomain
import JobsEngine
import JobsHTTP
import JobsSpark
import Logging
import ServiceLifecycle

extension Server {
    /// Everything that runs until the server is stopped, in the order in which it is started.
    func services(_ parts: ServerParts, _ listener: Listener) -> [ServiceGroupConfiguration.ServiceConfiguration] {
        let addressFile = AddressFile(data: data, path: data.endpoint, permissions: 0o644, logger: logger)
        let application = Application(
            router: parts.http.router(), server: listener.server, configuration: listener.configuration,
            services: [addressFile],
            onServerRunning: { channel in
                announce(listener.url(port: channel.localAddress?.port ?? 0), parts.address, addressFile)
            },
            logger: .ofLibraries(logger))
        return [.init(service: StopNotice(logger: logger))]
            + parts.notebooks.services(wakeUps: parts.wakeUps, endpoints: parts.http.endpoints)
            + [.init(service: application)]
            + engine(parts).map { .init(service: $0) }
    }

    private func engine(_ parts: ServerParts) -> [any Service] {
        let (store, drivers, wakeUps) = (parts.store, parts.drivers, parts.wakeUps)
        return [
            RunDispatcher(store: store, drivers: drivers, wakeUps: wakeUps, clock: clock, logger: logger),
            TriggerScheduler(
                store: store, wakeUps: wakeUps, clock: clock, logger: logger,
                policy: MisfirePolicy(grace: settings.seconds(.misfireGrace))
            ).service,
            RunRetention(
                store: store, outputs: SparkTaskOutputs(parts.spark), policy: retention, clock: clock, logger: logger
            ).service,
            HealthWatcher(store: store, drivers: drivers, clock: clock, logger: logger).service,
            TimeoutWatcher(store: store, drivers: drivers, wakeUps: wakeUps, clock: clock, logger: logger).service,
        ]
    }

    private var retention: RetentionPolicy {
        let days = settings.number(.runRetention)
        return RetentionPolicy(keep: days == 0 ? nil : .milliseconds(Int64(days * 86_400_000)))
    }

    /// Tells people and programs where the server is.
    @Sendable private func announce(_ url: String, _ address: ServerAddress, _ addressFile: AddressFile) {
        address.listens(at: url)
        logger.info("serving", metadata: ["url": "\(url)"])
        addressFile.write(url)
        // Not `print`: its buffer would keep the line back when the output is a file or a pipe.
        FileHandle.standardOutput.write(Data("listening on \(url)\n".utf8))
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import ArgumentParser
import CoreMetrics
import Logging
import PrometheusMetrics

/// `lamplighter serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server.",
        discussion: """
            Prints "listening on http://HOST:PORT" when it is ready. SIGTERM or Ctrl-C stops it; tasks go on and are \
            picked up at the next start. The first start writes a token for the user admin to DIR/admin-token.
            """)

    @OptionGroup var options: ServeOptions

    func run() async throws {
        let settings = try options.settings()
        let level = try settings.logLevel()
        let format = try settings.choice(.logFormat, ["text", "json"])
        LoggingSystem.bootstrap { label in
            var handler: any LogHandler =
                format == "json" ? JSONLogHandler(label: label) : StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        let registry = PrometheusRegistry(Metrics.descriptions)
        MetricsSystem.bootstrap(registry)
        let data = DataDirectory(path: try settings.path(.data))
        try await Server(
            settings: settings, data: data, registry: registry, logger: Logger(label: "lamplighter")
        ).run()
    }
}

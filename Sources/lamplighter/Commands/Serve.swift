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
        let level = Logger.Level(rawValue: settings[.logLevel]) ?? .info
        let format = LineLogHandler.Format(rawValue: settings[.logFormat]) ?? .text
        LoggingSystem.bootstrap { label in
            LineLogHandler(label: label, format: format, logLevel: level)
        }
        let registry = PrometheusRegistry(Metrics.descriptions)
        MetricsSystem.bootstrap(registry)
        let data = DataDirectory(path: try settings.path(.data))
        try await Server(
            settings: settings, data: data, registry: registry, logger: Logger(label: "lamplighter")
        ).run()
    }
}

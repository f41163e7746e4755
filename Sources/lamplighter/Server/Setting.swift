// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import Logging

/// Every setting of the server: a flag `--NAME`, a key `NAME` of the configuration file, and an environment variable
/// `LAMPLIGHTER_NAME`. The flags, their help, docs/settings.md and what a value may be are made from this table alone.
enum Setting: String, CaseIterable, CodingKey {
    case data
    case host
    case port
    case publicURL = "public-url"
    case tlsCert = "tls-cert"
    case tlsKey = "tls-key"
    case maxConnections = "max-connections"
    case connectionTimeout = "connection-timeout-seconds"
    case secretsKeyFile = "secrets-key-file"
    case runtime
    case allowLocalFiles = "allow-local-files"
    case workerCores = "worker-cores"
    case workerMemory = "worker-memory-mib"
    case jvmProfile = "jvm-profile"
    case gracePeriod = "grace-period-seconds"
    case outputCap = "output-cap-mib"
    case warmNotebooks = "warm-notebooks"
    case maxJobCreations = "max-job-creations-per-hour"
    case maxConcurrentRuns = "max-concurrent-runs"
    case misfireGrace = "misfire-grace-seconds"
    case runRetention = "run-retention-days"
    case mavenRepositories = "maven-repositories"
    case s3Endpoint = "s3-endpoint"
    case s3Region = "s3-region"
    case s3AccessKeyID = "s3-access-key-id"
    case s3SecretAccessKey = "s3-secret-access-key"
    case logLevel = "log-level"
    case logFormat = "log-format"

    /// A setting's row in the table.
    struct Row {
        let allowed: Allowed
        /// As it is written in a file; empty: none.
        let defaultValue: String
        let help: String

        init(_ allowed: Allowed, default defaultValue: String = "", _ help: String) {
            self.allowed = allowed
            self.defaultValue = defaultValue
            self.help = help
        }
    }

    var row: Row {
        switch self {
        case .data:
            Row(.path, "Directory of everything the server keeps: database, DBFS files, output of runs. Required.")
        case .host: Row(.text, default: "127.0.0.1", "Address to listen on.")
        case .port: Row(.integer(0...65535), default: "8080", "Port to listen on; 0 picks a free one.")
        case .publicURL:
            Row(.text, "The server's address as users see it, for run_page_url. Default: the address it listens on.")
        case .tlsCert:
            Row(
                .path,
                "File with the server's certificate and those that vouch for it (PEM); with it, the server speaks HTTPS."
            )
        case .tlsKey: Row(.path, "File with the private key of the certificate (PEM).")
        case .maxConnections:
            Row(
                .integer(16...1_000_000), default: "4096",
                "Connections open at the same time; for one more, the one that has been idle longest is closed.")
        case .connectionTimeout:
            Row(
                .integer(1...86_400), default: "60",
                "Seconds after which a connection is closed on which no request comes or an answer is not taken.")
        case .secretsKeyFile:
            Row(
                .path,
                "File with the key that secrets are encrypted with; made at the first start. Default: `secrets-key` in the data directory."
            )
        case .runtime:
            Row(
                .path, default: "~/.local/share/lamplighter/runtime",
                "Where `make setup` has installed Spark and Python.")
        case .allowLocalFiles:
            Row(
                .flag, default: "false",
                "Whether jobs of administrators may name files of this machine (file:/...). Only on a loopback address."
            )
        case .workerCores: Row(.integer(1...1024), default: "1", "Cores of each worker of a cluster.")
        case .workerMemory:
            Row(
                .integer(512...1_048_576), default: "1024",
                "MiB of memory of each worker of a cluster, and of its executor.")
        case .jvmProfile:
            Row(
                .oneOf(["start", "balanced", "throughput"]), default: "start",
                "JVM of drivers: start (first result soonest), balanced, or throughput (long runs); see Runtime/README.md."
            )
        case .gracePeriod:
            Row(.integer(0...3600), default: "10", "Seconds between asking a task to end and killing it.")
        case .outputCap:
            Row(
                .integer(1...65536), default: "32",
                "MiB kept of each of a task's output streams, from the start; of the rest the newest quarter.")
        case .warmNotebooks:
            Row(
                .bool, default: "true",
                "Whether a process with Python's libraries waits to start notebooks in milliseconds; it takes 160 MB.")
        case .maxJobCreations:
            Row(
                .integer(0...1_000_000_000), default: "10000",
                "Jobs that may be created in any hour, one-time runs included; 0: no limit.")
        case .maxConcurrentRuns:
            Row(
                .integer(0...1_000_000_000), default: "1000",
                "Runs of all jobs that may be active at the same time; 0: no limit.")
        case .misfireGrace:
            Row(
                .integer(0...86_400), default: "60",
                "Seconds for which a schedule's newest missed instant is made up for by one run; older ones are recorded as missed. (What is at most 10 s late while the server runs fires as usual, each instant by itself.)"
            )
        case .runRetention:
            Row(
                .number(0...36_500), default: "60",
                "Days for which runs are kept after they ended, with their output; a fraction is allowed; 0: for ever.")
        case .mavenRepositories: Row(.text, "Comma-separated repositories for Maven libraries that name none.")
        case .s3Endpoint: Row(.text, "Address of the S3 service; default: Amazon's.")
        case .s3Region: Row(.text, "Region of the S3 service.")
        case .s3AccessKeyID: Row(.text, "Access key of the S3 service.")
        case .s3SecretAccessKey:
            Row(.text, "Secret key of the S3 service. Better in the file or the environment than as a flag.")
        case .logLevel:
            Row(
                .oneOf(Logger.Level.allCases.map(\.rawValue)), default: "info",
                "Messages below this level are not logged.")
        case .logFormat:
            Row(
                .oneOf(LineLogHandler.Format.allCases.map(\.rawValue)), default: "text",
                "text, or json: a line of JSON for each message, for programs that read logs.")
        }
    }

    var flag: String { "--" + rawValue }

    var environmentVariable: String {
        "LAMPLIGHTER_" + rawValue.uppercased().replacingOccurrences(of: "-", with: "_")
    }

    /// docs/settings.md.
    static var table: String {
        let rows = allCases.map { setting in
            let row = setting.row
            let cells = [
                "`\(setting.flag)`", "`\(setting.rawValue)`", "`\(setting.environmentVariable)`",
                row.defaultValue.isEmpty ? "" : "`\(row.defaultValue)`", row.allowed.text ?? "", row.help,
            ]
            return "| " + cells.joined(separator: " | ") + " |"
        }
        return """
            # Settings

            Made by `lamplighter settings`. A flag wins over the environment variable, which wins over the file
            given with `--config` (YAML, one key per line).

            | flag | key in the file | environment variable | default | allowed | meaning |
            |---|---|---|---|---|---|

            """ + rows.joined(separator: "\n") + "\n"
    }
}

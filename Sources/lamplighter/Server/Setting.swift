// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation

/// Every setting of the server: a flag `--NAME`, a key `NAME` of the configuration file, and an environment variable
/// `LAMPLIGHTER_NAME`. docs/settings.md is made from this table.
enum Setting: String, CaseIterable {
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

    var environmentVariable: String {
        "LAMPLIGHTER_" + rawValue.uppercased().replacingOccurrences(of: "-", with: "_")
    }

    /// As it is written in a file; empty: none.
    var defaultValue: String {
        switch self {
        case .data: ""
        case .host: "127.0.0.1"
        case .port: "8080"
        case .publicURL, .tlsCert, .tlsKey, .secretsKeyFile: ""
        case .maxConnections: "4096"
        case .connectionTimeout: "60"
        case .runtime: "~/.local/share/lamplighter/runtime"
        case .allowLocalFiles: "false"
        case .workerCores: "1"
        case .workerMemory: "1024"
        case .jvmProfile: "start"
        case .gracePeriod: "10"
        case .outputCap: "32"
        case .warmNotebooks: "true"
        case .maxJobCreations: "10000"
        case .maxConcurrentRuns: "1000"
        case .misfireGrace: "60"
        case .runRetention: "60"
        case .mavenRepositories, .s3Endpoint, .s3Region, .s3AccessKeyID, .s3SecretAccessKey: ""
        case .logLevel: "info"
        case .logFormat: "text"
        }
    }

    var help: String {
        switch self {
        case .data: "Directory of everything the server keeps: database, DBFS files, output of runs. Required."
        case .host: "Address to listen on."
        case .port: "Port to listen on; 0 picks a free one."
        case .publicURL: "The server's address as users see it, for run_page_url. Default: the address it listens on."
        case .tlsCert:
            "File with the server's certificate and those that vouch for it (PEM); with it, the server speaks HTTPS."
        case .tlsKey: "File with the private key of the certificate (PEM)."
        case .maxConnections:
            "Connections open at the same time; for one more, the one that has been idle longest is closed."
        case .connectionTimeout:
            "Seconds after which a connection is closed on which no request comes or an answer is not taken."
        case .secretsKeyFile:
            "File with the key that secrets are encrypted with; made at the first start. Default: `secrets-key` in the data directory."
        case .runtime: "Where `make setup` has installed Spark and Python."
        case .allowLocalFiles:
            "Whether jobs of administrators may name files of this machine (file:/...). Only on a loopback address."
        case .workerCores: "Cores of each worker of a cluster."
        case .workerMemory: "MiB of memory of each worker of a cluster, and of its executor."
        case .jvmProfile:
            "JVM of drivers: start (first result soonest), balanced, or throughput (long runs); see Runtime/README.md."
        case .gracePeriod: "Seconds between asking a task to end and killing it."
        case .outputCap: "MiB kept of each of a task's output streams, from the start; of the rest the newest quarter."
        case .warmNotebooks:
            "Whether a process with Python's libraries waits to start notebooks in milliseconds; it takes 160 MB."
        case .maxJobCreations: "Jobs that may be created in any hour, one-time runs included; 0: no limit."
        case .maxConcurrentRuns: "Runs of all jobs that may be active at the same time; 0: no limit."
        case .misfireGrace:
            "Seconds for which a schedule's newest missed instant is made up for by one run; older ones are recorded as missed. (What is at most 10 s late while the server runs fires as usual, each instant by itself.)"
        case .runRetention:
            "Days for which runs are kept after they ended, with their output; a fraction is allowed; 0: for ever."
        case .mavenRepositories: "Comma-separated repositories for Maven libraries that name none."
        case .s3Endpoint: "Address of the S3 service; default: Amazon's."
        case .s3Region: "Region of the S3 service."
        case .s3AccessKeyID: "Access key of the S3 service."
        case .s3SecretAccessKey: "Secret key of the S3 service. Better in the file or the environment than as a flag."
        case .logFormat: "text, or json: a line of JSON for each message, for programs that read logs."
        case .logLevel: "trace, debug, info, notice, warning, error or critical."
        }
    }

    /// docs/settings.md.
    static var table: String {
        let rows = allCases.map { setting in
            let value = setting.defaultValue.isEmpty ? "" : "`\(setting.defaultValue)`"
            return
                "| `--\(setting.rawValue)` | `\(setting.rawValue)` | `\(setting.environmentVariable)` | \(value) | \(setting.help) |"
        }
        return """
            # Settings

            Made by `lamplighter settings`. A flag wins over the environment variable, which wins over the file
            given with `--config` (YAML, one key per line).

            | flag | key in the file | environment variable | default | meaning |
            |---|---|---|---|---|

            """ + rows.joined(separator: "\n") + "\n"
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Where a run's Spark application finds its executors.
enum SparkMaster: Equatable, Sendable {
    case local
    /// A private standalone master, and the range of executors that may be used.
    case standalone(url: String, workers: ClosedRange<Int>)
}

/// The properties of a run's Spark application: Lamplighter's defaults, overridden by the cluster's spark_conf.
struct SparkProperties: Equatable, Sendable {
    private(set) var values: [String: String]

    init(
        applicationName: String, master: SparkMaster, prepared: PreparedFiles, workDirectory: String,
        configuration: SparkConfiguration, sparkConf: [String: String]
    ) {
        values = [
            "spark.app.name": applicationName,
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.extraListeners": "org.lamplighter.runtime.RunListener",
            "spark.hadoop.fs.dbfs.impl": "org.lamplighter.runtime.DbfsFileSystem",
            "spark.hadoop.lamplighter.dbfs.root": configuration.dbfsDirectory,
            "spark.sql.warehouse.dir": "file:" + workDirectory + "/spark-warehouse",
            "spark.ui.port": "0",
            // With the default of 16, no more than about 16 applications at once would find a port.
            "spark.port.maxRetries": "1000",
            "spark.ui.showConsoleProgress": "false",
        ]
        if !prepared.jars.isEmpty { values["spark.jars"] = prepared.jars.joined(separator: ",") }
        switch master {
        case .local:
            values["spark.master"] = "local[*]"
        case .standalone(let url, let workers):
            values["spark.master"] = url
            values["spark.executor.extraClassPath"] = configuration.runtimeDirectory + "/lib/lamplighter-runtime.jar"
            values["spark.executor.memory"] = "\(configuration.workerMemory)m"
            values["spark.executor.cores"] = "\(configuration.workerCores)"
            values["spark.executorEnv.PYTHONPATH"] = prepared.pythonPath.joined(separator: ":")
            // Wait for all executors before the first tasks are scheduled.
            values["spark.scheduler.minRegisteredResourcesRatio"] = "1.0"
            if workers.lowerBound < workers.upperBound {
                values["spark.dynamicAllocation.enabled"] = "true"
                values["spark.dynamicAllocation.shuffleTracking.enabled"] = "true"
                values["spark.dynamicAllocation.minExecutors"] = "\(workers.lowerBound)"
                values["spark.dynamicAllocation.maxExecutors"] = "\(workers.upperBound)"
                values["spark.dynamicAllocation.initialExecutors"] = "\(workers.lowerBound)"
            }
        }
        merge(sparkConf, master: master)
    }

    private mutating func merge(_ sparkConf: [String: String], master: SparkMaster) {
        for (key, value) in sparkConf {
            switch key {
            case "spark.master":
                // Single-node clusters of the real service set local[*, 4]; a standalone master is not overridden.
                if master == .local, value.hasPrefix("local") { values[key] = value.filter { $0 != " " } }
            case "spark.extraListeners", "spark.jars":
                values[key] = [values[key], value].compactMap { $0 }.joined(separator: ",")
            default:
                values[key] = value
            }
        }
    }

    /// The text of a properties file, with Java's escapes, so that any value round-trips.
    var text: String {
        values.sorted { $0.key < $1.key }.map {
            "\(Self.escaped($0.key, isKey: true))=\(Self.escaped($0.value, isKey: false))\n"
        }
        .joined()
    }

    private static func escaped(_ text: String, isKey: Bool) -> String {
        var result = ""
        var isLeading = true
        for unit in text.utf16 {
            switch unit {
            case 0x5C: result += "\\\\"
            case 0x0A: result += "\\n"
            case 0x0D: result += "\\r"
            case 0x09: result += "\\t"
            case 0x20 where isLeading || isKey: result += "\\ "
            case 0x3A where isKey, 0x3D where isKey, 0x23 where isLeading, 0x21 where isLeading:
                result += "\\" + String(UnicodeScalar(UInt8(unit)))
            case 0x20..<0x7F: result += String(UnicodeScalar(UInt8(unit)))
            default:
                let digits = String(unit, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
            isLeading = false
        }
        return result
    }
}

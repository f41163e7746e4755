// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import ArgumentParser
import Foundation

/// A flag for each row of the settings table.
struct ServeOptions: ParsableArguments {
    @Option(help: "YAML file with settings; see docs/settings.md.") var config: String?
    @Option(help: .init(Setting.data)) var data: String?
    @Option(help: .init(Setting.host)) var host: String?
    @Option(help: .init(Setting.port)) var port: String?
    @Option(name: .customLong("public-url"), help: .init(Setting.publicURL)) var publicURL: String?
    @Option(help: .init(Setting.runtime)) var runtime: String?
    @Flag(help: .init(Setting.allowLocalFiles)) var allowLocalFiles = false
    @Option(help: .init(Setting.workerCores)) var workerCores: String?
    @Option(name: .customLong("worker-memory-mib"), help: .init(Setting.workerMemory)) var workerMemory: String?
    @Option(name: .customLong("jvm-profile"), help: .init(Setting.jvmProfile)) var jvmProfile: String?
    @Option(name: .customLong("grace-period-seconds"), help: .init(Setting.gracePeriod)) var gracePeriod: String?
    @Option(name: .customLong("output-cap-mib"), help: .init(Setting.outputCap)) var outputCap: String?
    @Option(help: .init(Setting.mavenRepositories)) var mavenRepositories: String?
    @Option(name: .customLong("s3-endpoint"), help: .init(Setting.s3Endpoint)) var s3Endpoint: String?
    @Option(name: .customLong("s3-region"), help: .init(Setting.s3Region)) var s3Region: String?
    @Option(name: .customLong("s3-access-key-id"), help: .init(Setting.s3AccessKeyID)) var s3AccessKeyID: String?
    @Option(name: .customLong("s3-secret-access-key"), help: .init(Setting.s3SecretAccessKey))
    var s3SecretAccessKey: String?
    @Option(help: .init(Setting.logLevel)) var logLevel: String?

    func settings() throws -> Settings {
        let given: [Setting: String?] = [
            .data: data, .host: host, .port: port, .publicURL: publicURL, .runtime: runtime,
            .allowLocalFiles: allowLocalFiles ? "true" : nil, .workerCores: workerCores, .workerMemory: workerMemory,
            .jvmProfile: jvmProfile, .gracePeriod: gracePeriod, .outputCap: outputCap,
            .mavenRepositories: mavenRepositories, .s3Endpoint: s3Endpoint, .s3Region: s3Region,
            .s3AccessKeyID: s3AccessKeyID, .s3SecretAccessKey: s3SecretAccessKey, .logLevel: logLevel,
        ]
        return try Settings(
            flags: given.compactMapValues { $0 }, environment: ProcessInfo.processInfo.environment,
            configurationFile: config)
    }
}

extension ArgumentHelp {
    init(_ setting: Setting) {
        self.init(
            stringLiteral: setting.help + (setting.defaultValue.isEmpty ? "" : " (default: \(setting.defaultValue))"))
    }
}

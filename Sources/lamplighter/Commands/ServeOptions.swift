// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import ArgumentParser
import Foundation

/// A flag for each row of the settings table.
struct ServeOptions: ParsableArguments {
    @Option(help: "YAML file with settings; see docs/settings.md.") var config: String?
    @Option(.data) var data: String?
    @Option(.host) var host: String?
    @Option(.port) var port: String?
    @Option(.publicURL) var publicURL: String?
    @Option(.tlsCert) var tlsCert: String?
    @Option(.tlsKey) var tlsKey: String?
    @Option(.maxConnections) var maxConnections: String?
    @Option(.connectionTimeout) var connectionTimeout: String?
    @Option(.secretsKeyFile) var secretsKeyFile: String?
    @Option(.runtime) var runtime: String?
    @Flag(help: .init(Setting.allowLocalFiles)) var allowLocalFiles = false
    @Option(.workerCores) var workerCores: String?
    @Option(.workerMemory) var workerMemory: String?
    @Option(.jvmProfile) var jvmProfile: String?
    @Option(.gracePeriod) var gracePeriod: String?
    @Option(.outputCap) var outputCap: String?
    @Option(.warmNotebooks) var warmNotebooks: String?
    @Option(.maxJobCreations) var maxJobCreations: String?
    @Option(.maxConcurrentRuns) var maxConcurrentRuns: String?
    @Option(.misfireGrace) var misfireGrace: String?
    @Option(.runRetention) var runRetention: String?
    @Option(.mavenRepositories) var mavenRepositories: String?
    @Option(.s3Endpoint) var s3Endpoint: String?
    @Option(.s3Region) var s3Region: String?
    @Option(.s3AccessKeyID) var s3AccessKeyID: String?
    @Option(.s3SecretAccessKey) var s3SecretAccessKey: String?
    @Option(.logLevel) var logLevel: String?
    @Option(.logFormat) var logFormat: String?

    func settings() throws -> Settings {
        let given: [Setting: String?] = [
            .data: data, .host: host, .port: port, .publicURL: publicURL, .tlsCert: tlsCert, .tlsKey: tlsKey,
            .maxConnections: maxConnections, .connectionTimeout: connectionTimeout,
            .secretsKeyFile: secretsKeyFile, .runtime: runtime, .allowLocalFiles: allowLocalFiles ? "true" : nil,
            .workerCores: workerCores, .workerMemory: workerMemory,
            .jvmProfile: jvmProfile, .gracePeriod: gracePeriod, .outputCap: outputCap, .warmNotebooks: warmNotebooks,
            .maxJobCreations: maxJobCreations, .maxConcurrentRuns: maxConcurrentRuns,
            .misfireGrace: misfireGrace, .runRetention: runRetention,
            .mavenRepositories: mavenRepositories, .s3Endpoint: s3Endpoint, .s3Region: s3Region,
            .s3AccessKeyID: s3AccessKeyID, .s3SecretAccessKey: s3SecretAccessKey, .logLevel: logLevel,
            .logFormat: logFormat,
        ]
        return try Settings(
            flags: given.compactMapValues { $0 }, environment: ProcessInfo.processInfo.environment,
            configurationFile: config)
    }
}

extension Option where Value == String? {
    fileprivate init(_ setting: Setting) {
        // A negative number is a value that is refused, not the name of an option.
        self.init(name: .customLong(setting.rawValue), parsing: .unconditional, help: ArgumentHelp(setting))
    }
}

extension ArgumentHelp {
    init(_ setting: Setting) {
        self.init(
            stringLiteral: setting.help + (setting.defaultValue.isEmpty ? "" : " (default: \(setting.defaultValue))"))
    }
}

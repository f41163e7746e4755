// swift-tools-version:6.2
// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asyncHTTPClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let coreMetrics = product(name: "CoreMetrics", package: "swift-metrics")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
    static let hummingbirdTesting = product(name: "HummingbirdTesting", package: "hummingbird")
    static let hummingbirdHTTP2 = product(name: "HummingbirdHTTP2", package: "hummingbird")
    static let logging = product(name: "Logging", package: "swift-log")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioHTTPTypes = product(name: "NIOHTTPTypes", package: "swift-nio-extras")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let yams = product(name: "Yams", package: "Yams")
    static let serviceLifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
}

/// One module. The build refuses an import that is not declared here (`make build` passes
/// `--explicit-target-dependency-import-check error`), so this table is the architecture.
func module(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let package = Package(
    name: "lamplighter",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "lamplighter", targets: ["lamplighter"]),
        .executable(name: "task-supervisor", targets: ["task-supervisor"]),
        .executable(name: "lamplighter-sim", targets: ["lamplighter-sim"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: ["FullFoundation"]),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Pure: no I/O, no clock.
        module("JobsJSON", []),
        module("QuartzCron", []),
        module("JobsDomain", ["JobsJSON", "QuartzCron"]),
        module("JobsAPI", ["JobsDomain", "JobsJSON"]),
        module("Notebooks", ["JobsJSON"], resources: [.embedInCode("Resources")]),

        // What a store and compute can do, without saying how.
        module("JobsStore", ["JobsDomain", "Notebooks"]),
        module("JobsCompute", ["JobsDomain", "JobsJSON", "Notebooks"]),

        // How.
        module("JobsStoreSQLite", ["JobsStore", "JobsDomain", "JobsJSON", "Notebooks", .coreMetrics, .grdb, .logging]),
        .target(name: "CLinuxProcess"),
        module("TaskProcesses", ["JobsCompute", "JobsDomain", "JobsJSON", "CLinuxProcess"]),
        module(
            "JobsSpark",
            [
                "TaskProcesses", "JobsCompute", "JobsDomain", "JobsJSON", "Notebooks", "CLinuxProcess",
                .asyncHTTPClient, .crypto, .logging, .nioCore, .nioHTTP1, .nioPosix,
            ]),
        module("JobsWorkspace", ["CLinuxProcess"]),

        // The services that never end.
        module("JobsEngine", ["JobsStore", "JobsCompute", "JobsDomain", .coreMetrics, .serviceLifecycle, .logging]),

        // One command or query per file.
        module(
            "JobsService",
            [
                "JobsAPI", "JobsStore", "JobsCompute", "JobsWorkspace", "JobsDomain", "JobsJSON", "Notebooks",
                "QuartzCron", .crypto,
            ]),

        // What is counted, for Prometheus.
        module("PrometheusMetrics", [.coreMetrics]),

        // HTTP in, HTTP out.
        module(
            "JobsHTTP",
            [
                "JobsService", "JobsAPI", "JobsStore", "JobsCompute", "JobsDomain", "JobsJSON", "Notebooks",
                .coreMetrics, .hummingbird, .hummingbirdCore, .hummingbirdHTTP2, .httpTypes, .logging, .nioCore,
                .nioHTTP1, .nioHTTPTypes, .nioSSL,
            ]),
        module("JobsWebUI", ["JobsAPI", "JobsJSON", "Notebooks"], resources: [.embedInCode("Resources")]),
        module("JobsClient", ["JobsJSON", .asyncHTTPClient, .nioCore, .nioHTTP1]),

        // The only place that knows every module.
        .executableTarget(
            name: "lamplighter",
            dependencies: [
                "JobsDomain", "JobsAPI", "JobsStore", "JobsStoreSQLite", "JobsCompute", "JobsSpark", "JobsWorkspace",
                "JobsEngine", "JobsService", "JobsHTTP", "JobsWebUI", "JobsJSON", "Notebooks", "QuartzCron",
                "CLinuxProcess",
                "task-supervisor", .argumentParser, .crypto, .hummingbird, .hummingbirdCore, .serviceLifecycle,
                .unixSignals,
                .logging, .nioCore, .yams,
                "PrometheusMetrics", .coreMetrics,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "task-supervisor",
            linkerSettings: [.unsafeFlags(["-static-executable"])]),

        // For tests. What knows a store or a server stands apart, so that the suite for every store knows none.
        module("JobsTesting", ["JobsDomain", "JobsStore", "JobsJSON"]),
        module(
            "JobsServerTesting",
            ["JobsTesting", "JobsDomain", "JobsStoreSQLite", "JobsClient", "JobsJSON"]),
        module("JobsStoreConformance", ["JobsStore", "JobsDomain", "JobsJSON", "JobsTesting", "Notebooks"]),

        // The engine on a machine, a disk and a clock that are simulated (decision 0012).
        module(
            "JobsSimulation",
            [
                "JobsEngine", "JobsStore", "JobsStoreSQLite", "JobsCompute", "JobsDomain", "JobsJSON", "TaskProcesses",
                .grdb, .logging,
            ]),
        .executableTarget(name: "lamplighter-sim", dependencies: ["JobsSimulation"], swiftSettings: strict),

        tests("JobsDomainTests", ["JobsDomain", "JobsJSON", "JobsTesting", "QuartzCron"]),
        tests("PrometheusMetricsTests", ["PrometheusMetrics", .coreMetrics]),
        tests("JobsJSONTests", ["JobsJSON", "JobsTesting"]),
        tests("NotebooksTests", ["Notebooks", "JobsJSON"], resources: [.copy("testdata")]),
        tests("QuartzCronTests", ["QuartzCron", "JobsTesting"], resources: [.copy("testdata")]),
        tests(
            "JobsStoreSQLiteTests",
            [
                "JobsStoreSQLite", "JobsStoreConformance", "JobsStore", "JobsDomain", "JobsJSON", "JobsTesting",
                "JobsServerTesting", "Notebooks", .grdb,
            ]),
        tests(
            "JobsSparkTests",
            [
                "JobsSpark", "TaskProcesses", "JobsCompute", "JobsDomain", "JobsJSON", "Notebooks", "JobsTesting",
                "JobsServerTesting",
                "task-supervisor",
            ]),
        tests("JobsWorkspaceTests", ["JobsWorkspace", "JobsTesting"]),
        tests(
            "JobsEngineTests",
            [
                "JobsEngine", "JobsStore", "JobsStoreSQLite", "JobsCompute", "JobsDomain", "JobsJSON", "JobsTesting",
                "JobsServerTesting", .serviceLifecycle, .logging,
            ]),
        tests(
            "JobsServiceTests",
            [
                "JobsService", "JobsAPI", "JobsCompute", "JobsDomain", "JobsJSON", "JobsStore", "JobsStoreSQLite",
                "JobsTesting", "JobsServerTesting", "JobsWorkspace", "Notebooks", .crypto,
            ]),
        tests("JobsSimulationTests", ["JobsSimulation"]),
        tests("JobsWebUITests", ["JobsWebUI", "JobsAPI"]),
        tests(
            "JobsHTTPTests",
            [
                "JobsHTTP", "JobsService", "JobsAPI", "JobsJSON", "JobsCompute", "JobsStore", "JobsStoreSQLite",
                "JobsWorkspace", "JobsDomain", "Notebooks",
                "JobsTesting", "JobsServerTesting", .hummingbird, .hummingbirdTesting, .httpTypes, .logging, .nioCore,
                .nioEmbedded, .nioHTTPTypes,
            ]),
        tests(
            "EndToEndTests",
            ["JobsClient", "JobsJSON", "JobsTesting", "JobsServerTesting", "lamplighter", "task-supervisor"]),
    ]
)

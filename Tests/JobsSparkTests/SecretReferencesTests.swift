// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsCompute
import JobsDomain
import JobsTesting
import TaskProcesses
import Testing

@testable import JobsSpark

/// Secrets by `scope/key`, for one user; others are refused.
private struct ScriptedSecrets: SecretSource {
    struct Refused: Error, CustomStringConvertible { let description: String }

    let values: [String: [UInt8]]

    func secret(scope: String, key: String, for userName: String) async throws -> [UInt8]? {
        guard userName == "ann" else { throw Refused(description: "\(userName) may not read \(scope)") }
        return values["\(scope)/\(key)"]
    }
    func keys(inScope scope: String, for userName: String) async throws -> [String]? { nil }
    func scopes(for userName: String) async throws -> [String] { [] }
}

@Suite("G4: references to secrets in the settings of clusters")
struct SecretReferencesTests {
    private let source = ScriptedSecrets(
        values: [
            "s/k": Array("wört $X {{secrets/s/k}}".utf8), "s/other": Array("2".utf8), "s/bytes": [0xFF],
            "s/zero": [65, 0, 66],
        ])

    private func cluster(_ sparkConf: [String: String] = [:], _ variables: [String: String] = [:]) -> ClusterChoice {
        var cluster = NewCluster(sparkVersion: "x", numWorkers: 0, nodeTypeID: "n")
        cluster.sparkConf = sparkConf
        cluster.sparkEnvVars = variables
        return .new(cluster)
    }

    @Test("values stand where references stood, once, and nothing in a value means anything")
    func resolved() async throws {
        let references = try await SecretReferences(
            of: cluster(["a": "x{{secrets/s/k}}y{{secrets/s/other}}"], ["V": "{{secrets/s/k}}"]), for: "ann",
            from: source)
        #expect(references.secrets == ["wört $X {{secrets/s/k}}", "2"])
        #expect(
            references.resolved(in: ["a": "x{{secrets/s/k}}y{{secrets/s/other}}", "b": "{{run_id}} {{ secrets/s/k }}"])
                == ["a": "xwört $X {{secrets/s/k}}y2", "b": "{{run_id}} {{ secrets/s/k }}"])
        let variables = SparkEnvironment.expanded(
            ["X": "{{secrets/s/k}}:$X"], over: ["X": "before"], secrets: references)
        #expect(variables == ["X": "wört $X {{secrets/s/k}}:before"])
    }

    @Test("a cluster without references asks for nothing, nor does an existing one")
    func none() async throws {
        for choice in [cluster(["a": "{{secrets}}"]), .existing(.default)] {
            #expect(try await SecretReferences(of: choice, for: "bob", from: source) == .none)
        }
    }

    @Test(
        "what cannot be read fails the run, by the reference and not by a value",
        arguments: [
            ("{{secrets/s/absent}}", "ann", "there is no such secret"), ("{{secrets/s/k}}", "bob", "may not read s"),
            ("{{secrets/s/bytes}}", "ann", "is no text"), ("{{secrets/s/zero}}", "ann", "is no text"),
            ("{{secrets/s}}", "ann", "the form"), ("{{secrets/s/k/x}}", "ann", "the form"),
            ("{{secrets//k}}", "ann", "the form"),
        ])
    func unresolvable(_ reference: String, _ user: String, _ reason: String) async throws {
        for (choice, place) in [
            (cluster(["a.b": "{{secrets/s/other}}\(reference)"]), "spark_conf.a.b"),
            (cluster([:], ["NAME": reference]), "spark_env_vars.NAME"),
        ] {
            // The other secret is for ann alone, and fails first where bob asks.
            let named = user == "bob" && place == "spark_conf.a.b" ? "{{secrets/s/other}}" : reference
            let failure = await #expect(throws: TaskFailure.self) {
                try await SecretReferences(of: choice, for: user, from: source)
            }
            #expect(failure?.message.contains("The secret \(named) of new_cluster.\(place) cannot be read") == true)
            #expect(failure?.message.contains(reason) == true)
            #expect(failure?.message.contains("wört") == false)
        }
    }
}

@Suite("Files in memory")
struct MemoryFileTests {
    @Test("the place holds a link to a file for its owner alone, outside of the directory, and both go together")
    func life() throws {
        let directory = try TemporaryDirectory()
        let file = MemoryFile(path: directory.path + "/settings")
        for text in ["first", "second"] {
            let before = try? FileManager.default.destinationOfSymbolicLink(atPath: file.path)
            try file.write(text)
            #expect(try String(contentsOfFile: file.path, encoding: .utf8) == text)
            if let before { #expect(!FileManager.default.fileExists(atPath: before)) }
        }
        let target = try FileManager.default.destinationOfSymbolicLink(atPath: file.path)
        #expect(!target.hasPrefix(directory.path))
        let permissions = try FileManager.default.attributesOfItem(atPath: target)[.posixPermissions] as? Int
        #expect(permissions == 0o600)
        file.remove()
        #expect(!FileManager.default.fileExists(atPath: target))
        #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: file.path)) == nil)
        file.remove()
    }

    @Test("a link that somebody else has put there takes nothing with it")
    func foreign() throws {
        let directory = try TemporaryDirectory()
        let other = directory.path + "/other"
        try Data("kept".utf8).write(to: URL(fileURLWithPath: other))
        let file = MemoryFile(path: directory.path + "/settings")
        try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: other)
        try file.write("mine")
        #expect(try String(contentsOfFile: other, encoding: .utf8) == "kept")
        file.remove()
    }
}

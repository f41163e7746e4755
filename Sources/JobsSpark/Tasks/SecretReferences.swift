// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain

/// `{{secrets/scope/key}}` in the settings of a cluster, and their values when a run starts (contract G4). The values
/// are read at each launch and stored only where the run's own processes read them.
struct SecretReferences: Equatable, Sendable {
    /// A reference as it is written -> the secret's value.
    private let values: [String: String]

    static let none = SecretReferences(values: [:])

    init(values: [String: String]) { self.values = values }

    /// The values that must be redacted from all output.
    var secrets: Set<String> { Set(values.values) }

    /// The environment variables that give supervisors, drivers and kernels the values to redact.
    var variables: [String: String] {
        Dictionary(
            uniqueKeysWithValues: secrets.sorted().enumerated().map { ("LAMPLIGHTER_REDACT_\($0.offset)", $0.element) })
    }

    /// Reads all secrets that a new cluster's spark_conf and spark_env_vars name, as this user.
    /// - Throws: `TaskFailure`, which names the reference and never a value; `CancellationError`.
    init(of cluster: ClusterChoice?, for userName: String, from source: any SecretSource) async throws {
        guard case .new(let cluster)? = cluster else {
            self = .none
            return
        }
        var values: [String: String] = [:]
        for (member, settings) in [("spark_conf", cluster.sparkConf), ("spark_env_vars", cluster.sparkEnvVars)] {
            for (key, setting) in (settings ?? [:]).sorted(by: { $0.key < $1.key }) {
                for reference in Self.references(in: setting) where values[reference] == nil {
                    values[reference] = try await Self.value(of: reference, for: userName, from: source) {
                        TaskFailure("The secret \(reference) of new_cluster.\(member).\(key) cannot be read: \($0)")
                    }
                }
            }
        }
        self.init(values: values)
    }

    /// The text with references replaced by values. Values are not expanded again.
    func resolved(in text: String) -> String {
        if values.isEmpty { return text }
        var result = ""
        var rest = text[...]
        while let match = rest.firstMatch(of: Self.pattern) {
            result += rest[..<match.range.lowerBound]
            result += values[String(match.output.0)] ?? String(match.output.0)
            rest = rest[match.range.upperBound...]
        }
        return result + rest
    }

    func resolved(in settings: [String: String]) -> [String: String] { settings.mapValues(resolved) }

    // MARK: Parsing and reading

    /// Anything that begins like a reference is treated as one: a malformed one must fail rather than stay as text.
    private static var pattern: Regex<(Substring, Substring)> { /\{\{secrets\/(.*?)\}\}/ }

    static func references(in text: String) -> [String] { text.matches(of: pattern).map { String($0.output.0) } }

    private static func value(
        of reference: String, for userName: String, from source: any SecretSource, failure: (String) -> TaskFailure
    ) async throws -> String {
        let name = reference.dropFirst("{{secrets/".count).dropLast(2)
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
            throw failure("a reference has the form {{secrets/scope/key}}.")
        }
        let bytes: [UInt8]?
        do {
            bytes = try await source.secret(scope: String(parts[0]), key: String(parts[1]), for: userName)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw failure("\(error)")
        }
        guard let bytes else { throw failure("there is no such secret.") }
        guard let value = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw failure("its value is no text, and a setting has to be one.")
        }
        return value
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import ArgumentParser
import Foundation
import Logging
import Yams

/// The settings in force: flags over environment over file over defaults.
struct Settings {
    private let values: [Setting: String]

    /// - Throws: `ValidationError` that names the file, the key and what is allowed.
    init(flags: [Setting: String], environment: [String: String], configurationFile: String?) throws {
        var values = try configurationFile.map(Self.read) ?? [:]
        for setting in Setting.allCases {
            if let value = environment[setting.environmentVariable] { values[setting] = value }
        }
        values.merge(flags) { $1 }
        self.values = values
    }

    private static func read(_ path: String) throws -> [Setting: String] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw ValidationError("The configuration file \(path) cannot be read.")
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw ValidationError("The configuration file \(path) is not YAML: \(error)")
        }
        guard let root else { return [:] }
        guard let mapping = root.mapping else {
            throw ValidationError("The configuration file \(path) must hold lines of the form `key: value`.")
        }
        var values: [Setting: String] = [:]
        for (key, value) in mapping {
            guard let name = key.string, let setting = Setting(rawValue: name) else {
                let known = Setting.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("\(path): unknown key \(key.string ?? "?"). Known: \(known).")
            }
            guard let text = value.scalar?.string else {
                throw ValidationError("\(path): \(name) must be a single value.")
            }
            values[setting] = text
        }
        return values
    }

    subscript(setting: Setting) -> String { values[setting] ?? setting.defaultValue }

    /// nil when not set.
    func optional(_ setting: Setting) -> String? { self[setting].isEmpty ? nil : self[setting] }

    func path(_ setting: Setting) throws -> String {
        guard let path = optional(setting) else {
            throw ValidationError("--\(setting.rawValue) (or \(setting.environmentVariable)) is required.")
        }
        let expanded = (path as NSString).expandingTildeInPath
        return URL(fileURLWithPath: expanded).standardizedFileURL.path
    }

    /// Where the key of secrets is.
    func secretsKey(_ data: DataDirectory) throws -> String {
        optional(.secretsKeyFile) == nil ? data.secretsKey : try path(.secretsKeyFile)
    }

    func integer(_ setting: Setting, _ allowed: ClosedRange<Int>) throws -> Int {
        guard let value = Int(self[setting]), allowed.contains(value) else {
            throw ValidationError(
                "Invalid value for \(setting.rawValue): \(self[setting]). "
                    + "Allowed: \(allowed.lowerBound) to \(allowed.upperBound).")
        }
        return value
    }

    func number(_ setting: Setting, _ allowed: ClosedRange<Double>) throws -> Double {
        guard let value = Double(self[setting]), allowed.contains(value) else {
            throw ValidationError(
                "Invalid value for \(setting.rawValue): \(self[setting]). "
                    + "Allowed: a number from \(allowed.lowerBound) to \(allowed.upperBound).")
        }
        return value
    }

    /// A limit of which 0 means none.
    func limit(_ setting: Setting) throws -> Int? {
        let value = try integer(setting, 0...1_000_000_000)
        return value == 0 ? nil : value
    }

    func bool(_ setting: Setting) throws -> Bool {
        switch self[setting].lowercased() {
        case "true", "yes", "1": return true
        case "false", "no", "0": return false
        default:
            throw ValidationError("Invalid value for \(setting.rawValue): \(self[setting]). Allowed: true or false.")
        }
    }

    func choice(_ setting: Setting, _ allowed: [String]) throws -> String {
        guard allowed.contains(self[setting]) else {
            throw ValidationError(
                "Invalid value for \(setting.rawValue): \(self[setting]). Allowed: \(allowed.joined(separator: ", ")).")
        }
        return self[setting]
    }

    func logLevel() throws -> Logger.Level {
        let name = try choice(.logLevel, Logger.Level.allCases.map(\.rawValue))
        return Logger.Level(rawValue: name) ?? .info
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import ArgumentParser
import Foundation

/// The settings in force: flags over environment over file over defaults. Each is as the table allows it.
///
/// Written by hand, and not with swift-configuration: decision 0017.
struct Settings {
    private let values: [Setting: Setting.Value]

    /// - Throws: `ValidationError` that says which setting is wrong, where it was given, and what is allowed.
    init(flags: [Setting: String], environment: [String: String], configurationFile: String?) throws {
        let file = try configurationFile.map(ConfigurationFile.read) ?? [:]
        var values: [Setting: Setting.Value] = [:]
        for setting in Setting.allCases {
            let given: (text: String, source: String)? =
                if let text = flags[setting] {
                    (text, "the flag \(setting.flag)")
                } else if let text = environment[setting.environmentVariable] {
                    (text, "the environment variable \(setting.environmentVariable)")
                } else {
                    file[setting].map { ($0, configurationFile ?? "") }
                }
            let text = given?.text ?? setting.row.defaultValue
            guard let value = setting.row.allowed.value(text) else {
                throw ValidationError(
                    "Invalid value for \(setting.rawValue): \(text). Allowed: \(setting.row.allowed.text ?? "any text"). "
                        + "It comes from \(given?.source ?? "the default").")
            }
            values[setting] = value
        }
        self.values = values
    }

    /// A text; empty when it is not set.
    subscript(setting: Setting) -> String {
        guard case .text(let text) = values[setting] else { preconditionFailure("\(setting) is not a text") }
        return text
    }

    /// nil when not set.
    func optional(_ setting: Setting) -> String? { self[setting].isEmpty ? nil : self[setting] }

    func path(_ setting: Setting) throws -> String {
        guard let path = optional(setting) else {
            throw ValidationError("\(setting.flag) (or \(setting.environmentVariable)) is required.")
        }
        let expanded = (path as NSString).expandingTildeInPath
        return URL(fileURLWithPath: expanded).standardizedFileURL.path
    }

    /// Where the key of secrets is.
    func secretsKey(_ data: DataDirectory) throws -> String {
        optional(.secretsKeyFile) == nil ? data.secretsKey : try path(.secretsKeyFile)
    }

    func integer(_ setting: Setting) -> Int {
        guard case .integer(let value) = values[setting] else { preconditionFailure("\(setting) is not an integer") }
        return value
    }

    func number(_ setting: Setting) -> Double {
        guard case .number(let value) = values[setting] else { preconditionFailure("\(setting) is not a number") }
        return value
    }

    /// A limit of which 0 means none.
    func limit(_ setting: Setting) -> Int? { integer(setting) == 0 ? nil : integer(setting) }

    func seconds(_ setting: Setting) -> Duration { .seconds(integer(setting)) }

    func bool(_ setting: Setting) -> Bool {
        guard case .bool(let value) = values[setting] else { preconditionFailure("\(setting) is not true or false") }
        return value
    }
}

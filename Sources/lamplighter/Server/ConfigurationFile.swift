// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import ArgumentParser
import Foundation
import Yams

/// The file that `--config` names: YAML, one setting per line.
enum ConfigurationFile {
    /// - Throws: `ValidationError` that names the file, and the key that is not a setting or has no single value.
    static func read(_ path: String) throws -> [Setting: String] {
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
}

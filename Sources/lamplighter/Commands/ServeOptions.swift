// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import ArgumentParser
import Foundation

/// `--config`, and a flag for each row of the settings table.
struct ServeOptions: ParsableArguments {
    @Option(help: "YAML file with settings; see docs/settings.md.") var config: String?
    @OptionGroup var flags: SettingFlags

    func settings() throws -> Settings {
        try Settings(
            flags: flags.values, environment: ProcessInfo.processInfo.environment, configurationFile: config)
    }
}

/// A flag for each row of the settings table.
///
/// ArgumentParser finds what it parses with a `Mirror`, and decodes each by the label that it has there. So the mirror of
/// this type shows the rows of the table instead of stored properties, and a new row is a flag without another word.
struct SettingFlags: ParsableArguments, CustomReflectable {
    /// Of the flags that were given.
    private(set) var values: [Setting: String] = [:]

    init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Setting.self)
        for setting in Setting.allCases {
            if setting.isFlag {
                let isGiven = try container.decode(Flag<Bool>.self, forKey: setting).wrappedValue
                if isGiven { values[setting] = "true" }
            } else {
                values[setting] = try container.decode(Option<String?>.self, forKey: setting).wrappedValue
            }
        }
    }

    var customMirror: Mirror {
        Mirror(self, children: Setting.allCases.map { (label: $0.rawValue, value: $0.argument) })
    }
}

extension Setting {
    fileprivate var isFlag: Bool { if case .flag = row.allowed { true } else { false } }

    fileprivate var argument: Any {
        // A negative number is a value that is refused, not the name of an option.
        isFlag
            ? Flag(wrappedValue: false, name: .customLong(rawValue), help: help)
            : Option<String?>(name: .customLong(rawValue), parsing: .unconditional, help: help)
    }

    private var help: ArgumentHelp {
        let allowed = isFlag ? nil : row.allowed.text.map { "Allowed: \($0)." }
        let defaultValue = row.defaultValue.isEmpty ? nil : "(default: \(row.defaultValue))"
        return ArgumentHelp(stringLiteral: [row.help, allowed, defaultValue].compactMap(\.self).joined(separator: " "))
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import ArgumentParser

/// `lamplighter settings`: prints docs/settings.md.
struct PrintSettings: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings", abstract: "Print the table of all settings (docs/settings.md).")

    func run() { print(Setting.table, terminator: "") }
}

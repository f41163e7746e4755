// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import ArgumentParser

@main
struct Lamplighter: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lamplighter",
        abstract: "A self-hosted job server for Apache Spark that speaks the Databricks Jobs API 2.0.",
        version: Version.current,
        subcommands: [
            Serve.self, Token.self, Doctor.self, PrintSettings.self, CronCommand.self, BackupCommand.self,
            RestoreCommand.self, CheckCommand.self,
        ])
}

enum Version {
    static let current = "0.1.0"
}

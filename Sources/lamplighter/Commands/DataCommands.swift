// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import ArgumentParser
import Foundation
import JobsDomain
import JobsStoreSQLite

/// `lamplighter backup FILE --data DIR`.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy all data of a server into one file, while it runs.",
        discussion: """
            The file is a tar archive: the database as it is at one instant, the files of DBFS, and the output of runs. \
            It holds tokens' hashes and whatever jobs have written: keep it as you keep the data directory. Secrets are in \
            it as they are in the database, encrypted; their key is not. Keep a copy of the file secrets-key elsewhere: \
            without it nobody can read them again.
            """)

    @Option(help: "The server's data directory.") var data: String
    @Argument(help: "The archive to write. It must not exist.") var file: String

    func run() async throws {
        let data = try DataDirectory(existing: data)
        let archive = Archive(path: file)
        if archive.exists { throw ValidationError("\(file) exists already. Give another name.") }
        try archive.write(data) { try SQLiteStore.copy(data.database, to: $0) }
        print("Wrote \(file) (\(archive.size)). The key of secrets is not in it: keep a copy of that elsewhere.")
    }
}

/// `lamplighter restore FILE --data DIR`.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Make a data directory from a backup.",
        discussion: """
            The directory must be new or empty: move a damaged one away first. Runs that were under way when the backup \
            was made end as INTERNAL_ERROR, because nobody knows how they ended, and are retried where max_retries says \
            so. What schedules have missed since is treated as after any pause of the server. The key of secrets is not in \
            the backup: put your copy of the file secrets-key into the directory before the first start.
            """)

    @Option(help: "The data directory to make.") var data: String
    @Argument(help: "The archive that `lamplighter backup` wrote.") var file: String

    func run() async throws {
        let data = DataDirectory(path: DataDirectory.standardized(data))
        let archive = Archive(path: file)
        guard archive.exists else { throw ValidationError("\(file) does not exist.") }
        guard data.isEmpty else {
            throw ValidationError("\(data.path) is not empty. Move it away, or give --data a new directory.")
        }
        try data.create()
        try data.takeLock()
        try archive.extract(to: data)
        let store = try SQLiteStore.open(path: data.database)
        let faults = try await store.faults()
        guard faults.isEmpty else {
            throw ValidationError("The database in \(file) is damaged: \(faults.joined(separator: "; ")).")
        }
        let ended = try await store.endInterruptedRuns(at: SystemClock().now)
        let hasSecrets = try await !store.sealingKeys().isEmpty
        try store.close()
        print("Restored \(data.path).", terminator: ended.isEmpty ? "\n" : " ")
        if !ended.isEmpty {
            print("\(ended.count) runs that were under way when the backup was made are INTERNAL_ERROR now.")
        }
        if hasSecrets {
            print("It has secrets, which need their key: put the file secrets-key there before the first start.")
        }
    }
}

/// `lamplighter check --data DIR`.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Verify the stored data, also while a server runs on it.",
        discussion:
            "Prints a line for each fault and then exits with status 1. Reads everything: minutes for millions of runs."
    )

    @Option(help: "The server's data directory.") var data: String

    func run() async throws {
        let data = try DataDirectory(existing: data)
        let store: SQLiteStore
        do {
            store = try SQLiteStore.open(path: data.database)
        } catch {
            throw ValidationError("\(error) \(DataDirectory.restoreAdvice)")
        }
        let faults = try await store.faults()
        try store.close()
        for fault in faults { print(fault) }
        if !faults.isEmpty {
            print(DataDirectory.restoreAdvice)
            throw ExitCode.failure
        }
        print("\(data.database): everything is as it should be.")
    }
}

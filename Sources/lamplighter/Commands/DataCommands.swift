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
            The file is a tar archive: the database as it is at one instant, the files of DBFS, the output of runs, and \
            admin-token, the first token in plain text. Whoever has the file may do what that token may: it is made \
            readable by you alone, so keep it. Behind the archive stands a mark with a checksum, by which `restore` knows \
            that it is whole. A damaged database is refused. While the backup is made, FILE.partial holds a copy of the \
            database: the disk needs space for it twice. Secrets are in the backup as they are in the database, encrypted; \
            their key is not. Keep a copy of the file secrets-key elsewhere: without it nobody can read them again.
            """)

    @Option(help: "The server's data directory.") var data: String
    @Argument(help: "The archive to write. It must not exist.") var file: String

    func validate() throws {
        if file == "-" { throw ValidationError("A backup is written to a file, not to standard output.") }
    }

    func run() async throws {
        let data = try DataDirectory(existing: data)
        if FileManager.default.fileExists(atPath: file) {
            throw CommandFailure("\(file) exists already. Give another name.")
        }
        let bytes = try BackupWriter(path: file).write(data) { copy in
            do { try SQLiteStore.copy(data.database, to: copy) } catch { throw CommandFailure(opening: error) }
        }
        let size = ByteCountFormatter.string(fromByteCount: Int64(bytes), countStyle: .file)
        print("Wrote \(file) (\(size)). The key of secrets is not in it: keep a copy of that elsewhere.")
    }
}

/// `lamplighter restore FILE --data DIR`.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Make a data directory from a backup.",
        discussion: """
            The directory must be new or empty: move a damaged one away first. A file that is cut off or damaged is \
            refused, and a restore that fails leaves nothing behind. What is restored is readable by you alone. Runs that were under way when the backup \
            was made end as INTERNAL_ERROR, because nobody knows how they ended, and are retried where max_retries says \
            so. What schedules have missed since is treated as after any pause of the server. The key of secrets is not in \
            the backup: put your copy of the file secrets-key into the directory before the first start.
            """)

    @Option(help: "The data directory to make.") var data: String
    @Argument(help: "The archive that `lamplighter backup` wrote.") var file: String

    func run() async throws {
        let data = DataDirectory(path: DataDirectory.standardized(data))
        let restoration = try Restoration(into: data)
        let outcome = try await restoration.restore(try BackupReader(path: file))
        print("Restored \(data.path).")
        if outcome.endedRuns > 0 {
            let (runs, were) = outcome.endedRuns == 1 ? ("run", "was") : ("runs", "were")
            print(
                "\(outcome.endedRuns) \(runs) that \(were) under way when the backup was made ended as INTERNAL_ERROR.")
        }
        if outcome.hasSecrets {
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
            throw CommandFailure(opening: error)
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

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import Logging
import ServiceLifecycle

/// A file that tells others where this server listens. The one that a former server has left names a dead address, so a
/// disk that is full at the start must not be the end of it.
struct AddressFile: Service {
    private let data: DataDirectory
    private let path: String
    private let permissions: Int
    private let logger: Logger
    /// Addresses that could not be written at once, for `run`.
    private let unwritten = AsyncStream.makeStream(of: String.self)

    private static let pause = Duration.seconds(2)

    init(data: DataDirectory, path: String, permissions: Int, logger: Logger) {
        self.data = data
        self.path = path
        self.permissions = permissions
        self.logger = logger
    }

    /// Returns at once; what could not be written is left to `run`.
    func write(_ url: String) {
        do {
            try data.write(url + "\n", to: path, permissions: permissions)
        } catch {
            logger.warning(
                "cannot write the file with the server's address; trying again",
                metadata: ["path": "\(path)", "error": "\(error)"])
            try? FileManager.default.removeItem(atPath: path)
            unwritten.continuation.yield(url)
        }
    }

    /// Tries again every two seconds, until the server stops: nothing signals that a disk has space.
    func run() async {
        await cancelWhenGracefulShutdown {
            for await url in unwritten.stream { await writeWhenPossible(url) }
        }
    }

    private func writeWhenPossible(_ url: String) async {
        repeat {
            do { try await Task.sleep(for: Self.pause) } catch { return }
        } while !isWritten(url)
        logger.notice("wrote the file with the server's address", metadata: ["path": "\(path)"])
    }

    private func isWritten(_ url: String) -> Bool {
        (try? data.write(url + "\n", to: path, permissions: permissions)) != nil
    }
}

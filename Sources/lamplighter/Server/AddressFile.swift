// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import Logging

/// A file that tells others where this server listens. The one that a former server has left names a dead address, so a
/// disk that is full at the start must not be the end of it.
struct AddressFile: Sendable {
    let data: DataDirectory
    let path: String
    let permissions: Int
    let logger: Logger

    private static let pause = Duration.seconds(2)

    /// Returns at once; what could not be written is tried again until it can: nothing signals that a disk has space.
    func write(_ url: String) {
        do {
            try data.write(url + "\n", to: path, permissions: permissions)
        } catch {
            logger.warning(
                "cannot write the file with the server's address; trying again",
                metadata: ["path": "\(path)", "error": "\(error)"])
            try? FileManager.default.removeItem(atPath: path)
            Task {
                repeat { try await Task.sleep(for: Self.pause) } while !isWritten(url)
                logger.notice("wrote the file with the server's address", metadata: ["path": "\(path)"])
            }
        }
    }

    private func isWritten(_ url: String) -> Bool {
        (try? data.write(url + "\n", to: path, permissions: permissions)) != nil
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CLinuxProcess
import Foundation
import JobsCompute

/// Calls `body` with NULL-terminated arrays of C strings: arguments and environment.
package func withCStrings<R>(
    _ arguments: [String], _ variables: [String],
    _ body: ([UnsafeMutablePointer<CChar>?], [UnsafeMutablePointer<CChar>?]) -> R
) -> R {
    let pointers = [arguments, variables].map { strings in strings.map { strdup($0) } + [nil] }
    defer { for pointer in pointers.joined() { free(pointer) } }
    return body(pointers[0], pointers[1])
}

/// Makes a directory and its parents, for the owner alone.
package func makeDirectory(_ path: String) throws {
    // Nearly always only the last part is missing, and one call makes it.
    if mkdir(path, 0o700) == 0 { return }
    do {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
        throw TaskFailure("The directory \(path) could not be made: \(error.localizedDescription)")
    }
}

/// Writes a file for the owner alone: settings may hold secrets.
/// - Throws: `TaskFailure`.
package func writeFile(_ text: String, to path: String) throws {
    let bytes = Array(text.utf8)
    guard lp_write_file(path, bytes, bytes.count, 0o600) == 0 else {
        throw TaskFailure("The file \(path) could not be written.")
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation

/// The last 512 bytes of a backup, behind the archive, where tar does not look: they are written when all else is, so a
/// file that was cut off anywhere does not have them, and say what must stand before them.
struct BackupEnd: Equatable {
    static let length = 512

    /// Bytes of the archive before the end.
    let archiveBytes: Int
    /// SHA-256 of the archive, in hexadecimal.
    let digest: String

    /// Text, filled up with zeros.
    var bytes: Data {
        let text = Data("lamplighter backup 1\nbytes \(archiveBytes)\nsha256 \(digest)\n".utf8)
        return text + Data(count: Self.length - text.count)
    }

    init(archiveBytes: Int, digest: String) {
        self.archiveBytes = archiveBytes
        self.digest = digest
    }

    /// nil unless it is one, to the byte.
    init?(_ bytes: Data) {
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count >= 7, let length = Int(words[4]) else { return nil }
        self.init(archiveBytes: length, digest: String(words[6]))
        guard digest.utf8.count == 64, self.bytes == bytes else { return nil }
    }
}

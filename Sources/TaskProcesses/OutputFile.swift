// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation

/// One output stream of a task: the file itself up to the cap, and beyond it two segments that the supervisor rotates,
/// so that it always keeps the newest bytes.
package struct OutputFile: Equatable, Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    /// The first bytes.
    package func head(_ limit: Int) -> (text: String, isWhole: Bool) {
        guard let file = FileHandle(forReadingAtPath: path) else { return ("", true) }
        defer { try? file.close() }
        let data = (try? file.read(upToCount: limit)) ?? Data()
        let isWhole = Int((try? file.seekToEnd()) ?? 0) <= data.count && segments.isEmpty
        return (String(decoding: data, as: UTF8.self), isWhole)
    }

    /// The last bytes.
    package func tail(_ limit: Int) -> String {
        var data = Data()
        for file in segments + [path] where data.count < limit {
            data = Self.end(of: file, limit - data.count) + data
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// The newer first.
    private var segments: [String] {
        let files = ["\(path).tail0", "\(path).tail1"].compactMap { file -> (path: String, time: Date)? in
            let attributes = try? FileManager.default.attributesOfItem(atPath: file)
            guard let time = attributes?[.modificationDate] as? Date else { return nil }
            return (file, time)
        }
        return files.sorted { $0.time > $1.time }.map(\.path)
    }

    private static func end(of path: String, _ limit: Int) -> Data {
        guard let file = FileHandle(forReadingAtPath: path) else { return Data() }
        defer { try? file.close() }
        let size = (try? file.seekToEnd()) ?? 0
        try? file.seek(toOffset: size > UInt64(limit) ? size - UInt64(limit) : 0)
        return (try? file.read(upToCount: limit)) ?? Data()
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsDomain
import JobsJSON
import Logging

/// Writes each message as a line to standard error, with what belongs to it (`run_id`, `request_id`).
struct LineLogHandler: LogHandler {
    enum Format: String, CaseIterable {
        /// `2026-03-10T10:30:00.123Z info lamplighter: message run_id=1 error="two words"`.
        case text
        /// `{"time", "level", "logger", "message", "run_id", ...}`, for programs that read logs.
        case json
    }

    let label: String
    let format: Format
    var logLevel: Logger.Level = .info
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let line = LogLine(
            time: SystemClock().now, level: event.level.rawValue, label: label, message: "\(event.message)",
            metadata: metadata.merging(event.metadata ?? [:]) { $1 }.map { ($0.key, "\($0.value)") })
        // One write per line, so that lines of several threads do not mix.
        FileHandle.standardError.write(Data(((format == .json ? line.json : line.text) + "\n").utf8))
    }
}

/// What a line of the log says.
private struct LogLine {
    let time: Timestamp
    let level: String
    let label: String
    let message: String
    let metadata: [(String, String)]

    private var sorted: [(String, String)] { metadata.sorted { $0.0 < $1.0 } }

    var json: String {
        JSONWriter.text { writer in
            writer.object { writer in
                writer.member("time", time.iso8601)
                writer.member("level", level)
                writer.member("logger", label)
                writer.member("message", message)
                for (name, value) in sorted { writer.member(name.replacingOccurrences(of: ".", with: "_"), value) }
            }
        }
    }

    /// Values are quoted and escaped where necessary: each stays on one line, and its end is recognizable.
    var text: String {
        let values = sorted.map { name, value in
            let isPlain =
                !value.isEmpty && value.unicodeScalars.allSatisfy { $0.value > 0x20 && $0 != "\"" && $0 != "=" }
            return " \(name)=\(isPlain ? value : JSONWriter.text { $0.value(value) })"
        }
        let message = message.replacingOccurrences(of: "\n", with: " ")
        return "\(time.iso8601) \(level) \(label): \(message)\(values.joined())"
    }
}

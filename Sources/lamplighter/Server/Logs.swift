// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsJSON
import Logging

/// Writes each message as a line of JSON: `{"time", "level", "logger", "message", ...}`, with what belongs to it
/// (`run_id`, `request id`) as members of their own, for programs that read logs.
struct JSONLogHandler: LogHandler {
    let label: String
    var logLevel: Logger.Level = .info
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let line = JSONWriter.text { writer in
            writer.object { writer in
                writer.member("time", Date().formatted(.iso8601.time(includingFractionalSeconds: true)))
                writer.member("level", event.level.rawValue)
                writer.member("logger", label)
                writer.member("message", "\(event.message)")
                for (name, value) in all.sorted(by: { $0.key < $1.key }) {
                    writer.member(name.replacingOccurrences(of: ".", with: "_"), "\(value)")
                }
            }
        }
        // One write per line, so that lines of several threads do not mix.
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}

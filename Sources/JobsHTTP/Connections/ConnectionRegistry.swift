// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import NIOCore
import Synchronization

/// All open connections, to find the one that can best be spared.
final class ConnectionRegistry: Sendable {
    struct Entry {
        let channel: any Channel
        /// nil: a request is under way.
        var idleSince: NIODeadline?
    }

    private let limit: Int
    private let entries = Mutex<[ObjectIdentifier: Entry]>([:])

    init(limit: Int) { self.limit = limit }

    var count: Int { entries.withLock(\.count) }

    /// Takes a new connection in; over the limit, one is closed: the idle one that waits longest, else the new one.
    func opened(_ channel: any Channel) {
        let spared = entries.withLock { entries -> (any Channel)? in
            entries[ObjectIdentifier(channel)] = Entry(channel: channel, idleSince: .now())
            guard entries.count > limit, let id = Self.spared(entries, newest: ObjectIdentifier(channel)) else {
                return nil
            }
            return entries.removeValue(forKey: id)?.channel
        }
        spared?.close(mode: .all, promise: nil)
    }

    func closed(_ channel: any Channel) {
        _ = entries.withLock { $0.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    func changed(_ channel: any Channel, idleSince: NIODeadline?) {
        entries.withLock { $0[ObjectIdentifier(channel)]?.idleSince = idleSince }
    }

    static func spared(_ entries: [ObjectIdentifier: Entry], newest: ObjectIdentifier) -> ObjectIdentifier? {
        entries.filter { $0.key != newest && $0.value.idleSince != nil }
            .min { ($0.value.idleSince ?? .distantFuture) < ($1.value.idleSince ?? .distantFuture) }?.key ?? newest
    }
}

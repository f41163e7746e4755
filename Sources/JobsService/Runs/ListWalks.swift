// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import Synchronization

/// Remembers where clients are on their way through runs/list, so that runs which are created meanwhile do not shift
/// the pages under them: "offset ... relative to the most recent run" means the run that was the most recent one when
/// the walk began at offset 0.
///
/// A walk is known by who walks, what is listed, and the offset that comes next; nothing is asked of the client. It is
/// a help, not a promise: after a restart, or ten minutes of silence, a page is counted from the newest run again.
final class ListWalks: Sendable {
    struct Key: Hashable {
        let userName: String
        let jobID: JobID?
        let activity: RunQuery.Activity
        let runType: RunType?
    }

    private struct Walk {
        let newestRunID: RunID
        var nextOffset: Int
        var lastUse: Timestamp
    }

    private static let lifetime = Duration.seconds(600)
    private static let mostKeys = 1000
    private static let mostWalks = 8

    private let walks = Mutex<[Key: [Walk]]>([:])

    /// The newest run that the page at this offset may show; nil: any.
    func newestRunID(_ key: Key, offset: Int, at now: Timestamp) -> RunID? {
        if offset == 0 { return nil }
        return walks.withLock { walks in
            let living = (walks[key] ?? []).filter { now - $0.lastUse < Self.lifetime }
            // Two walks at the same offset: the one that has waited longer. None: a client that jumps about.
            let walk = living.filter { $0.nextOffset == offset }.min { $0.lastUse < $1.lastUse } ?? living.last
            return walk?.newestRunID
        }
    }

    /// - Parameter newestRunID: up to which the page was counted.
    func noteAnswer(_ key: Key, offset: Int, count: Int, newestRunID: RunID, at now: Timestamp) {
        walks.withLock { walks in
            var living = (walks[key] ?? []).filter { now - $0.lastUse < Self.lifetime }
            let known = living.firstIndex { $0.newestRunID == newestRunID && (offset == 0 || $0.nextOffset == offset) }
            if let known {
                var walk = living.remove(at: known)
                walk.nextOffset = offset + count
                walk.lastUse = now
                living.append(walk)
            } else if offset == 0 {
                living.append(Walk(newestRunID: newestRunID, nextOffset: count, lastUse: now))
            }
            if walks.count >= Self.mostKeys { walks.removeAll() }
            walks[key] = living.suffix(Self.mostWalks)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import Synchronization

/// Remembers where clients are on their way through runs/list, so that runs which are created meanwhile do not shift
/// the pages under them: "offset ... relative to the most recent run" means the run that was the most recent one when
/// the snapshot began at offset 0.
///
/// A snapshot is known by whose it is, what is listed, and the offset that comes next; nothing is asked of the client. It is
/// a help, not a promise: after a restart, or ten minutes of silence, a page is counted from the newest run again.
final class ListSnapshots: Sendable {
    struct Key: Hashable {
        let userName: String
        let jobID: JobID?
        let activity: RunQuery.Activity
        let runType: RunType?
    }

    private struct Snapshot {
        let newestRunID: RunID
        var nextOffset: Int
        var lastUse: Timestamp
    }

    private static let lifetime = Duration.seconds(600)
    private static let maxKeys = 1000
    private static let maxSnapshots = 8

    private let snapshots = Mutex<[Key: [Snapshot]]>([:])

    /// The newest run that the page at this offset may show; nil: any.
    func newestRunID(_ key: Key, offset: Int, at now: Timestamp) -> RunID? {
        if offset == 0 { return nil }
        return snapshots.withLock { snapshots in
            let living = (snapshots[key] ?? []).filter { now - $0.lastUse < Self.lifetime }
            // Of two snapshots at one offset, the least recently used. None: the client does not page in sequence.
            let snapshot = living.filter { $0.nextOffset == offset }.min { $0.lastUse < $1.lastUse } ?? living.last
            return snapshot?.newestRunID
        }
    }

    /// - Parameter newestRunID: up to which the page was counted.
    func noteAnswer(_ key: Key, offset: Int, count: Int, newestRunID: RunID, at now: Timestamp) {
        snapshots.withLock { snapshots in
            var living = (snapshots[key] ?? []).filter { now - $0.lastUse < Self.lifetime }
            let known = living.firstIndex { $0.newestRunID == newestRunID && (offset == 0 || $0.nextOffset == offset) }
            if let known {
                var snapshot = living.remove(at: known)
                snapshot.nextOffset = offset + count
                snapshot.lastUse = now
                living.append(snapshot)
            } else if offset == 0 {
                living.append(Snapshot(newestRunID: newestRunID, nextOffset: count, lastUse: now))
            }
            if snapshots.count >= Self.maxKeys { snapshots.removeAll() }
            snapshots[key] = living.suffix(Self.maxSnapshots)
        }
    }
}

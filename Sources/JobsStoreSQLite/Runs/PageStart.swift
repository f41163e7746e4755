// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

/// Where the scan for a page's runs begins: `skip` runs below `key`.
struct PageStart: Equatable {
    let key: RunKey
    let skip: Int
    /// The scan may meet runs that the query does not show.
    let hasExcluded: Bool

    /// Finds where a page begins by the counts of blocks, so that at most a few blocks have to be scanned.
    ///
    /// - Parameter excluded: keys of runs that are counted but that the query does not show, newest first.
    /// - Returns: nil when the page is best found by a scan from the newest run on.
    static func find(
        offset: Int, in lists: [RunList], excluded: [RunKey], _ db: Database
    ) throws -> PageStart? {
        let ranks = try lists.map { try RunOffsetIndex.read($0, atLeast: offset + excluded.count, in: db) }
        guard let bound = RankBound.last(within: offset, of: ranks, excluded: excluded) else { return nil }
        let counted = try zip(ranks, bound.places).reduce(0) { sum, pair in
            let (rank, place) = pair
            return try sum + place.passed
                + (place.isBound
                    ? 0 : RunOffsetIndex.count(rank.list, from: bound.key, below: place.passedKey, in: db))
        }
        return PageStart(
            key: bound.key, skip: offset - (counted - bound.excluded), hasExcluded: bound.excluded < excluded.count)
    }
}

/// The bound of a block in one of several merged lists, and its position in the others.
struct RankBound: Equatable {
    /// The position of a key in a list.
    struct Place: Equatable {
        /// The number of runs in the list's blocks above the key.
        var passed = 0
        /// The lower bound of these blocks; nil: there are none.
        var passedKey: RunKey?
        /// The key is a bound of this list, so all runs above it are in `passed`.
        var isBound = false
        /// The number of runs in the block that contains the key.
        var current: Int
        /// The index of the next block.
        var next = 0
    }

    let key: RunKey
    let places: [Place]
    /// How many excluded keys are not below the key.
    let excluded: Int

    /// The last bound with at most `offset` runs above it that are shown; nil when there is none.
    static func last(within offset: Int, of ranks: [RunOffsetIndex], excluded: [RunKey]) -> RankBound? {
        var places = ranks.map { Place(current: $0.newer) }
        // An upper limit of the runs above the next bound; the exact number depends on rows within the other lists'
        // current blocks.
        var most = places.reduce(0) { $0 + $1.current }
        var excludedAbove = 0
        var last: (list: Int, key: RunKey, excluded: Int)?
        while let list = newestBound(places, ranks) {
            let block = ranks[list].blocks[places[list].next]
            while excludedAbove < excluded.count, excluded[excludedAbove] >= block.until { excludedAbove += 1 }
            if most - excludedAbove > offset { break }
            places[list].pass(block)
            most += block.count
            last = (list, block.until, excludedAbove)
        }
        guard let last else { return nil }
        places[last.list].isBound = true
        return RankBound(key: last.key, places: places, excluded: last.excluded)
    }

    /// Which list's next bound is the newest.
    private static func newestBound(_ places: [Place], _ ranks: [RunOffsetIndex]) -> Int? {
        var newest: (list: Int, key: RunKey)?
        for list in ranks.indices where places[list].next < ranks[list].blocks.count {
            let key = ranks[list].blocks[places[list].next].until
            if newest == nil || newest!.key < key { newest = (list, key) }
        }
        return newest?.list
    }
}

extension RankBound.Place {
    fileprivate mutating func pass(_ block: RunOffsetIndex.Block) {
        passed += current
        passedKey = block.until
        current = block.count
        next += 1
    }
}

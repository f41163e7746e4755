// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation

/// The tables of the regions that were asked for. To ask Foundation for a change takes a thousand times as long as to
/// look it up; a region's table is built once, in less than a millisecond, and there are about six hundred regions.
///
/// `@unchecked Sendable`: `tables` is read and written with `lock` held only, and what it holds is immutable.
final class ZoneOffsetsCache: @unchecked Sendable {
    static let shared = ZoneOffsetsCache()

    private let lock = NSLock()
    private var tables: [String: ZoneOffsets] = [:]

    /// Nil for what is no region.
    func offsets(ofRegion id: String) -> ZoneOffsets? {
        if let known = lock.withLock({ tables[id] }) { return known }
        guard let built = ZoneOffsets(region: id) else { return nil }
        return lock.withLock {
            let table = tables[id] ?? built
            tables[id] = table
            return table
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Synchronization

/// A cache of the most recently used entries, of at most twice `limit` units of cost, in two generations: when the
/// young generation is full it becomes the old one, and entries that are not read until the next change are evicted. So
/// a scan of many keys cannot evict the entries in constant use.
public final class BoundedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct State {
        var young: [Key: (value: Value, cost: Int)] = [:]
        var old: [Key: (value: Value, cost: Int)] = [:]
        var youngCost = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: the cost of one generation.
    public init(limit: Int) { self.limit = limit }

    public func value(_ key: Key) -> Value? {
        state.withLock { state in
            if let entry = state.young[key] { return entry.value }
            guard let entry = state.old.removeValue(forKey: key) else { return nil }
            Self.insert(entry, key, &state, limit)
            return entry.value
        }
    }

    /// - Parameter cost: in the unit of `limit`.
    public func insert(_ value: Value, for key: Key, cost: Int = 1) {
        state.withLock { state in
            state.old[key] = nil
            if let replaced = state.young.removeValue(forKey: key) { state.youngCost -= replaced.cost }
            Self.insert((value, cost), key, &state, limit)
        }
    }

    public func removeAll() { state.withLock { $0 = State() } }

    /// - Parameter key: in no generation.
    private static func insert(_ entry: (value: Value, cost: Int), _ key: Key, _ state: inout State, _ limit: Int) {
        if state.youngCost + entry.cost > limit {
            (state.old, state.young, state.youngCost) = (state.young, [:], 0)
        }
        // Larger than a generation: not cached.
        if entry.cost > limit { return }
        state.young[key] = entry
        state.youngCost += entry.cost
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Actions by their time; those of the same time in the order in which they came (a binary heap).
struct TimerQueue {
    private struct Entry {
        let time: Int64
        let number: Int
        let action: () -> Void

        func isBefore(_ other: Entry) -> Bool { (time, number) < (other.time, other.number) }
    }

    private var heap: [Entry] = []
    private var inserted = 0

    var nextTime: Int64? { heap.first?.time }

    mutating func insert(at time: Int64, _ action: @escaping () -> Void) {
        inserted += 1
        heap.append(Entry(time: time, number: inserted, action: action))
        var child = heap.count - 1
        while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Removes the first action, when its time is `time`.
    mutating func removeFirst(at time: Int64) -> (() -> Void)? {
        guard let first = heap.first, first.time == time else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].isBefore(heap[smallest]) { smallest = child }
            }
            if smallest == parent { return first.action }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}

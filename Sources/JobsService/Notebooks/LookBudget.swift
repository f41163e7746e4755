// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// How often one who waits for a change of the store may look at it without a pause: ten times, and once more for every 10
/// ms that pass. A server that commits a thousand times a second would otherwise wake everybody who waits as often.
struct LookBudget {
    static let interval = Duration.milliseconds(10)
    private static let burst = Duration.milliseconds(100)

    /// What may still be spent; a look costs `interval`.
    private var left = burst
    private var lastTime: Timestamp

    init(at time: Timestamp) { lastTime = time }

    /// - Returns: false when the look has to wait for `interval`.
    mutating func spend(at time: Timestamp) -> Bool {
        left = min(Self.burst, left + max(.zero, time - lastTime))
        lastTime = time
        guard left >= Self.interval else { return false }
        left -= Self.interval
        return true
    }
}

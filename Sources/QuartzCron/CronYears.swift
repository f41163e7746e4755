// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The years of an expression up to `CronExpression.latestYear`, one bit each. Later ones are never reached.
struct CronYears: Hashable, Sendable {
    private var words = [UInt64](repeating: 0, count: CronExpression.latestYear / 64 + 1)

    mutating func insert(_ year: Int) {
        guard 0...CronExpression.latestYear ~= year else { return }
        words[year / 64] |= 1 << UInt64(year % 64)
    }

    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    func contains(_ year: Int) -> Bool {
        0...CronExpression.latestYear ~= year && words[year / 64] >> UInt64(year % 64) & 1 == 1
    }

    /// The earliest year that is not before `year`.
    func first(from year: Int) -> Int? {
        guard year <= CronExpression.latestYear else { return nil }
        var index = max(year, 0) / 64
        var word = words[index] & ~0 << UInt64(max(year, 0) % 64)
        while word == 0 {
            index += 1
            guard index < words.count else { return nil }
            word = words[index]
        }
        return index * 64 + word.trailingZeroBitCount
    }

    /// In ascending order.
    var values: [Int] { (0...CronExpression.latestYear).filter(contains) }

    var isFull: Bool { CronFieldKind.year.range.allSatisfy(contains) }
}

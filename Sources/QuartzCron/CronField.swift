// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The values of a field, one bit each, and whether it says `?`.
struct CronField: Hashable, Sendable {
    private(set) var bits: UInt64 = 0
    private(set) var isUnspecified = false

    init() {}

    init(_ values: some Sequence<Int>) {
        for value in values { insert(value) }
    }

    /// Quartz's own mark for `?`, which a user may write as a number too.
    static let unspecifiedMark = 98
    /// Quartz's own mark for `*`, likewise.
    static let everyMark = 99

    /// `#` lets any number through. All beyond the field's own are alike, days that never come, and count as 63.
    mutating func insert(_ value: Int) {
        if value == Self.unspecifiedMark { isUnspecified = true } else { bits |= 1 << UInt64(min(value, 63)) }
    }

    var isEmpty: Bool { bits == 0 }
    var count: Int { bits.nonzeroBitCount }
    var first: Int? { bits == 0 ? nil : bits.trailingZeroBitCount }

    func contains(_ value: Int) -> Bool { bits >> UInt64(value) & 1 == 1 }

    /// The lowest value that is not below `value`.
    func first(from value: Int) -> Int? {
        let rest = bits & ~0 << UInt64(value)
        return rest == 0 ? nil : rest.trailingZeroBitCount
    }

    /// In ascending order.
    var values: [Int] { (0..<64).filter(contains) }

    func isFull(_ kind: CronFieldKind) -> Bool { kind.range.allSatisfy(contains) }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

// How the values of a field lie, which decides what to call them.
extension CronField {
    /// Values at equal distances.
    struct Steps: Equatable {
        let first: Int
        let last: Int
        let distance: Int
        /// Whether the last of a minute, an hour or a day is followed by the next one's first at the same distance.
        let isEndless: Bool
    }

    /// Nil for values without gaps, and for fewer than `count`, which are better listed.
    func steps(_ kind: CronFieldKind, ofAtLeast count: Int = 4) -> Steps? {
        Self.steps(values, cycle: kind.cycle, ofAtLeast: count)
    }

    static func steps(_ values: [Int], cycle: Int, ofAtLeast count: Int = 4) -> Steps? {
        guard values.count >= max(count, 2), let first = values.first, let last = values.last else { return nil }
        let distance = values[1] - first
        guard distance > 1, zip(values, values.dropFirst()).allSatisfy({ $1 - $0 == distance }) else { return nil }
        return Steps(
            first: first, last: last, distance: distance, isEndless: first + cycle - last == distance)
    }

    /// Maximal stretches of successive values.
    /// - Parameter goesRound: whether the lowest value follows the highest, as January does December.
    func runs(_ kind: CronFieldKind, goesRound: Bool = false) -> [[Int]] {
        var runs = Self.runs(values.filter(kind.range.contains))
        if goesRound, runs.count > 1, runs[0].first == kind.range.lowerBound,
            runs[runs.count - 1].last == kind.range.upperBound
        {
            let lowest = runs.removeFirst()
            runs[runs.count - 1] += lowest
        }
        return runs
    }

    static func runs(_ values: [Int]) -> [[Int]] {
        var runs: [[Int]] = []
        for value in values {
            if let last = runs.last?.last, last + 1 == value {
                runs[runs.count - 1].append(value)
            } else {
                runs.append([value])
            }
        }
        return runs
    }
}

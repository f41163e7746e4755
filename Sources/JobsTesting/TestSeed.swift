// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation

/// What the random input of a test begins with: LAMPLIGHTER_TEST_SEED, else another number in each run. A test takes it
/// as its argument (`@Test(..., arguments: [TestSeed()])`), because each issue of a test is printed with its arguments,
/// an error that it throws included.
public struct TestSeed: Sendable, CustomStringConvertible {
    private static let variable = "LAMPLIGHTER_TEST_SEED"

    public let value: UInt64

    public init() {
        guard let given = ProcessInfo.processInfo.environment[Self.variable] else {
            value = .random(in: 0...UInt64.max)
            return
        }
        guard let number = UInt64(given) else { fatalError("\(Self.variable) is no number: \(given)") }
        value = number
    }

    public var generator: SeededGenerator { SeededGenerator(seed: value) }

    /// What repeats the test's input: the variable with its value.
    public var description: String { "\(Self.variable)=\(value)" }
}

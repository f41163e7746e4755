// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation

/// SplitMix64: the same numbers for the same seed, on every machine.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// What the random input of a test begins with: LAMPLIGHTER_TEST_SEED, else another number in each run. A test takes it
/// as its argument (`@Test(..., arguments: [TestSeed()])`), because each issue of a test is printed with its arguments,
/// an error that it throws included.
public struct TestSeed: Sendable, CustomStringConvertible {
    private static let variable = "LAMPLIGHTER_TEST_SEED"

    public let value: UInt64

    public init() {
        value = ProcessInfo.processInfo.environment[Self.variable].flatMap(UInt64.init) ?? .random(in: 0...UInt64.max)
    }

    public var generator: SeededGenerator { SeededGenerator(seed: value) }

    /// What repeats the test's input: the variable with its value.
    public var description: String { "\(Self.variable)=\(value)" }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsSimulation

/// `lamplighter-sim --seeds N [--first SEED]` runs many seeds; `lamplighter-sim --seed SEED` replays one, with a trace.
@main
enum LamplighterSim {
    static func main() throws {
        guard let options = Options(CommandLine.arguments.dropFirst()) else {
            FileHandle.standardError.write(Data(Options.usage.utf8))
            exit(64)
        }
        let hasFailed = try options.replay.map(replay) ?? runMany(options)
        exit(hasFailed ? 1 : 0)
    }

    private static func replay(_ seed: UInt64) throws -> Bool {
        let report = try Simulator().run(seed: seed, tracing: true)
        for line in report.trace { print(line) }
        print(report.summary)
        return report.violation != nil
    }

    private static func runMany(_ options: Options) throws -> Bool {
        let begin = ContinuousClock.now
        let outcome = try SeedRange(first: options.first, count: options.count).run(threads: options.threads)
        let took = ContinuousClock.now - begin
        for report in outcome.failures.prefix(options.shown) {
            print(report.summary)
            print("  replay: make sim SEED=\(report.seed)")
        }
        print(
            "\(outcome.seeds) seeds, \(outcome.steps) steps, \(outcome.runs) runs, \(outcome.servers) servers,"
                + " \(outcome.failures.count) failures, \(took.formatted(.units(allowed: [.seconds])))")
        guard let first = outcome.failures.first else { return false }
        return try replay(first.seed)
    }
}

struct Options {
    var replay: UInt64?
    var first: UInt64 = 1
    var count = 10_000
    var threads = ProcessInfo.processInfo.activeProcessorCount
    var shown = 10

    static let usage = """
        Usage: lamplighter-sim [--seeds N] [--first SEED] [--threads N] [--shown N]
               lamplighter-sim --seed SEED
        Runs the engine through N seeds of injected faults, or through one, with a trace. All values are whole numbers.

        """

    /// nil: they are not understood.
    init?(_ arguments: ArraySlice<String>) {
        var rest = arguments
        while let name = rest.popFirst() {
            guard let text = rest.popFirst(), let number = UInt64(text), number <= Int.max else { return nil }
            switch name {
            case "--seed": replay = number
            case "--first": first = number
            case "--seeds": count = Int(number)
            case "--threads": threads = max(1, Int(number))
            case "--shown": shown = Int(number)
            default: return nil
            }
        }
    }
}

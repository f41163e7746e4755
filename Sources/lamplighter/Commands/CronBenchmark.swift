// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import QuartzCron

/// `lamplighter cron --batch FILE --measure`, for `make bench`: how long the next fire times of 10,000 schedules take.
struct CronBenchmark {
    /// `10000 next fire times: 5.612 ms`, of the best of 100 passes.
    let line: String

    /// - Parameter text: a batch file, the schedules of which are repeated. Those at fault are left out.
    init(_ text: String) {
        let queries = CronBatch(text, count: 0).compactMap { try? $0.line.get().query }
        guard !queries.isEmpty else {
            line = "no schedules"
            return
        }
        let schedules = (0..<10_000).map { queries[$0 % queries.count] }
        let clock = ContinuousClock()
        let best = (0..<100).map { _ in
            clock.measure {
                for schedule in schedules {
                    blackHole(schedule.expression.nextFireTime(after: schedule.after, in: schedule.zone))
                }
            }
        }.min()
        let microseconds = ((best ?? .zero) / .microseconds(1)).rounded()
        line = "\(schedules.count) next fire times: \(microseconds / 1000) ms"
    }
}

/// Keeps the compiler from dropping what is only measured.
@inline(never)
private func blackHole(_ value: Int64?) {}

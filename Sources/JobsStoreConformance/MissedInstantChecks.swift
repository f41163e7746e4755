// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    /// All instants from a second to just before another.
    private static func span(_ first: Int64, before end: Int64) -> MissedInstants {
        MissedInstants(
            first: at(seconds: first), through: Timestamp(milliseconds: at(seconds: end).milliseconds - 1))
    }

    private static func span(_ first: Int64, through last: Int64) -> MissedInstants {
        MissedInstants(first: at(seconds: first), through: at(seconds: last))
    }

    static let missedInstantChecks: [StoreCheck] = [
        StoreCheck("E7: of what was missed while nobody watched the newest fires if it is recent; the rest is recorded")
        {
            store in
            let job = try await store.createJob(.scheduled("0/10 * * * * ?"), by: "a", at: t0)
            let pass = try await fire(at: 45, since: 44, in: store)
            try checkEqual(pass.firings.map(\.fireTime), [at(seconds: 40)], "firings")
            try checkEqual(
                pass.misfires,
                [
                    Misfire(
                        jobID: job, schedule: try schedule("0/10 * * * * ?"), missed: span(10, before: 40),
                        madeUpFor: at(seconds: 40))
                ], "misfires")
            try checkEqual(
                try await store.trigger(of: job),
                TriggerView(mark: at(seconds: 40), nextFireTime: at(seconds: 50), missed: [span(10, before: 40)]),
                "the trigger")
            try checkEqual(try await fire(at: 45, since: 44, in: store), FirePass(), "again")
        },
        StoreCheck("E7: what was missed longer ago than the grace period is recorded, and not run") { store in
            // Every hour: first at second 2800.
            let job = try await store.createJob(.scheduled("0 0 * * * ?"), by: "a", at: t0)
            let pass = try await fire(at: 2861, since: 2861, in: store)
            try checkEqual(pass.firings, [], "firings")
            try checkEqual(pass.misfires.map(\.missed), [span(2800, through: 2861)], "missed")
            try checkEqual(pass.misfires.map(\.madeUpFor), [nil], "made up for")
            try checkEqual(
                try await store.trigger(of: job),
                TriggerView(
                    mark: at(seconds: 2861), nextFireTime: at(seconds: 6400), missed: [span(2800, through: 2861)]),
                "the trigger")
            try checkEqual(try await store.activeRuns(), [], "runs")
        },
        StoreCheck("the newest hundred of what was missed are shown, newest first") { store in
            let job = try await store.createJob(.scheduled("0/10 * * * * ?"), by: "a", at: t0)
            let seconds = (1...102).map { Int64($0) * 100 }
            for second in seconds { _ = try await fire(at: second, since: second, in: store) }
            let expected = seconds.suffix(100).reversed().map { second in span(second - 90, before: second) }
            try checkEqual(try await store.trigger(of: job)?.missed, expected, "missed")
        },
        StoreCheck("E7: a paused schedule fires nothing, and unpausing does not make up") { store in
            let job = try await store.createJob(.scheduled("0/10 * * * * ?", paused: true), by: "a", at: t0)
            try checkEqual(try await fire(at: 60, in: store), FirePass(), "while paused")
            try await store.changeSettings(of: job, at: at(seconds: 65)) { _ in .scheduled("0/10 * * * * ?") }
            try checkEqual(try await fire(at: 65, in: store), FirePass(), "when unpaused")
            try checkEqual(
                try await store.trigger(of: job),
                TriggerView(mark: at(seconds: 65), nextFireTime: at(seconds: 70), missed: []), "the trigger")
        },
        StoreCheck("E7: a changed schedule takes effect at once; other changes leave it alone, and what is due") {
            store in
            let job = try await store.createJob(.scheduled("0 0 * * * ?"), by: "a", at: t0)
            try await store.changeSettings(of: job, at: at(seconds: 15)) { _ in .scheduled("0/10 * * * * ?") }
            let changed = TriggerView(mark: at(seconds: 15), nextFireTime: at(seconds: 20), missed: [])
            try checkEqual(try await store.trigger(of: job), changed, "after the change")
            try await change(job, at: at(seconds: 25), in: store) { $0.name = "renamed" }
            try checkEqual(try await store.trigger(of: job), changed, "after another change")
            let firings = try await fire(at: 25, in: store).firings
            try checkEqual(firings.map(\.fireTime), [at(seconds: 20)], "firings")
            try checkEqual(try await store.run(firings[0].runID)?.runName, "renamed", "run_name")
        },
        StoreCheck(
            "E7: instants with which nobody has dealt when a schedule is changed or paused are recorded as missed"
        ) {
            store in
            for (next, paused) in [("0 0 * * * ?", false), ("0/10 * * * * ?", true)] {
                let job = try await store.createJob(.scheduled("0/10 * * * * ?"), by: "a", at: t0)
                try await store.changeSettings(of: job, at: at(seconds: 25)) { _ in .scheduled(next, paused: paused) }
                try checkEqual(try await fire(at: 25, in: store).firings, [], "firings")
                // Of a paused schedule nothing is shown until it is unpaused.
                try await store.changeSettings(of: job, at: at(seconds: 25)) { _ in .scheduled(next) }
                try checkEqual(
                    try await store.trigger(of: job)?.missed, [span(10, through: 25)], "missed before \(next)")
            }
        },
    ]

    private static func schedule(_ expression: String) throws -> FireTimeSchedule {
        try found(FireTimeSchedule(expression: expression, timezoneID: "UTC"), "schedule")
    }
}

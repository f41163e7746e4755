// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CoreMetrics
import Synchronization

/// One name with one set of labels.
protocol Series: AnyObject, Sendable {
    /// Its lines. `labels` without braces; empty: none.
    func text(name: String, labels: String) -> String
}

private func line(_ name: String, _ labels: String, _ value: Double) -> String {
    let shown = value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    return labels.isEmpty ? "\(name) \(shown)\n" : "\(name){\(labels)} \(shown)\n"
}

/// Only ever grows.
final class CounterSeries: Series, CounterHandler {
    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) { value.add(amount, ordering: .relaxed) }

    func reset() { value.store(0, ordering: .relaxed) }

    func text(name: String, labels: String) -> String { line(name, labels, Double(value.load(ordering: .relaxed))) }
}

/// Goes up and down.
final class GaugeSeries: Series, MeterHandler, RecorderHandler {
    private let value = Mutex(0.0)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    func text(name: String, labels: String) -> String { line(name, labels, value.withLock { $0 }) }
}

/// How many values lie in which range.
final class HistogramSeries: Series, RecorderHandler, TimerHandler {
    private struct Counts {
        /// One more than there are bounds: the last is above them all.
        var perBucket: [Int64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let counts: Mutex<Counts>

    init(buckets: [Double]) {
        bounds = buckets
        counts = Mutex(Counts(perBucket: Array(repeating: 0, count: buckets.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        counts.withLock { counts in
            counts.perBucket[bucket] += 1
            counts.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func text(name: String, labels: String) -> String {
        let counts = counts.withLock { $0 }
        let prefix = labels.isEmpty ? "" : labels + ","
        var total: Int64 = 0
        var text = ""
        for (index, count) in counts.perBucket.enumerated() {
            total += count
            let bound = index < bounds.count ? "\(bounds[index])" : "+Inf"
            text += line(name + "_bucket", prefix + "le=\"\(bound)\"", Double(total))
        }
        return text + line(name + "_sum", labels, counts.sum) + line(name + "_count", labels, Double(total))
    }
}

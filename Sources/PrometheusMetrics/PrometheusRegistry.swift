// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CoreMetrics
import Synchronization

/// Keeps what the program counts through swift-metrics, and writes it down as Prometheus wants to read it.
///
/// A label becomes a name as it is; timers are in seconds; an aggregating recorder is a histogram, another one a gauge.
///
/// Written by hand: swift-prometheus 2.3 writes no HELP lines for metrics that are made through swift-metrics, and ends
/// the program when one name is used for two kinds of metric.
public final class PrometheusRegistry: MetricsFactory {
    private let descriptions: [String: MetricDescription]
    private let families = Mutex<[String: Family]>([:])

    /// - Parameter descriptions: of the metrics that are to be counted; others are written without a help text.
    public init(_ descriptions: [MetricDescription]) {
        self.descriptions = Dictionary(descriptions.map { ($0.name, $0) }) { first, _ in first }
    }

    /// All metrics in the text format 0.0.4, by name.
    public var text: String {
        families.withLock { families in
            families.sorted { $0.key < $1.key }.map { name, family in
                family.text(name: name, help: descriptions[name]?.help)
            }.joined()
        }
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter, CounterSeries.init)
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge, GaugeSeries.init)
    }

    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate { return histogram(label, dimensions) }
        return series(label, dimensions, .gauge, GaugeSeries.init)
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions)
    }

    // Series outlive their handles: they last until the process ends.
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func histogram(_ label: String, _ dimensions: [(String, String)]) -> HistogramSeries {
        let buckets = descriptions[label]?.buckets ?? MetricDescription.seconds
        return series(label, dimensions, .histogram) { HistogramSeries(buckets: buckets) }
    }

    /// The series of a name and labels; made when it is asked for first. Two kinds under one name are a mistake of the
    /// program: the second is counted, and not written.
    private func series<S: Series>(
        _ name: String, _ dimensions: [(String, String)], _ kind: Family.Kind, _ make: () -> S
    ) -> S {
        let labels = Labels(dimensions).text
        return families.withLock { families in
            var family = families[name] ?? Family(kind: kind)
            if let known = family.series[labels] { return known as? S ?? make() }
            let made = make()
            if family.kind == kind { family.series[labels] = made }
            families[name] = family
            return made
        }
    }
}

/// All series of one name.
struct Family {
    enum Kind: String {
        case counter, gauge, histogram
    }

    let kind: Kind
    /// By the text of their labels.
    var series: [String: any Series] = [:]

    func text(name: String, help: String?) -> String {
        let help = help.map { "# HELP \(name) \($0)\n" } ?? ""
        return help + "# TYPE \(name) \(kind.rawValue)\n"
            + series.sorted { $0.key < $1.key }.map { $1.text(name: name, labels: $0) }.joined()
    }
}

/// `a="b",c="d"`.
struct Labels {
    let text: String

    init(_ dimensions: [(String, String)]) {
        text = dimensions.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
    }

    private static func escaped(_ value: String) -> String {
        guard value.contains(where: { "\\\"\n".contains($0) }) else { return value }
        return value.reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
    }
}

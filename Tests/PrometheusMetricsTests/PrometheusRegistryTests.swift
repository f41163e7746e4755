// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CoreMetrics
import PrometheusMetrics
import Testing

@Suite("/metrics")
struct PrometheusRegistryTests {
    private let registry = PrometheusRegistry([
        MetricDescription("runs", "Runs that ended."),
        MetricDescription("batch", "Commands in a commit.", buckets: [1, 10]),
        MetricDescription("lateness", "How late.", buckets: [0.5, 1]),
    ])

    @Test("counters, gauges and histograms in the text format, by name and labels")
    func text() {
        Counter(label: "runs", dimensions: [("result", "SUCCESS")], factory: registry).increment(by: 2)
        Counter(label: "runs", dimensions: [("result", "FAILED")], factory: registry).increment()
        Counter(label: "runs", dimensions: [("result", "SUCCESS")], factory: registry).increment()
        Meter(label: "open", factory: registry).set(7.5)
        let batch = Recorder(label: "batch", factory: registry)
        for value in [1, 2, 10, 11] { batch.record(value) }
        Timer(label: "lateness", factory: registry).recordMilliseconds(750)
        #expect(
            registry.text == """
                # HELP batch Commands in a commit.
                # TYPE batch histogram
                batch_bucket{le="1.0"} 1
                batch_bucket{le="10.0"} 3
                batch_bucket{le="+Inf"} 4
                batch_sum 24
                batch_count 4
                # HELP lateness How late.
                # TYPE lateness histogram
                lateness_bucket{le="0.5"} 0
                lateness_bucket{le="1.0"} 1
                lateness_bucket{le="+Inf"} 1
                lateness_sum 0.75
                lateness_count 1
                # TYPE open gauge
                open 7.5
                # HELP runs Runs that ended.
                # TYPE runs counter
                runs{result="FAILED"} 1
                runs{result="SUCCESS"} 3

                """)
    }

    @Test("labels cannot break the format")
    func labels() {
        Counter(label: "c", dimensions: [("path", "a\"b\\c\nd")], factory: registry).increment()
        #expect(registry.text == "# TYPE c counter\nc{path=\"a\\\"b\\\\c\\nd\"} 1\n")
    }

    @Test("a thousand who count at once lose nothing")
    func race() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<1000 {
                group.addTask {
                    Counter(label: "n", factory: registry).increment()
                    Timer(label: "lateness", factory: registry).recordSeconds(2)
                }
            }
        }
        #expect(registry.text.contains("\nn 1000\n"))
        #expect(registry.text.contains("lateness_bucket{le=\"+Inf\"} 1000\n"))
    }
}

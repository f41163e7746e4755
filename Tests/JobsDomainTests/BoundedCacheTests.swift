// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsTesting
import Testing

@Suite("A bounded cache")
struct BoundedCacheTests {
    @Test("keeps what is asked for again and again, however many others pass through")
    func scan() {
        let cache = BoundedCache<Int, String>(limit: 10)
        cache.insert("kept", for: -1)
        for key in 0..<1000 {
            cache.insert("\(key)", for: key)
            #expect(cache.value(-1) == "kept")
        }
        #expect(cache.value(0) == nil)
        #expect(cache.value(999) == "999")
    }

    @Test("never costs more than two generations, and gives back what was inserted last", arguments: [TestSeed()])
    func bounds(_ seed: TestSeed) {
        var random = seed.generator
        let cache = BoundedCache<Int, Int>(limit: 50)
        var inserted: [Int: (value: Int, cost: Int)] = [:]
        for step in 0..<3000 {
            let key = Int.random(in: 0..<40, using: &random)
            if Bool.random(using: &random) {
                let cost = Int.random(in: 1...60, using: &random)
                cache.insert(step, for: key, cost: cost)
                inserted[key] = (step, cost)
            } else if let value = cache.value(key) {
                #expect(value == inserted[key]?.value)
            }
        }
        // What is there now, without asking for it in between: asking moves entries.
        let there = inserted.filter { cache.value($0.key) != nil }
        #expect(there.values.allSatisfy { $0.cost <= 50 })
        #expect(there.values.reduce(0) { $0 + $1.cost } <= 100)
    }

    @Test("an entry that costs more than a generation is not kept, and an older one of its key is gone")
    func tooLarge() {
        let cache = BoundedCache<Int, String>(limit: 10)
        cache.insert("small", for: 1)
        cache.insert("large", for: 1, cost: 11)
        #expect(cache.value(1) == nil)
        cache.insert("small", for: 1)
        cache.removeAll()
        #expect(cache.value(1) == nil)
    }
}

@Suite("C9: jobs that run jobs")
struct JobGraphTests {
    @Test(
        "a circle is found however long and wherever ways fork, and only one that leads back to the job",
        arguments: [
            ([1: [2]], 1, 2, nil), ([1: [], 2: [1]], 1, 2, [1, 2, 1]), ([:], 1, 1, [1, 1]),
            ([2: [3, 4], 4: [1]], 1, 2, [1, 2, 4, 1]), ([2: [3], 3: [2]], 1, 2, nil),
            ([2: [3], 3: [4], 4: [5], 5: [1]], 1, 2, [1, 2, 3, 4, 5, 1]),
        ] as [([Int64: [Int64]], Int64, Int64, [Int64]?)])
    func circles(_ edges: [Int64: [Int64]], _ job: Int64, _ target: Int64, _ circle: [Int64]?) {
        let found = JobGraph.circle(of: JobID(job), running: JobID(target)) { job in
            (edges[job.rawValue] ?? []).map { JobID($0) }
        }
        #expect(found?.map(\.rawValue) == circle)
    }

    @Test("nobody refers to a job that does not exist yet")
    func newJob() { #expect(JobGraph.circle(of: nil, running: JobID(1)) { _ in [JobID(1)] } == nil) }
}

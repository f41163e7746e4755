// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsClient
import JobsJSON
import JobsServerTesting
import JobsTesting
import Testing

@Suite("E8: kill -9 of the server", .serialized)
struct CrashTests {
    @Test(
        "while ten runs run, at random moments: every run reaches its true end, none ran twice, none is lost",
        arguments: [TestSeed()])
    func tenRuns(_ seed: TestSeed) async throws {
        var generator = seed.generator
        var end = try await EndToEnd()
        // Each task leaves one line when it starts and one when it ends; an odd one fails.
        let marks = end.directory.path + "/marks"
        try FileManager.default.createDirectory(atPath: marks, withIntermediateDirectories: true)
        let job = try await end.job(
            python: """
                import os, sys, time
                number = int(sys.argv[1])
                with open(os.path.join(sys.argv[2], str(number)), "a") as f: f.write("started\\n")
                time.sleep(0.5 + number * 0.3)
                with open(os.path.join(sys.argv[2], str(number)), "a") as f: f.write("ended\\n")
                print("result", number)
                if number % 2: raise ValueError(f"odd {number}")
                """, more: ",\"max_concurrent_runs\":100")
        var runs: [Int: Int64] = [:]
        for number in 0..<10 {
            runs[number] = try await end.runNow(
                job, ",\"python_params\":[\"\(number)\",\"\(marks)\"],\"idempotency_token\":\"run \(number)\"")
        }
        // The first kill may hit runs that are not launched yet; the later ones, launched ones and ended ones.
        for round in 0..<5 {
            try await Task.sleep(for: .milliseconds(Int.random(in: 5...(200 + 250 * round), using: &generator)))
            end.server.kill()
            end = try await EndToEnd(after: end)
        }
        for number in 0..<10 {
            let run = try #require(runs[number])
            let state = try await end.client.ended(run)
            #expect(state["state", "life_cycle_state"] == .string("TERMINATED"), "\(state.text)")
            #expect(state["state", "result_state"] == .string(number % 2 == 0 ? "SUCCESS" : "FAILED"))
            if number % 2 == 1 { #expect(state["state", "state_message"] == .string("ValueError: odd \(number)")) }
            #expect(try await end.logs(of: run).contains("result \(number)"))
            let mark = try String(contentsOfFile: marks + "/\(number)", encoding: .utf8)
            #expect(mark == "started\nended\n", "run \(number) ran another number of times than once")
            // A repeated request still finds its run.
            let again = try await end.runNow(
                job, ",\"python_params\":[\"\(number)\",\"\(marks)\"],\"idempotency_token\":\"run \(number)\"")
            #expect(again == run)
        }
        let list = try await end.get("jobs/runs/list?limit=0")
        #expect(list["runs"]?.arrayValue?.count == 10)
        end.server.stop()
    }

    @Test("during the installation of libraries and in the middle of a Spark cluster's start the run is taken up too")
    func duringPreparation() async throws {
        var end = try await EndToEnd()
        let run = try await end.submit(
            python: "print(spark.range(10).count())",
            cluster: #""new_cluster":{"spark_version":"x","num_workers":1,"node_type_id":"n"}"#,
            more: #","libraries":[{"pypi":{"package":"six"}}]"#)
        for delay in [400, 1200] {
            try await Task.sleep(for: .milliseconds(delay))
            end.server.kill()
            end = try await EndToEnd(after: end)
        }
        let state = try await end.client.ended(run)
        let outputText = try await end.output(of: run).text
        #expect(state["state", "result_state"] == .string("SUCCESS"), "\(outputText)")
        #expect(try await end.logs(of: run).hasPrefix("10\n"))
        #expect(processes(marked: end.directory.path + "/data/runs").isEmpty)
        end.server.stop()
    }

    @Test("SIGTERM stops the server gracefully; tasks go on and are picked up at the next start")
    func graceful() async throws {
        var end = try await EndToEnd()
        let run = try await end.submit(python: "import time\ntime.sleep(2)\nprint('went on')")
        try await end.reaches("RUNNING", run)
        end.server.stop()
        end = try await EndToEnd(after: end)
        let state = try await end.client.ended(run)
        #expect(state["state", "result_state"] == .string("SUCCESS"))
        #expect(try await end.logs(of: run) == "went on\n")
        end.server.stop()
    }

    @Test("a second server on the same data refuses to start")
    func secondServer() async throws {
        let end = try await EndToEnd()
        #expect(throws: NeverHappened.self) {
            try execute(ServerProcess.programs + "/lamplighter", ["serve", "--data", end.server.data, "--port", "0"])
        }
        #expect(try await end.get("jobs/list").status == 200)
        end.server.stop()
    }
}

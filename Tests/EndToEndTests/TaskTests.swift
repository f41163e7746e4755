// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsClient
import JobsJSON
import JobsServerTesting
import JobsTesting
import Testing

@Suite("Tasks with real processes")
struct TaskTests {
    @Test("cancelling a task that starts grandchildren and ignores TERM leaves no process behind")
    func cancelStubbornTree() async throws {
        let end = try await EndToEnd(arguments: ["--grace-period-seconds", "1"])
        let marker = UUID().uuidString
        let run = try await end.submit(
            python: """
                import os, signal, subprocess, sys, time
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                os.environ["MARKER"] = "\(marker)"
                stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
                subprocess.Popen([sys.executable, "-c", stubborn])
                subprocess.Popen([sys.executable, "-c", stubborn], start_new_session=True)
                # A daemon: its parent ends at once, so that it belongs to nobody.
                subprocess.run(["sh", "-c", "setsid setsid sleep 600 & exit 0"])
                print("ready", flush=True)
                time.sleep(600)
                """)
        _ = try await eventually("the tree") { try await end.logs(of: run).contains("ready") ? true : nil }
        _ = try await eventually("the daemon") { processes(marked: marker).count >= 3 ? true : nil }
        let started = ContinuousClock.now
        _ = try await end.post("jobs/runs/cancel", "{\"run_id\":\(run)}")
        let state = try await end.client.ended(run)
        #expect(state["state", "result_state"] == .string("CANCELED"))
        #expect(state["state", "user_cancelled_or_timedout"] == .bool(true))
        #expect(processes(marked: marker).isEmpty)
        #expect(ContinuousClock.now - started < .seconds(30))
        end.server.stop()
    }

    @Test("a timeout ends a running task; timeout_seconds of a reset reaches it")
    func timeout() async throws {
        let end = try await EndToEnd()
        let job = try await end.job(python: "import time\ntime.sleep(600)")
        let run = try await end.runNow(job)
        try await end.reaches("RUNNING", run)
        _ = try await end.post("jobs/update", "{\"job_id\":\(job),\"new_settings\":{\"timeout_seconds\":1}}")
        let state = try await end.client.ended(run)
        #expect(state["state", "result_state"] == .string("TIMEDOUT"))
        end.server.stop()
    }

    @Test("a task that ended in time has its result, though what it left behind outlives the timeout")
    func endedInTime() async throws {
        let end = try await EndToEnd()
        let mark = end.directory.path + "/supervisor"
        // What is left behind stops the supervisor when that asks it to end: so it is there for as long as the test wants.
        let job = try await end.job(
            python: """
                import os, signal, time
                reading, writing = os.pipe()
                if os.fork() == 0:
                    def asked(*_):
                        supervisor = os.getppid()
                        os.kill(supervisor, signal.SIGSTOP)
                        with open("\(mark).new", "w") as file: file.write(str(supervisor))
                        os.rename("\(mark).new", "\(mark)")
                        os._exit(0)
                    signal.signal(signal.SIGTERM, asked)
                    os.write(writing, b"x")
                    while True: time.sleep(600)
                os.read(reading, 1)
                raise ValueError("its own end")
                """)
        let run = try await end.runNow(job)
        let supervisor = try await eventually("the end of the main process") {
            (try? String(contentsOfFile: mark, encoding: .utf8)).flatMap(Int32.init)
        }
        defer { kill(supervisor, SIGCONT) }
        let start = try #require(try await end.get("jobs/runs/get?run_id=\(run)")["start_time"]?.integerValue)
        let seconds = (Int64(Date().timeIntervalSince1970 * 1000) - start) / 1000 + 1
        _ = try await end.post(
            "jobs/update", "{\"job_id\":\(job),\"new_settings\":{\"timeout_seconds\":\(seconds)}}")
        // Its time is over later: then the other one's was looked at.
        let other = try await end.submit(python: "import time\ntime.sleep(600)", more: ",\"timeout_seconds\":2")
        #expect(try await end.client.ended(other)["state", "result_state"] == .string("TIMEDOUT"))
        #expect(try await end.state(of: run) == "RUNNING")
        kill(supervisor, SIGCONT)
        let ended = try await end.client.ended(run)
        #expect(ended["state", "result_state"] == .string("FAILED"), "\(ended.text)")
        #expect(ended["state", "state_message"] == .string("ValueError: its own end"))
        let duration = try ["setup_duration", "execution_duration"].map { try #require(ended[$0]?.integerValue) }
        #expect(duration[0] + duration[1] <= seconds * 1000)
        end.server.stop()
    }

    @Test("a shell command finds DBFS at /dbfs, a directory of its own at /databricks, and its variables")
    func shellCommand() async throws {
        let end = try await EndToEnd()
        try await end.client.upload("of DBFS", to: "/tests/in.txt")
        let answer = try await end.post(
            "jobs/runs/submit",
            #"""
            {"existing_cluster_id": "default", "shell_command_task": {
                "command": ["bash", "-c", "cat /dbfs/tests/in.txt; touch /databricks/x; echo $A > /dbfs/tests/out; exit 3"],
                "env_vars": {"A": "b c"}}}
            """#)
        let run = try #require(answer["run_id"]?.integerValue)
        let state = try await end.client.ended(run)
        #expect(state["state", "result_state"] == .string("FAILED"))
        #expect(state["state", "state_message"] == .string("The task ended with exit code 3."))
        #expect(state["task", "shell_command_task", "env_vars", "A"] == .string("b c"))
        #expect(try await end.logs(of: run) == "of DBFS")
        let written = try await end.get("dbfs/read?path=/tests/out")
        #expect(written["data"] == .string("YiBjCg=="))
        end.server.stop()
    }

    @Test("a failing task is tried again, and says why it failed")
    func retry() async throws {
        let end = try await EndToEnd()
        let job = try await end.job(
            python: """
                import sys
                print("attempt", sys.argv[1])
                if sys.argv[1] == "0":
                    def deep(): raise KeyError("missing")
                    deep()
                """, more: ",\"max_retries\":1")
        let first = try await end.runNow(job, ",\"python_params\":[\"{{task_retry_count}}\"]")
        let failed = try await end.client.ended(first)
        #expect(failed["state", "state_message"] == .string("KeyError: 'missing'"))
        let output = try await end.output(of: first)
        #expect(output["error"] == .string("KeyError: 'missing'"))
        #expect(output["error_trace"]?.stringValue?.contains("in deep") == true)
        let retry = try await eventually("the retry") {
            let runs = try await end.get("jobs/runs/list?job_id=\(job)")["runs"]?.arrayValue
            return runs?.first { $0["attempt_number"] == .integer(1) }?["run_id"]?.integerValue
        }
        let succeeded = try await end.client.ended(retry)
        #expect(succeeded["state", "result_state"] == .string("SUCCESS"))
        #expect(succeeded["trigger"] == .string("RETRY"))
        #expect(succeeded["original_attempt_run_id"] == .integer(first))
        #expect(try await end.logs(of: retry) == "attempt 1\n")
        end.server.stop()
    }

    @Test("what a task prints is bounded: get-output gives the first 5 MB, the disk keeps the cap")
    func outputCap() async throws {
        let end = try await EndToEnd(arguments: ["--output-cap-mib", "6"])
        let run = try await end.submit(
            python: "for i in range(1500000): print('%07d %s' % (i, 'x' * 12))\nraise SystemExit('the end')")
        let state = try await end.client.ended(run)
        #expect(state["state", "result_state"] == .string("FAILED"))
        let output = try await end.output(of: run)
        #expect(output["logs_truncated"] == .bool(true))
        #expect(output["logs"]?.stringValue?.hasPrefix("0000000 x") == true)
        #expect((output["logs"]?.stringValue?.utf8.count ?? 0) <= 5 * 1024 * 1024)
        let used = try execute("du", ["-sk", end.server.data + "/runs"]).split(separator: "\t")[0]
        #expect(try #require(Int(used)) < 11 * 1024)
        end.server.stop()
    }

    @Test("runs on a cluster that does not exist, and of files that do not, end with the reason")
    func internalErrors() async throws {
        let end = try await EndToEnd()
        let noCluster = try await end.submit(python: "", cluster: #""existing_cluster_id":"1201-my-cluster""#)
        let state = try await end.client.ended(noCluster)
        #expect(state["state", "life_cycle_state"] == .string("INTERNAL_ERROR"))
        #expect(
            state["state", "state_message"]
                == .string(
                    "Run executed on existing cluster ID 1201-my-cluster failed since the cluster does not exist."))
        let noFile = try await end.post(
            "jobs/runs/submit",
            #"{"existing_cluster_id":"default","spark_python_task":{"python_file":"dbfs:/none.py"}}"#)
        let missing = try await end.client.ended(try #require(noFile["run_id"]?.integerValue))
        #expect(missing["state", "life_cycle_state"] == .string("INTERNAL_ERROR"))
        #expect(missing["state", "state_message"]?.stringValue?.contains("dbfs:/none.py") == true)
        end.server.stop()
    }

    @Test("64 clients creating runs: no lost answer, no doubled number_in_job")
    func manyClients() async throws {
        let end = try await EndToEnd()
        let job = try await end.job(python: "", more: ",\"max_concurrent_runs\":0")
        let numbers = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for _ in 0..<64 {
                group.addTask {
                    var numbers: [Int64] = []
                    for _ in 0..<10 {
                        let answer = try await end.post("jobs/run-now", "{\"job_id\":\(job)}")
                        numbers.append(try #require(answer["number_in_job"]?.integerValue))
                    }
                    return numbers
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(numbers.sorted() == Array(1...640))
        end.server.stop()
    }

    /// Behind a proxy, `prepare.py` fetches what the server fetches otherwise.
    @Test(
        "S3: the Python file comes from an S3 service; a missing key is named",
        arguments: [[:], ["HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1"]])
    func s3(_ environment: [String: String]) async throws {
        let moto = try MotoServer(
            bucket: "code", objects: ["jobs/hello.py": "import sys\nprint('from s3', sys.argv[1])"])
        let end = try await EndToEnd(
            arguments: [
                "--s3-endpoint", moto.url, "--s3-region", "us-east-1", "--s3-access-key-id", "test",
                "--s3-secret-access-key", "test",
            ], environment: environment)
        let run = try await end.post(
            "jobs/runs/submit",
            #"{"existing_cluster_id":"default","spark_python_task":{"python_file":"s3://code/jobs/hello.py","parameters":["{{run_id}}"]}}"#
        )
        let id = try #require(run["run_id"]?.integerValue)
        let state = try await end.client.ended(id)
        #expect(state["state", "result_state"] == .string("SUCCESS"), "\(state.text)")
        #expect(try await end.logs(of: id) == "from s3 \(id)\n")
        let missing = try await end.post(
            "jobs/runs/submit",
            #"{"existing_cluster_id":"default","spark_python_task":{"python_file":"s3://code/none.py"}}"#)
        let failed = try await end.client.ended(try #require(missing["run_id"]?.integerValue))
        #expect(failed["state", "life_cycle_state"] == .string("INTERNAL_ERROR"))
        #expect(failed["state", "state_message"] == .string("s3://code/none.py does not exist"))
        #expect(failed.text.contains("\"test\"") == false)
        end.server.stop()
    }
}

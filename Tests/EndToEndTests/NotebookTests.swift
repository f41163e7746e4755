// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsClient
import JobsJSON
import JobsServerTesting
import JobsTesting
import Testing

extension EndToEnd {
    /// Writes a Python notebook.
    func importNotebook(_ cells: [String], at path: String) async throws {
        let source = "# Databricks notebook source\n" + cells.joined(separator: "\n\n# COMMAND ----------\n\n") + "\n"
        let content = Data(source.utf8).base64EncodedString()
        _ = try await post(
            "workspace/import",
            #"{"path":"\#(path)","format":"SOURCE","language":"PYTHON","overwrite":true,"content":"\#(content)"}"#)
    }

    func submit(notebook path: String, more: String = "") async throws -> Int64 {
        let answer = try await post(
            "jobs/runs/submit",
            #"{"existing_cluster_id":"default","notebook_task":{"notebook_path":"\#(path)"}\#(more)}"#)
        return try #require(answer["run_id"]?.integerValue)
    }

    /// The states of a run's cells, and what each has printed.
    func cells(of run: Int64) async throws -> [(state: String, text: String)] {
        guard case .array(let cells)? = try await get("jobs/runs/cells?run_id=\(run)")["cells"] else { return [] }
        return cells.map { cell in
            guard case .object(let cell) = cell, case .array(let outputs)? = cell["outputs"] else { return ("", "") }
            let texts = outputs.map { output in
                if case .object(let output) = output { output["text"]?.stringValue ?? "" } else { "" }
            }
            return (cell["state"]?.stringValue ?? "", texts.joined())
        }
    }

    /// Python that waits until the test opens the gate.
    static func waiting(for gate: String) -> String {
        """
        import os, time
        while not os.path.exists(os.environ["DBFS_ROOT"] + "/gates/\(gate)"): time.sleep(0.02)
        """
    }

    func open(_ gate: String) async throws { try await client.upload("", to: "/gates/\(gate)") }
}

@Suite("Notebooks with real kernels")
struct NotebookTests {
    @Test("a notebook runs cell by cell; its result, cells and export are there", arguments: ["true", "false"])
    func success(warm: String) async throws {
        let end = try await EndToEnd(arguments: ["--warm-notebooks", warm])
        try await end.importNotebook(
            ["print('one')", "x = dbutils.widgets.get('a')", "dbutils.notebook.exit(x + '!')"], at: "/success")
        let job =
            try await end.post(
                "jobs/create",
                #"""
                {"existing_cluster_id":"default",
                 "notebook_task":{"notebook_path":"/success","base_parameters":{"a":"{{run_id}}","b":"1"}}}
                """#)["job_id"]?.integerValue ?? 0
        let second = try await end.runNow(job)
        #expect(try await end.client.ended(second)["state", "result_state"] == .string("SUCCESS"))
        let output = try await end.output(of: second)
        #expect(output["notebook_output", "result"] == .string("\(second)!"))
        #expect(output["notebook_output", "truncated"] == .bool(false))
        let third = try await end.runNow(job, #","notebook_params":{"a":"given"}"#)
        #expect(try await end.client.ended(third)["state", "result_state"] == .string("SUCCESS"))
        #expect(try await end.output(of: third)["notebook_output", "result"] == .string("given!"))
        #expect(try await end.cells(of: third).map(\.text) == ["one\n", "", ""])
        for format in ["HTML", "JUPYTER", "MARKDOWN"] {
            let export = try await end.get("jobs/runs/export?run_id=\(third)&format=\(format)").text
            #expect(export.contains(format == "HTML" ? "__DATABRICKS_NOTEBOOK_MODEL" : "print('one')"), "\(format)")
        }
        end.server.stop()
    }

    @Test("a failure in cell 3 of 5 says where and why; cells before it have their output, those after it did not run")
    func failure() async throws {
        let end = try await EndToEnd()
        try await end.importNotebook(
            [
                "import sys\nprint('first', 'x' in globals(), hasattr(sys, 'seen'))\nx = sys.seen = 1",
                "print('second')", "print('third')\n1 / 0", "print('fourth')", "print('fifth')",
            ], at: "/failure")
        let run = try await end.submit(notebook: "/failure", more: #","max_retries":1"#)
        let state = try await end.client.ended(run)
        #expect(state["state", "result_state"] == .string("FAILED"))
        let output = try await end.output(of: run)
        #expect(output["error"] == .string("ZeroDivisionError: division by zero"))
        #expect(output["error_trace"]?.stringValue?.hasPrefix("Cell 3, line 2 of /failure\n") == true)
        #expect(output["notebook_output"] == nil)
        let cells = try await end.cells(of: run)
        #expect(cells.map(\.state) == ["FINISHED", "FINISHED", "FAILED", "SKIPPED", "SKIPPED"])
        #expect(cells.map(\.text) == ["first False False\n", "second\n", "third\n", "", ""])
        // The retry starts afresh, in a kernel of its own.
        let retry = run + 1
        #expect(try await end.client.ended(retry)["attempt_number"] == .integer(1))
        #expect(try await end.cells(of: retry).map(\.text) == ["first False False\n", "second\n", "third\n", "", ""])
        #expect(try await end.client.ended(retry)["state", "result_state"] == .string("FAILED"))
        end.server.stop()
    }

    @Test("a run shows its finished cells, keeps the revision it began with, and outlives the server's death")
    func runningNotebook() async throws {
        let first = try await EndToEnd()
        try await first.importNotebook(
            ["print('before')", EndToEnd.waiting(for: "go"), "dbutils.notebook.exit('old')"], at: "/long")
        let run = try await first.submit(notebook: "/long")
        _ = try await eventually("the first cell") {
            let cells = try await first.cells(of: run)
            return cells.count == 3 && cells[0].state == "FINISHED" && cells[1].state == "RUNNING" ? cells : nil
        }
        #expect(try await first.cells(of: run)[0].text == "before\n")
        #expect(try await first.state(of: run) == "RUNNING")
        try await first.importNotebook(["dbutils.notebook.exit('new')"], at: "/long")
        _ = try await first.post("workspace/delete", #"{"path":"/long"}"#)
        first.server.kill()
        let second = try await EndToEnd(after: first)
        try await second.open("go")
        #expect(try await second.client.ended(run)["state", "result_state"] == .string("SUCCESS"))
        #expect(try await second.output(of: run)["notebook_output", "result"] == .string("old"))
        second.server.stop()
    }

    @Test("notebooks run each other, pass arguments and results, and end with the one at the top")
    func children() async throws {
        let end = try await EndToEnd()
        let marker = UUID().uuidString
        try await end.importNotebook(
            ["dbutils.notebook.exit(dbutils.widgets.get('n') + dbutils.widgets.get('n'))"], at: "/leaf")
        try await end.importNotebook(
            ["dbutils.notebook.exit(dbutils.notebook.run('./leaf', 60, {'n': 'ab'}))"], at: "/caller")
        let caller = try await end.submit(notebook: "/caller")
        #expect(try await end.client.ended(caller)["state", "result_state"] == .string("SUCCESS"))
        #expect(try await end.output(of: caller)["notebook_output", "result"] == .string("abab"))

        try await end.importNotebook(
            [
                """
                import os, subprocess
                subprocess.Popen(["sleep", "600"], env={"MARKER": "\(marker)", **os.environ})
                level = int(dbutils.widgets.get("level")) if dbutils.widgets.getAll() else 0
                """,
                """
                if level < 3: dbutils.notebook.run("/deep", 0, {"level": str(level + 1)})
                """, EndToEnd.waiting(for: "never"),
            ], at: "/deep")
        let top = try await end.submit(notebook: "/deep")
        _ = try await eventually("four levels") { processes(marked: marker).count >= 4 ? true : nil }
        _ = try await end.post("jobs/runs/cancel", #"{"run_id":\#(top)}"#)
        for run in top...top + 3 {
            let state = try await end.client.ended(run)
            #expect(state["state", "result_state"] == .string("CANCELED"))
            #expect(state["run_type"] == .string(run == top ? "SUBMIT_RUN" : "WORKFLOW_RUN"))
        }
        #expect(processes(marked: marker).isEmpty)
        let list = try await end.get("jobs/runs/list?run_type=WORKFLOW_RUN&limit=20")
        guard case .array(let runs)? = list["runs"] else {
            Issue.record("no runs")
            return
        }
        #expect(runs.count == 4)
        end.server.stop()
    }

    @Test("a notebook that waits for another one does so across a restart of the server, which does not wait for it")
    func waitingAcrossRestart() async throws {
        let first = try await EndToEnd()
        try await first.importNotebook(
            [EndToEnd.waiting(for: "child"), "dbutils.notebook.exit('fine')"], at: "/child")
        try await first.importNotebook(["dbutils.notebook.exit(dbutils.notebook.run('/child', 0))"], at: "/parent")
        let run = try await first.submit(notebook: "/parent")
        // One more than its parent's: nothing else runs here.
        _ = try await eventually("the child") {
            try await first.cells(of: run + 1).first?.state == "RUNNING" ? true : nil
        }
        first.server.stop()
        let second = try await EndToEnd(after: first)
        try await second.open("child")
        #expect(try await second.client.ended(run)["state", "result_state"] == .string("SUCCESS"))
        #expect(try await second.output(of: run)["notebook_output", "result"] == .string("fine"))
        second.server.stop()
    }

    @Test("a fork server that has died is started again, and ends with a server that is killed")
    func forkServer() async throws {
        let end = try await EndToEnd()
        let socket = end.server.data + "/fork-server/socket"
        let first = try await eventually("the fork server") { Self.forkServer(socket).first }
        _ = try await eventually("its socket") { FileManager.default.fileExists(atPath: socket) ? true : nil }
        kill(first, SIGKILL)
        let second = try await eventually("another fork server") { Self.forkServer(socket).first { $0 != first } }
        end.server.kill()
        _ = try await eventually("the end of the fork server") { Self.forkServer(socket).contains(second) ? nil : true }
    }

    /// The processes that listen, or will, on the socket.
    private static func forkServer(_ socket: String) -> [Int32] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { entry in
            guard let pid = Int32(entry), let data = FileManager.default.contents(atPath: "/proc/\(entry)/cmdline")
            else { return nil }
            return String(decoding: data, as: UTF8.self).contains(socket + "\0") ? pid : nil
        }
    }

    @Test("secrets and task values; by its token a run is its user, on its own address and as long as it lives")
    func tokens() async throws {
        let end = try await EndToEnd()
        _ = try await end.post("secrets/scopes/create", #"{"scope":"s"}"#)
        _ = try await end.post("secrets/put", #"{"scope":"s","key":"k","string_value":"hidden word"}"#)
        try await end.importNotebook(
            [
                "print(dbutils.secrets.get('s', 'k'), len(dbutils.secrets.get('s', 'k')))",
                """
                dbutils.jobs.taskValues.set('v', [1])
                print(dbutils.jobs.taskValues.get('main', 'v'), dbutils.jobs.taskValues.get('main', 'w', default=2))
                """,
                """
                import os
                token = dbutils.notebook.entry_point.getDbutils().notebook().getContext().apiToken().get()
                with open(os.environ["DBFS_ROOT"] + "/token", "w") as file: file.write(token)
                """,
                EndToEnd.waiting(for: "tokens"),
            ], at: "/tokens")
        let run = try await end.submit(notebook: "/tokens")
        let token = try await eventually("the token") {
            let text = try? String(contentsOfFile: end.server.data + "/dbfs/token", encoding: .utf8)
            return text?.isEmpty == false ? text : nil
        }
        let address = try String(contentsOfFile: end.server.data + "/run-endpoint", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let calls = APIClient(baseURL: address, token: token)
        #expect(
            try await calls.post("/internal/run/secrets/list", #"{"scope":"s"}"#).text == #"{"secrets":[{"key":"k"}]}"#)
        #expect(try await calls.post("/internal/run/notebooks/wait", "{\"run_id\":\(run)}").status == 400)
        let own = try await calls.get("/api/2.0/jobs/runs/get?run_id=\(run)")
        #expect(own.status == 200 && own.text.contains(#""creator_user_name":"admin""#))
        // Only administrators may change notification destinations.
        #expect(try await calls.post("/api/2.0/notification-destinations", "{}").status == 403)
        #expect(try await calls.get("/metrics").status == 404)
        let asUser = APIClient(baseURL: end.server.baseURL, token: token)
        #expect(try await asUser.get("/api/2.0/jobs/list").status == 403)
        #expect(try await end.client.post("/internal/run/secrets/list", #"{"scope":"s"}"#).status == 404)
        let asRun = APIClient(baseURL: address, token: end.server.token)
        #expect(try await asRun.post("/internal/run/secrets/list", #"{"scope":"s"}"#).status == 403)
        try await end.open("tokens")
        #expect(try await end.client.ended(run)["state", "result_state"] == .string("SUCCESS"))
        #expect(try await end.cells(of: run)[0].text == "[REDACTED] 11\n")
        #expect(try await end.cells(of: run)[1].text == "[1] 2\n")
        #expect(try await calls.post("/internal/run/secrets/list", #"{"scope":"s"}"#).status == 403)
        #expect(try await calls.get("/api/2.0/jobs/list").status == 403)
        end.server.stop()
    }

    @Test("a cell that shows more than 8 MB fails the run with that reason")
    func tooLarge() async throws {
        let end = try await EndToEnd()
        try await end.importNotebook(
            [
                "print('kept')",
                "print('kept, too')\nfor _ in range(9): print('x' * (1 << 20))", "print('never')",
            ], at: "/large")
        let run = try await end.submit(notebook: "/large")
        let state = try await end.client.ended(run)
        #expect(state["state", "result_state"] == .string("FAILED"))
        #expect(state["state", "state_message"]?.stringValue?.contains("exceeds the limit of 8 MB") == true)
        let cells = try await end.cells(of: run)
        #expect(cells.map(\.state) == ["FINISHED", "FAILED", "SKIPPED"])
        #expect(cells[0].text == "kept\n")
        #expect(cells[1].text.hasPrefix("kept, too\nxxx") && cells[1].text.utf8.count == 8 << 20)
        end.server.stop()
    }
}

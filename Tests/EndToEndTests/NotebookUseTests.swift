// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsClient
import JobsJSON
import JobsServerTesting
import JobsTesting
import Testing

@Suite("Notebooks as people use them")
struct NotebookUseTests {
    @Test("the specification's run-now example: notebook_params name and age")
    func specExample() async throws {
        let end = try await EndToEnd()
        try await end.importNotebook(
            [
                "dbutils.widgets.text('name', 'nobody')\ndbutils.widgets.text('age', '0')",
                "dbutils.notebook.exit(dbutils.widgets.get('name') + ' is ' + getArgument('age'))",
            ], at: "/people")
        let answer = try await end.post(
            "jobs/create", #"{"existing_cluster_id":"default","notebook_task":{"notebook_path":"/people"}}"#)
        let job = try #require(answer["job_id"]?.integerValue)
        let run = try await end.runNow(job, #","notebook_params":{"name":"john doe","age":"35"}"#)
        #expect(try await end.client.ended(run)["state", "result_state"] == .string("SUCCESS"))
        #expect(try await end.output(of: run)["notebook_output", "result"] == .string("john doe is 35"))
        end.server.stop()
    }

    @Test("text that JSON hardly holds is shown; a cell that ends its process has failed, and the run names it")
    func oddTextsAndEnds() async throws {
        let end = try await EndToEnd()
        try await end.importNotebook(
            [
                "print('a\\0b \\ud800 c')", "print('before')",
                "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "1",
            ],
            at: "/odd")
        let run = try await end.submit(notebook: "/odd")
        let ended = try await end.client.ended(run)
        let message = "Cell 3 of /odd: the process of the notebook was ended by signal 11 (Segmentation fault)."
        #expect(ended["state", "state_message"] == .string(message))
        let output = try await end.output(of: run)
        #expect(output["error"] == .string(message))
        #expect(output["error_trace"]?.stringValue?.hasPrefix("Fatal Python error: Segmentation fault") == true)
        let cells = try await end.cells(of: run)
        #expect(cells.map(\.state) == ["FINISHED", "FINISHED", "FAILED", "SKIPPED"])
        #expect(cells.map(\.text) == ["a\u{FFFD}b \u{FFFD} c\n", "before\n", "", ""])
        try await end.importNotebook(["raise ValueError('a\\0b')"], at: "/odd-error")
        let failed = try await end.submit(notebook: "/odd-error")
        _ = try await end.client.ended(failed)
        #expect(try await end.output(of: failed)["error"] == .string("ValueError: a\u{FFFD}b"))
        end.server.stop()
    }

    @Test("notebooks that lead to each other without end, and notebooks that are not there, are errors of their cell")
    func circles() async throws {
        let end = try await EndToEnd()
        try await end.importNotebook(["%run ./b"], at: "/a")
        try await end.importNotebook(["%run /a"], at: "/b")
        try await end.importNotebook(["%run ./nowhere"], at: "/lost")
        try await end.importNotebook(["dbutils.notebook.run('nowhere', 60)"], at: "/lost-run")
        try await end.importNotebook(["dbutils.notebook.run('/itself', 0)"], at: "/itself")
        for (path, errors) in [
            ("/a", ["%run goes round in a circle: /a -> /b -> /a"]),
            ("/lost", ["%run of /nowhere: there is no such notebook"]),
            ("/lost-run", ["/nowhere INTERNAL_ERROR", "does not exist"]),
            ("/itself", ["notebooks may run each other 30 levels deep, no deeper"]),
        ] {
            let run = try await end.submit(notebook: path)
            let ended = try await end.client.ended(run)
            #expect(ended["state", "result_state"] == .string("FAILED"), "\(path)")
            let error = try await end.output(of: run)["error"]?.stringValue ?? ""
            #expect(errors.allSatisfy { error.contains($0) }, "\(path): \(error)")
        }
        // The one at the top and thirty below it.
        let list = try await end.get("jobs/runs/list?run_type=WORKFLOW_RUN&limit=0")
        #expect(list["runs"]?.arrayValue?.count == 31)
        end.server.stop()
    }

    @Test("what a run brings in by %run is of the time when it began, also after it was edited")
    func editedInclusion() async throws {
        let end = try await EndToEnd()
        try await end.importNotebook(["x = 'old'"], at: "/lib")
        try await end.importNotebook(
            [EndToEnd.waiting(for: "go"), "%run ./lib", "dbutils.notebook.exit(x)"], at: "/main")
        let run = try await end.submit(notebook: "/main")
        _ = try await eventually("the first cell") {
            try await end.cells(of: run).first?.state == "RUNNING" ? true : nil
        }
        try await end.importNotebook(["x = 'new'"], at: "/lib")
        try await end.open("go")
        #expect(try await end.client.ended(run)["state", "result_state"] == .string("SUCCESS"))
        #expect(try await end.output(of: run)["notebook_output", "result"] == .string("old"))
        end.server.stop()
    }

    @Test("R is a clear error of its cell where the machine has none", .enabled(if: !hasR))
    func withoutR() async throws {
        let end = try await EndToEnd()
        try await end.importNotebook(["print(1)", "%r\nx <- 1", "print(2)"], at: "/r")
        let run = try await end.submit(notebook: "/r")
        #expect(try await end.client.ended(run)["state", "result_state"] == .string("FAILED"))
        #expect(try await end.output(of: run)["error"]?.stringValue?.contains("R is not installed") == true)
        #expect(try await end.cells(of: run).map(\.state) == ["FINISHED", "FAILED", "SKIPPED"])
        end.server.stop()
    }

    private static var hasR: Bool {
        ["/usr/bin", "/usr/local/bin", "/bin"].contains {
            FileManager.default.isExecutableFile(atPath: $0 + "/Rscript")
        }
    }
}

@Suite("Jupyter files of other people")
struct NotebookJupyterTests {
    private static var files: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("NotebooksTests/testdata")
    }

    /// Cells by kind and source, and outputs of code without what differs between two runs of it.
    private func cells(_ file: String) throws -> [String] {
        guard case .object(let object) = try JSONParser.parse(Array(file.utf8)), let cells = object["cells"]?.arrayValue
        else { throw NeverHappened(description: "no cells in \(file.prefix(200))") }
        func text(_ value: JSONValue?) -> String {
            value?.stringValue ?? (value?.arrayValue ?? []).compactMap(\.stringValue).joined()
        }
        return cells.compactMap { cell in
            guard let kind = cell["cell_type"]?.stringValue else { return nil }
            let outputs = (cell["outputs"]?.arrayValue ?? []).map { output in
                let data = output["data"]?.objectValue.map { data in
                    data.keys.sorted().map { "\($0): \(text(data[$0]))" }.joined(separator: "; ")
                }
                return [
                    output["output_type"]?.stringValue, output["name"]?.stringValue, text(output["text"]), data,
                    output["ename"]?.stringValue, output["evalue"]?.stringValue,
                ].compactMap { $0 }.joined(separator: " ")
            }
            return "\(kind)\n\(text(cell["source"]))\n\(outputs.joined(separator: "\n"))"
        }
    }

    /// The file without what its cells have shown: with metadata, raw cells, attachments.
    private func skeleton(_ file: String) throws -> JSONValue {
        guard case .object(var object) = try JSONParser.parse(Array(file.utf8)), let cells = object["cells"]?.arrayValue
        else { throw NeverHappened(description: "no cells in \(file.prefix(200))") }
        let kept = cells.map { cell in
            var members = cell.objectValue ?? JSONObject()
            members.remove("outputs")
            members.remove("execution_count")
            let source = members["source"]
            let text = source?.stringValue ?? (source?.arrayValue ?? []).compactMap(\.stringValue).joined()
            members.set("source", .string(text))
            return JSONValue.object(sorted(members))
        }
        object.set("cells", .array(kept))
        return .object(sorted(object))
    }

    private func sorted(_ object: JSONObject) -> JSONObject {
        var result = JSONObject()
        for key in object.keys.sorted() { result.set(key, object[key] ?? .null) }
        return result
    }

    private func importFile(_ content: String, _ path: String, _ end: EndToEnd) async throws {
        let base64 = Data(content.utf8).base64EncodedString()
        _ = try await end.post(
            "workspace/import", #"{"path":"\#(path)","format":"JUPYTER","content":"\#(base64)","overwrite":true}"#)
    }

    private func exported(_ path: String, _ end: EndToEnd) async throws -> String {
        try await end.get("workspace/export?path=\(path)&format=JUPYTER&direct_download=true").text
    }

    @Test(
        "they come back byte for byte; what a run of one has shown is a Jupyter file that comes back as well",
        arguments: [("display", "SUCCESS"), ("outputs", "FAILED"), ("sql-and-markdown", "SUCCESS")])
    func roundTrip(_ name: String, _ result: String) async throws {
        let end = try await EndToEnd()
        let file = try String(contentsOf: Self.files.appendingPathComponent(name + ".ipynb"), encoding: .utf8)
        try await importFile(file, "/\(name)", end)
        #expect(try await exported("/\(name)", end) == file)
        let run = try await end.submit(notebook: "/\(name)")
        #expect(try await end.client.ended(run)["state", "result_state"] == .string(result))
        let export = try await end.get("jobs/runs/export?run_id=\(run)&format=JUPYTER")
        let shown = try #require(export["views"]?.arrayValue?.first?["content"]?.stringValue)
        #expect(try skeleton(shown) == skeleton(file))
        if name == "sql-and-markdown" {
            let ending = "stream stdout done\n\ndisplay_data  text/plain: Notebook exited: 3"
            #expect(try cells(shown).last?.hasSuffix(ending) == true)
        } else {
            // What the same cells showed in Jupyter, up to the first that fails.
            let (before, after) = (try cells(file), try cells(shown))
            let failing = before.firstIndex { $0.contains("\nerror ") } ?? before.count - 1
            #expect(before[...failing] == after[...failing])
        }
        try await importFile(shown, "/again", end)
        #expect(try await exported("/again", end) == shown)
        let page = try await end.get("workspace/export?path=/again&format=SOURCE&direct_download=true").text
        let source = try await end.get("workspace/export?path=/\(name)&format=SOURCE&direct_download=true").text
        #expect(page == source && page.hasPrefix("# Databricks notebook source\n"))
        end.server.stop()
    }
}

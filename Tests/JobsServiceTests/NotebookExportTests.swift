// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsCompute
import JobsDomain
import JobsJSON
import Notebooks
import Testing

@testable import JobsService

@Suite("Export of notebook runs")
struct NotebookExportTests {
    private func record(_ outputs: [String], source: String = "x", state: CellRecord.State = .finished) throws
        -> NotebookRecord
    {
        let objects = try outputs.map { text in
            guard case .object(let object) = try JSONParser.parse(text) else { throw NotebookFormatError("no object") }
            return object
        }
        return NotebookRecord(
            path: "/a/b", objectID: 1,
            notebook: Notebook(language: .python, commands: [NotebookCommand(id: "1", source: source)]),
            cells: [CellRecord(state: state, startTime: Timestamp(milliseconds: 1), outputs: objects)])
    }

    private let table = """
        {"type":"table","data":{"text/plain":"t","application/vnd.lamplighter.table+json":
        {"schema":[{"name":"a|b","type":"bigint"}],"rows":[[1],[null]],"truncated":true}}}
        """
    private let error = #"{"type":"error","name":"E","message":"m","trace":"line 1\nline 2"}"#
    private let image = #"{"type":"image","data":{"image/png":"QUJD\n","text/plain":"<Figure>"}}"#

    @Test("Markdown: code and outputs in fences that they cannot end, tables, images")
    func markdown() throws {
        let stream = #"{"type":"stream","name":"stdout","text":"a ``` b\n"}"#
        let text = try record([stream, table, image, error]).markdown
        #expect(text.hasPrefix("# b\n\n```python\nx\n```\n\n````\na ``` b\n````\n\n"))
        #expect(text.contains("| a\\|b |\n| --- |\n| 1 |\n| null |\n\nThere are more rows."))
        #expect(text.contains("![](data:image/png;base64,QUJD)"))
        #expect(text.contains("```\nline 1\nline 2\n```"))
    }

    @Test("Markdown: a cell of another language has that language's fence, one of text none")
    func magics() throws {
        #expect(try record([], source: "%sql\nSELECT 1").markdown.contains("```sql\nSELECT 1\n```"))
        #expect(try record([], source: "%md\n# Title").markdown == "# b\n\n# Title\n")
        #expect(try record([], source: "%run ./x").markdown.contains("```\n%run ./x\n```"))
    }

    @Test("Jupyter: outputs as nbformat has them")
    func jupyter() throws {
        let result = #"{"type":"text","execution_result":true,"data":{"text/plain":"2"}}"#
        let file = try JupyterNotebook(reading: Array(record([result, table, error]).jupyterFile.utf8))
        let cell = try #require(file.cells.first)
        #expect(cell.other["execution_count"] == .integer(1))
        guard case .array(let outputs)? = cell.other["outputs"] else {
            Issue.record("no outputs")
            return
        }
        let types = outputs.map { output -> JSONValue in
            if case .object(let object) = output { object["output_type"] ?? .null } else { .null }
        }
        #expect(types == [.string("execute_result"), .string("display_data"), .string("error")])
        // For every reader a form that it knows, and for us nothing is lost.
        guard case .object(let display) = outputs[1], case .object(let data)? = display["data"] else {
            Issue.record("no data")
            return
        }
        #expect(data.keys == ["text/plain", "application/vnd.lamplighter.table+json", "text/html"])
        #expect(data.text("text/html")?.contains("<th title=\"bigint\">a|b</th>") == true)
        #expect(CommandTable(in: data)?.rows == [[.integer(1)], [.null]])
    }

    @Test("a page has the state of each cell, and tables as tables")
    func page() throws {
        let cell = try record([table, error], state: .failed).cells[0]
        let result = try #require(cell.result(exitValue: nil))
        #expect(result.state == .error)
        guard case .table(let table) = result.outputs[0], case .error(let summary, _) = result.outputs[1] else {
            Issue.record("\(result.outputs)")
            return
        }
        #expect(table.rows == [[.integer(1)], [.null]])
        #expect(table.isTruncated)
        #expect(summary == "E: m")
        #expect(CellRecord(state: .skipped).result(exitValue: "v") == nil)
    }

    @Test("a page of a run that goes on: what runs is running, with what it has shown; what waits has not been run")
    func running() throws {
        let stream = #"{"type":"stream","name":"stderr","text":"so far"}"#
        let result = try #require(try record([stream], state: .running).cells[0].result(exitValue: nil))
        #expect(result.state.rawValue == "running")
        #expect(result.outputs == [.stream(name: "stderr", text: "so far")])
        #expect(CellRecord(state: .waiting).result(exitValue: nil) == nil)
    }

    @Test("the cell that gave it shows the value of the notebook, and a cell that ran another one shows which run")
    func exit() throws {
        var record = try record([#"{"type":"notebook_run","run_id":7,"path":"/x"}"#])
        record.cells[0].hasExited = true
        let result = try #require(record.cells[0].result(exitValue: "v"))
        #expect(result.outputs == [.text("Notebook run 7 of /x\n"), .text("Notebook exited: v\n")])
    }

    @Test("views: the notebook, its dashboards, or both; a notebook without dashboards has none to give")
    func views() throws {
        let plain = try record([table])
        #expect(plain.views(.code, .html).map(\.type) == ["NOTEBOOK"])
        #expect(plain.views(.dashboards, .html).isEmpty)
        #expect(plain.views(.all, .html).map(\.name) == ["b"])
        var notebook = plain.notebook
        notebook.dashboards = [
            NotebookDashboard(id: "d", title: "Evening", elements: [.init(commandID: "1")])
        ]
        let record = NotebookRecord(path: "/a/b", objectID: 1, notebook: notebook, cells: plain.cells)
        #expect(record.views(.code, .html).map(\.type) == ["NOTEBOOK"])
        #expect(record.views(.dashboards, .html).map(\.name) == ["Evening"])
        let all = record.views(.all, .markdown)
        #expect(all.map(\.type) == ["NOTEBOOK", "DASHBOARD"])
        #expect(all[0].content.hasPrefix("# b"))
        #expect(try NotebookPage.notebook(in: all[1].content).dashboards == notebook.dashboards)
    }
}

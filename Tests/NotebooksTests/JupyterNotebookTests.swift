// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsJSON
import Notebooks
import Testing

@Suite("Jupyter files")
struct JupyterNotebookTests {
    static func bytes(_ name: String) throws -> [UInt8] {
        let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return Array(try Data(contentsOf: directory.appendingPathComponent("testdata/\(name).ipynb")))
    }

    static let names = ["outputs", "sql-and-markdown", "display"]

    /// With texts that are lists of lines made whole, as Jupyter takes them.
    private func normalized(_ value: JSONValue) -> JSONValue {
        guard case .object(let object) = value else {
            if case .array(let elements) = value { return .array(elements.map(normalized)) }
            return value
        }
        var result = JSONObject()
        for key in object.keys.sorted() {
            let value = object[key] ?? .null
            if key == "source", case .array(let lines) = value {
                let texts = lines.map { line in if case .string(let text) = line { text } else { "?" } }
                result.set(key, .string(texts.joined()))
            } else {
                result.set(key, normalized(value))
            }
        }
        return .object(result)
    }

    @Test("a file that Jupyter's tools have written keeps everything: cells, outputs, metadata", arguments: names)
    func lossless(_ name: String) throws {
        let file = try Self.bytes(name)
        let written = try JupyterNotebook(reading: file).write()
        #expect(normalized(try JSONParser.parse(written)) == normalized(try JSONParser.parse(file)))
        #expect(try JupyterNotebook(reading: written) == JupyterNotebook(reading: file))
        #expect(try JupyterNotebook(reading: written).write() == written)
    }

    @Test("what runs of it: code as it is, markdown behind %md, nothing of raw cells")
    func commands() throws {
        let notebook = try JupyterNotebook(reading: Self.bytes("sql-and-markdown")).notebook()
        #expect(notebook.language == .python)
        #expect(notebook.commands.count == 3)
        #expect(notebook.commands[0].source.hasPrefix("%md\n# "))
        #expect(notebook.commands[1].source.hasPrefix("%sql\n"))
        #expect(notebook.commands[1].title == "Three rows")
        #expect(Set(notebook.commands.map(\.id)).count == 3)
    }

    @Test("what its cells have shown is there for a page: text, images, tables, errors")
    func results() throws {
        let file = try JupyterNotebook(reading: Self.bytes("outputs"))
        let results = file.results
        #expect(results.count == file.notebook().commands.count)
        #expect(results.contains { $0?.outputs.contains(.stream(name: "stdout", text: "before\n")) == true })
        let failed = try #require(results.compactMap(\.self).first { $0.state == .error })
        guard case .error(let summary, let trace)? = failed.outputs.last else {
            Issue.record("no error")
            return
        }
        #expect(summary == "ZeroDivisionError: division by zero")
        #expect(trace.contains("ZeroDivisionError"))
    }

    @Test("a notebook becomes a file that is the same notebook again")
    func roundTrips() throws {
        for seed in 1...200 as ClosedRange<UInt64> {
            var random = RandomNotebook(seed: seed)
            var notebook = random.notebook(NotebookLanguage.allCases[Int(seed % 4)])
            notebook.dashboards = random.dashboards(of: notebook.commands)
            let file = JupyterNotebook(notebook, name: "n").write()
            #expect(try JupyterNotebook(reading: file).notebook() == notebook, "seed \(seed)")
        }
    }

    /// As Databricks exports it: elements name cells by the nuid of their metadata.
    @Test("dashboards are in reading order, and have the cells that are there")
    func dashboards() throws {
        func cell(_ id: String, _ nuid: String) -> String {
            let metadata = #"{"application/vnd.databricks.v1+cell":{"nuid":"\#(nuid)","showTitle":false,"title":""}}"#
            return #"{"cell_type":"code","id":"\#(id)","metadata":\#(metadata),"outputs":[],"source":"x"}"#
        }
        func element(_ nuid: String, _ x: Int, _ y: Int) -> String {
            let position = #"{"height":6,"width":12,"x":\#(x),"y":\#(y),"z":null}"#
            return #"{"elementNUID":"\#(nuid)","elementType":"command","guid":"g","position":\#(position)}"#
        }
        let elements = [element("n2", 0, 6), element("gone", 0, 0), element("n1", 12, 0), element("a", 0, 0)]
        let dashboard = """
            {"elements":[\(elements.joined(separator: ","))],"nuid":"d","title":"Evening","version":"DashboardViewV1"}
            """
        let section = #"{"language":"python","dashboards":[\#(dashboard),{"elements":[]},{"title":"no elements"},1]}"#
        let file = """
            {"nbformat":4,"nbformat_minor":5,"cells":[\(cell("a", "n1")),\(cell("b", "n2"))],
            "metadata":{"application/vnd.databricks.v1+notebook":\(section)}}
            """
        let read = try JupyterNotebook(reading: Array(file.utf8)).notebook().dashboards
        #expect(read.map(\.title) == ["Evening", "Dashboard 2"])
        #expect(read[0].elements.map(\.commandID) == ["a", "a", "b"])
        #expect(read[0].elements[1].position == NotebookDashboard.Position(x: 12, y: 0, width: 12, height: 6))
        #expect(read[1].elements.isEmpty)
    }

    @Test("the language is the notebook's own, else its kernel's, else what the request says")
    func language() throws {
        func language(_ metadata: String) throws -> NotebookLanguage {
            let file = #"{"nbformat":4,"nbformat_minor":5,"cells":[],"metadata":\#(metadata)}"#
            return try JupyterNotebook(reading: Array(file.utf8)).notebook(else: .scala).language
        }
        #expect(try language(#"{"language_info":{"name":"R"}}"#) == .r)
        #expect(
            try language(
                #"{"application/vnd.databricks.v1+notebook":{"language":"sql"},"language_info":{"name":"python"}}"#)
                == .sql)
        #expect(try language(#"{"language_info":{"name":"julia"}}"#) == .scala)
        #expect(try language("{}") == .scala)
    }

    @Test("ids are unique, also where the file's are not")
    func ids() throws {
        let cell = #"{"cell_type":"code","id":"2","metadata":{},"outputs":[],"execution_count":null,"source":"x"}"#
        let other = #"{"cell_type":"code","metadata":{},"outputs":[],"execution_count":null,"source":["x"]}"#
        let file = #"{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[\#(cell),\#(other),\#(cell)]}"#
        #expect(try JupyterNotebook(reading: Array(file.utf8)).notebook().commands.map(\.id) == ["2", "2-", "3"])
    }

    @Test(
        "what is no such file is refused, with the place",
        arguments: [
            ("", "not JSON"), ("[]", "not a JSON object"), (#"{"nbformat":3,"worksheets":[]}"#, "nbformat"),
            (#"{"nbformat":4}"#, "cells"), (#"{"nbformat":4,"cells":[{"cell_type":"code"}]}"#, "source of cell 1"),
            (#"{"nbformat":4,"cells":[1]}"#, "cell 1"),
            (#"{"nbformat":4,"cells":[{"cell_type":"x","source":""}]}"#, "cell_type of cell 1"),
        ])
    func refused(_ file: String, _ names: String) {
        #expect { try JupyterNotebook(reading: Array(file.utf8)) } throws: { "\($0)".contains(names) }
    }

    @Test("pictures that texts bring with them; what is no picture in base64 is none")
    func pictures() throws {
        let json = #"""
            {"nbformat":4,"metadata":{},"cells":[
            {"cell_type":"raw","metadata":{},"source":"r"},
            {"cell_type":"markdown","metadata":{},"source":"![a](attachment:a.png)","attachments":{
             "a.png":{"image/png":["QU","JD\n"]},"b.html":{"text/html":"<b>"},"c.png":{"image/png":"x) <script>"}}},
            {"cell_type":"code","metadata":{},"source":"x","outputs":[],"attachments":{"a.png":{"image/png":"QUJD"}}}]}
            """#
        let file = try JupyterNotebook(reading: Array(json.utf8))
        #expect(file.pictures == [["a.png": "data:image/png;base64,QUJD"], [:]])
        let page = try NotebookFile(.jupyter, Array(json.utf8), language: nil).exported(
            as: .html, name: "n", objectID: 1)
        #expect(String(decoding: page, as: UTF8.self).contains("__DATABRICKS_NOTEBOOK_MODEL"))
    }

    @Test(
        "every text becomes a markdown cell, and is the same command when it is read again",
        arguments: [
            ("%md\n# T", "# T"), ("%md # T", "# T"), ("%md-sandbox\n<b>", "<b>"), ("\n %md  \n  x", "  x"),
            ("%md", ""), ("%md \u{301}", "\u{301}"), ("%md \n\nx", "\nx"),
        ])
    func texts(source: String, text: String) throws {
        let notebook = Notebook(language: .python, commands: [NotebookCommand(id: "1", source: source)])
        let file = JupyterNotebook(notebook, name: "n")
        #expect(file.cells[0].kind == .markdown)
        #expect(Array(file.cells[0].source.utf8) == Array(text.utf8))
        let read = try JupyterNotebook(reading: file.write()).notebook()
        #expect(Array(read.commands[0].source.utf8) == Array(source.utf8))
        #expect(NotebookCommand(id: "1", source: "%mdx").markdown == nil)
    }

    @Test("a file from elsewhere cannot say by its metadata that a text is code")
    func magicOfOthers() throws {
        let cell = #"""
            {"cell_type":"markdown","source":"x","metadata":{"application/vnd.lamplighter.v1+cell":{"magic":"%sh "}}}
            """#
        let json = #"{"nbformat":4,"metadata":{},"cells":[\#(cell)]}"#
        #expect(try JupyterNotebook(reading: Array(json.utf8)).notebook().commands.map(\.source) == ["%md\nx"])
    }
}

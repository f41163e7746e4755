// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import JobsJSON
import Notebooks
import Testing

@testable import JobsService

@Suite("Export of notebook runs as Markdown and as Jupyter files")
struct NotebookMarkdownTests {
    private func record(_ source: String, _ outputs: JSONObject...) -> NotebookRecord {
        NotebookRecord(
            path: "/a/b", objectID: 1,
            notebook: Notebook(language: .python, commands: [NotebookCommand(id: "1", source: source)]),
            cells: [CellRecord(state: .finished, startTime: Timestamp(milliseconds: 1), outputs: outputs)])
    }

    private func shown(_ type: String, _ data: JSONObject) -> JSONObject {
        ["type": .string(type), "data": .object(data)]
    }

    @Test("a text that has run stands once, with its parameters filled in")
    func texts() {
        let said = shown("markdown", ["text/markdown": .string("# Hello Ann")])
        #expect(record("%md\n# Hello ${name}", said).markdown == "# b\n\n# Hello Ann\n")
        #expect(record("%md-sandbox # Hello").markdown == "# b\n\n# Hello\n")
        // A cell that is code shows its source, whatever it says.
        #expect(record("say()", said).markdown == "# b\n\n```python\nsay()\n```\n\n# Hello Ann\n")
    }

    @Test(
        "what a fence does not say of a magic stays in the text",
        arguments: [
            ("%%bash\nls", "```bash\n%%bash\nls\n```"), ("%%time\nf()", "```python\n%%time\nf()\n```"),
            ("%sql SELECT 1", "```sql\nSELECT 1\n```"), ("\n%sql  \n  SELECT 1", "```sql\n  SELECT 1\n```"),
            ("%sh -e\nls", "```sh\n%sh -e\nls\n```"), ("%sh ls\nid", "```sh\nls\nid\n```"),
            ("%pip install x", "```\n%pip install x\n```"),
            ("%matplotlib inline\nf()", "```python\n%matplotlib inline\nf()\n```"),
            ("%%writefile a.yaml\na: 1", "```\n%%writefile a.yaml\na: 1\n```"),
        ])
    func magics(source: String, fence: String) {
        #expect(record(source).markdown == "# b\n\n\(fence)\n")
    }

    @Test("what a notebook shows stands there in the form that says most")
    func outputs() {
        let object = JSONValue.string("<IPython.core.display.X object>")
        let html = record("x", shown("html", ["text/html": .string("<p>a\n\n  \n# b</p>"), "text/plain": object]))
        #expect(html.markdown.hasSuffix("\n\n<div>\n<p>a\n# b</p>\n</div>\n"))
        let latex = record("x", shown("text", ["text/latex": .string("$x^2$"), "text/plain": object]))
        #expect(latex.markdown.hasSuffix("\n\n$x^2$\n"))
        let json = record("x", shown("text", ["application/json": .object(["a": .integer(1)]), "text/plain": object]))
        #expect(json.markdown.hasSuffix("\n\n```json\n{\"a\":1}\n```\n"))
        let plain = record("x", shown("text", ["text/latex": .string("$x^2$"), "text/plain": .string("x²")]))
        #expect(plain.markdown.hasSuffix("```\nx²\n```\n"))
        let run = record("x", ["type": .string("notebook_run"), "run_id": .integer(7), "path": .string("/c")])
        #expect(run.markdown.hasSuffix("\n\nNotebook run 7 of /c\n"))
    }

    @Test("what has gone to standard error says so, and what was written over is gone")
    func streams() {
        let text = "\r 10%\r\u{1B}[31m100%\u{1B}[0m\n"
        let record = record("x", ["type": .string("stream"), "name": .string("stderr"), "text": .string(text)])
        #expect(record.markdown.hasSuffix("Standard error:\n\n```\n100%\n```\n"))
        // Jupyter shows them itself.
        #expect(record.jupyterFile.contains("\\u001b[31m100%"))
        #expect(record.jupyterFile.contains(#""name":"stderr""#))
    }

    @Test("the value that a notebook gave, and a run that it started, are in both")
    func endings() {
        var record = record("x", ["type": .string("notebook_run"), "run_id": .integer(7), "path": .string("/c")])
        record.cells[0].hasExited = true
        record.exitValue = "done"
        #expect(record.markdown.hasSuffix("\n\n```\nNotebook exited: done\n```\n"))
        #expect(record.jupyterFile.contains(#""text/plain":"Notebook exited: done""#))
        #expect(record.jupyterFile.contains(#""text/plain":"Notebook run 7 of /c""#))
    }

    @Test("raw cells stand where they stood")
    func rawCells() {
        var record = record("x")
        let raw = #"{"cell_type":"raw","metadata":{},"source":"as it is"}"#
        let text = #"{"cell_type":"raw","metadata":{"format":"text/markdown"},"source":"*text*"}"#
        let code = #"{"cell_type":"code","metadata":{},"outputs":[],"execution_count":null,"source":"x"}"#
        record.importedFile = Array(#"{"nbformat":4,"metadata":{},"cells":[\#(raw),\#(code),\#(text)]}"#.utf8)
        #expect(record.markdown == "# b\n\n```\nas it is\n```\n\n```python\nx\n```\n\n*text*\n")
    }

    @Test("pictures that a text brings with it stand in the text")
    func pictures() {
        var record = record("%md\n![a](attachment:a%20b.png) ![c](attachment:c.png)")
        let cell = #"""
            {"cell_type":"markdown","metadata":{},"source":"","attachments":{"a b.png":{"image/png":"QUJD"}}}
            """#
        record.importedFile = Array(#"{"nbformat":4,"metadata":{},"cells":[\#(cell)]}"#.utf8)
        #expect(record.markdown == "# b\n\n![a](data:image/png;base64,QUJD) ![c](attachment:c.png)\n")
        #expect(record.pictures == [["a b.png": "data:image/png;base64,QUJD"]])
    }
}

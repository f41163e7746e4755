// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsJSON
import Notebooks
import Testing

@Suite("HTML pages")
struct NotebookPageTests {
    private func model(_ notebook: Notebook, _ results: [CommandResult?] = []) -> NotebookModel {
        NotebookModel(name: "a <b> & 'c'", objectID: 7, notebook: notebook, results: results)
    }

    /// What tools do that read such pages: a regular expression, base64, URI decoding, JSON.
    private func decoded(_ html: String) throws -> JSONValue {
        let match = try #require(html.firstMatch(of: /__DATABRICKS_NOTEBOOK_MODEL = '([^']+)'/))
        let encoded = try #require(Data(base64Encoded: String(match.output.1)))
        return try JSONParser.parse(try #require(String(decoding: encoded, as: UTF8.self).removingPercentEncoding))
    }

    private func member(_ value: JSONValue?, _ path: [String]) -> JSONValue? {
        path.reduce(value) { value, name in
            if case .object(let object)? = value { object[name] } else { nil }
        }
    }

    @Test("a page is the notebook again when it is read")
    func roundTrips() throws {
        for seed in 1...100 as ClosedRange<UInt64> {
            var random = RandomNotebook(seed: seed)
            var notebook = random.notebook(NotebookLanguage.allCases[Int(seed % 4)])
            // A title that is not there cannot be hidden.
            for index in notebook.commands.indices where notebook.commands[index].title.isEmpty {
                notebook.commands[index].showsTitle = true
            }
            notebook.dashboards = random.dashboards(of: notebook.commands)
            #expect(try NotebookPage.notebook(in: NotebookPage.html(model(notebook))) == notebook, "seed \(seed)")
        }
    }

    @Test("it carries what readers of such pages look for, and nothing of the notebook breaks out of it")
    func content() throws {
        let notebook = Notebook(
            language: .scala, commands: [NotebookCommand(id: "1", title: "T", source: "</script><script>é'")])
        let html = NotebookPage.html(model(notebook))
        #expect(html.contains("databricks-html-version"))
        #expect(html.contains("<title>a &lt;b&gt; &amp; 'c'</title>"))
        #expect(html.components(separatedBy: "<script>").count == 3, "two scripts of ours and no other")
        let model = try decoded(html)
        #expect(member(model, ["version"]) == .string("NotebookV1"))
        #expect(member(model, ["language"]) == .string("scala"))
        guard case .array(let commands)? = member(model, ["commands"]) else {
            Issue.record("no commands")
            return
        }
        #expect(member(commands[0], ["command"]) == .string("</script><script>é'"))
        #expect(member(commands[0], ["commandTitle"]) == .string("T"))
        #expect(member(commands[0], ["state"]) == .string("input"))
        #expect(member(commands[0], ["results"]) == .null)
    }

    @Test("results stand with their commands, of the kinds that readers know")
    func results() throws {
        let notebook = Notebook(
            language: .python, commands: (1...3).map { NotebookCommand(id: "\($0)", source: "\($0)") })
        let table = CommandTable(
            columns: [.init(name: "n", type: "bigint")], rows: [[.integer(1)], [.null]], isTruncated: true)
        let html = NotebookPage.html(
            model(
                notebook,
                [
                    CommandResult(
                        state: .finished, outputs: [.text("hi"), .table(table)], startTime: 5, finishTime: 6),
                    CommandResult(state: .error, outputs: [.error(summary: "E: x", trace: "at y")]), nil,
                ]))
        guard case .array(let commands)? = member(try decoded(html), ["commands"]),
            case .array(let list)? = member(commands[0], ["results", "data"])
        else {
            Issue.record("no list of results")
            return
        }
        #expect(member(commands[0], ["results", "type"]) == .string("listResults"))
        #expect(member(commands[0], ["startTime"]) == .integer(5))
        #expect(member(list[0], ["type"]) == .string("ansi"))
        #expect(member(list[1], ["type"]) == .string("table"))
        #expect(member(list[1], ["data"]) == .array([.array([.integer(1)]), .array([.null])]))
        #expect(member(commands[1], ["state"]) == .string("error"))
        #expect(member(commands[1], ["errorSummary"]) == .string("E: x"))
        #expect(member(commands[1], ["results", "cause"]) == .string("at y"))
        #expect(member(commands[2], ["state"]) == .string("input"))
    }

    @Test("what a run has written says to which stream, and a running command that it runs")
    func streams() throws {
        let notebook = Notebook(language: .python, commands: [NotebookCommand(id: "1", source: "1")])
        let result = CommandResult(state: .running, outputs: [.stream(name: "stderr", text: "\u{1B}[31mred")])
        guard
            case .array(let commands)? = member(try decoded(NotebookPage.html(model(notebook, [result]))), ["commands"])
        else {
            Issue.record("no commands")
            return
        }
        #expect(member(commands[0], ["state"]) == .string("running"))
        #expect(member(commands[0], ["results", "type"]) == .string("ansi"))
        #expect(member(commands[0], ["results", "name"]) == .string("stderr"))
        #expect(member(commands[0], ["results", "data"]) == .string("\u{1B}[31mred"))
    }

    @Test("a table as HTML is text throughout")
    func tableAsHTML() {
        let table = CommandTable(
            columns: [.init(name: "<b>", type: "\"")], rows: [[.string("<script>&")], [.null]], isTruncated: true)
        #expect(table.html.contains("<th title=\"&quot;\">&lt;b&gt;</th>"))
        #expect(table.html.contains("<tr><td>&lt;script&gt;&amp;</td></tr>\n<tr><td>null</td></tr>"))
        #expect(table.html.hasSuffix("</table>\n<p>There are more rows.</p>"))
    }

    @Test("a dashboard's page has its commands alone, in its order, without their code, and with their results")
    func dashboard() throws {
        var notebook = Notebook(
            language: .python, commands: (1...3).map { NotebookCommand(id: "\($0)", source: "s\($0)") })
        let dashboard = NotebookDashboard(
            id: "d", title: "D", elements: [.init(commandID: "3"), .init(commandID: "1")])
        notebook.dashboards = [NotebookDashboard(id: "e", title: "E", elements: []), dashboard]
        let results = (1...3).map { CommandResult(state: .finished, outputs: [.text("r\($0)")]) }
        let html = NotebookPage.html(model(notebook, results).showing(dashboard))
        #expect(html.contains("<main data-dashboard><h1>D</h1>"))
        guard case .array(let commands)? = member(try decoded(html), ["commands"]) else {
            Issue.record("no commands")
            return
        }
        #expect(commands.map { member($0, ["command"]) } == [.string("s3"), .string("s1")])
        #expect(commands.map { member($0, ["results", "data"]) } == [.string("r3"), .string("r1")])
        #expect(commands.allSatisfy { member($0, ["hideCommandCode"]) == .bool(true) })
        #expect(try NotebookPage.notebook(in: html).dashboards == [dashboard])
        #expect(!NotebookPage.html(model(notebook)).contains("<main data-dashboard>"))
    }

    /// In one script, a name that two modules have would be one thing.
    @Test("the modules that show a notebook make one script: nothing ties them to others, no name is there twice")
    func script() throws {
        let html = NotebookPage.html(model(Notebook(language: .python, commands: [])))
        let lines = html.split(separator: "\n")
        #expect(!lines.contains { $0.hasPrefix("import ") || $0.hasPrefix("export ") })
        #expect(!html.contains("src=\"") && !html.contains("@import"))
        let names = lines.compactMap { $0.firstMatch(of: /^(?:const|let|function|class) (\w+)/)?.output.1 }
        #expect(names.count > 50)
        #expect(Set(names).count == names.count)
        let order = NotebookViewer.modules.map(\.name)
        for (place, file) in NotebookViewer.modules.enumerated() {
            for match in String(decoding: file.bytes, as: UTF8.self).matches(of: /from "\.\/([a-z]+\.js)"/) {
                #expect(order[..<place].contains(String(match.output.1)), "\(file.name) before \(match.output.1)")
            }
        }
    }

    @Test("commands of a page from elsewhere are in the order of their positions")
    func positions() throws {
        let json = """
            {"version":"NotebookV1","language":"SQL","commands":[{"command":"b","position":2.0,"nuid":"x"},
            {"command":"a","position":1.5,"nuid":"x"}]}
            """
        let encoded = try #require(json.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        let page = "<script>var __DATABRICKS_NOTEBOOK_MODEL = '\(Data(encoded.utf8).base64EncodedString())';</script>"
        let notebook = try NotebookPage.notebook(in: page)
        #expect(notebook.language == .sql)
        #expect(notebook.commands.map(\.source) == ["a", "b"])
        #expect(notebook.commands.map(\.id) == ["x", "x-"])
    }

    @Test(
        "what is no such page is refused",
        arguments: [
            "", "<html>", "__DATABRICKS_NOTEBOOK_MODEL = 'x", "__DATABRICKS_NOTEBOOK_MODEL = '!'",
            "__DATABRICKS_NOTEBOOK_MODEL = 'JTdCJTdE'", "__DATABRICKS_NOTEBOOK_MODEL = 'e30x'",
        ])
    func refused(_ page: String) {
        #expect(throws: NotebookFormatError.self) { try NotebookPage.notebook(in: page) }
    }
}

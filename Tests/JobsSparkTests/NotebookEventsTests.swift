// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import JobsJSON
import Notebooks
import Testing

@testable import JobsSpark

@Suite("Events of a notebook")
struct NotebookEventsTests {
    private func cells(_ lines: String..., count: Int = 2, whole: Bool = true) -> [CellRecord] {
        NotebookEvents.cells(Array((lines.joined(separator: "\n") + (whole ? "\n" : "")).utf8), count: count)
    }

    private func stream(_ text: String, _ name: String = "stdout", cell: Int = 0) -> String {
        #"{"event":"output","time":2,"cell":\#(cell),"output":{"type":"stream","name":"\#(name)","text":"\#(text)"}}"#
    }

    private let started = #"{"event":"cell_started","time":1,"cell":0,"id":"a"}"#
    private let finished = #"{"event":"cell_finished","time":3,"cell":0,"state":"finished"}"#

    private func texts(_ cell: CellRecord) -> [String] {
        cell.outputs.map { output in
            if case .string(let text)? = output["text"] { text } else { "-" }
        }
    }

    @Test("pieces of a stream are put together, and streams kept apart")
    func streams() {
        let cell = cells(started, stream("a"), stream("b"), stream("x", "stderr"), stream("c"), finished)[0]
        #expect(texts(cell) == ["ab", "x", "c"])
        #expect(cell.state == .finished)
        #expect(cell.startTime == Timestamp(milliseconds: 1))
        #expect(cell.finishTime == Timestamp(milliseconds: 3))
    }

    @Test("a line that is still being written counts once it is whole")
    func halfLine() {
        #expect(texts(cells(started, stream("a"), stream("b"), whole: false)[0]) == ["a"])
        #expect(cells(started)[0].state == .running)
        #expect(cells(started)[1].state == .waiting)
    }

    @Test("an output that is shown anew replaces the one with its id, in whatever cell that is")
    func update() {
        func shown(_ event: String, _ text: String, cell: Int) -> String {
            #"{"event":"\#(event)","time":2,"cell":\#(cell),"output":{"type":"text","display_id":"d","text":"\#(text)"}}"#
        }
        #expect(texts(cells(started, shown("output", "1", cell: 0), shown("update", "2", cell: 1))[0]) == ["2"])
    }

    @Test("a cell takes back what it has shown, with `wait` only once it shows more")
    func clear() {
        let now = #"{"event":"clear","time":2,"cell":0,"wait":false}"#
        let later = #"{"event":"clear","time":2,"cell":0,"wait":true}"#
        #expect(texts(cells(started, stream("a"), now)[0]) == [])
        #expect(texts(cells(started, stream("a"), later)[0]) == ["a"])
        #expect(texts(cells(started, stream("a"), later, stream("b"))[0]) == ["b"])
    }

    @Test("what is no event, or of no cell, is passed over")
    func nonsense() {
        let cell = cells("nonsense", #"{"event":"cell_started","cell":9}"#, #"{"event":"output","cell":-1}"#, started)[
            0]
        #expect(cell == CellRecord(state: .running, startTime: Timestamp(milliseconds: 1)))
    }

    @Test("in a run that has ended nothing runs or waits")
    func ended() {
        let record = NotebookRecord(
            path: "/a/b", objectID: 1, notebook: .init(language: .python, commands: []),
            cells: cells(started))
        let canceled = record.ended(RunState(.terminated, .canceled, message: "by ann"))
        #expect(canceled.cells.map(\.state) == [.canceled, .skipped])
        #expect(canceled.cells[0].outputs == [])
        let failed = record.ended(RunState(.terminated, .failed, message: "exit code 7"))
        #expect(failed.cells.map(\.state) == [.failed, .skipped])
        #expect(failed.cells[0].outputs.map { $0["message"] } == [.string("exit code 7")])
        #expect(record.name == "b")
    }
}

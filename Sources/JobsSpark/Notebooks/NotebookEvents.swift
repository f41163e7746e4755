// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import JobsJSON

/// Assembles the results of a notebook's cells from `notebook-events.jsonl`
/// (docs/architecture/notebooks.md); pure.
struct NotebookEvents {
    private(set) var cells: [CellRecord]
    /// Cells whose outputs are cleared by the next output (`clear_output(wait=True)`).
    private var cellsToClear: Set<Int> = []
    /// Texts of streams, joined at the end: appending one by one would copy them each time.
    private var streams: [Int: Stream] = [:]

    private struct Stream {
        let name: String
        var pieces: [String]
    }

    init(cellCount: Int) { cells = Array(repeating: CellRecord(), count: cellCount) }

    /// The cells as of the lines of the file; a last line without a newline is still being written.
    static func cells(_ file: [UInt8], count: Int) -> [CellRecord] {
        var events = NotebookEvents(cellCount: count)
        var start = file.startIndex
        while let end = file[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if case .object(let event)? = try? JSONParser.parse(Array(file[start..<end]), repairing: true) {
                events.take(event)
            }
            start = end + 1
        }
        for index in events.cells.indices { events.endStream(of: index) }
        return events.cells
    }

    private mutating func take(_ event: JSONObject) {
        guard case .string(let name)? = event["event"], case .integer(let cell)? = event["cell"],
            let cell = Int(exactly: cell), cells.indices.contains(cell)
        else { return }
        var time: Timestamp?
        if case .integer(let milliseconds)? = event["time"] { time = Timestamp(milliseconds: milliseconds) }
        switch name {
        case "cell_started": cells[cell] = CellRecord(state: .running, startTime: time)
        case "cell_finished":
            endStream(of: cell)
            cells[cell].state = event["state"] == .string("error") ? .failed : .finished
            cells[cell].finishTime = time
            cells[cell].hasExited = event["exit"] == .bool(true)
        case "output": if case .object(let output)? = event["output"] { add(output, to: cell) }
        case "update": if case .object(let output)? = event["output"] { update(output, in: cell) }
        case "clear": clear(cell, waits: event["wait"] == .bool(true))
        default: break
        }
    }

    private mutating func add(_ output: JSONObject, to cell: Int) {
        if cellsToClear.contains(cell) { clear(cell, waits: false) }
        if output["type"] == .string("stream"), case .string(let name)? = output["name"],
            case .string(let text)? = output["text"]
        {
            if streams[cell]?.name != name {
                endStream(of: cell)
                streams[cell] = Stream(name: name, pieces: [])
            }
            streams[cell]?.pieces.append(text)
        } else {
            endStream(of: cell)
            cells[cell].outputs.append(output)
        }
    }

    private mutating func endStream(of cell: Int) {
        guard let stream = streams.removeValue(forKey: cell) else { return }
        cells[cell].outputs.append([
            "type": .string("stream"), "name": .string(stream.name), "text": .string(stream.pieces.joined()),
        ])
    }

    /// The display may belong to an earlier cell.
    private mutating func update(_ output: JSONObject, in cell: Int) {
        guard let id = output["display_id"] else { return add(output, to: cell) }
        for index in cells.indices {
            for place in cells[index].outputs.indices where cells[index].outputs[place]["display_id"] == id {
                cells[index].outputs[place] = output
            }
        }
    }

    private mutating func clear(_ cell: Int, waits: Bool) {
        if waits {
            cellsToClear.insert(cell)
        } else {
            cellsToClear.remove(cell)
            streams[cell] = nil
            cells[cell].outputs = []
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsCompute
import JobsDomain
import JobsJSON
import JobsStore
import Notebooks

/// The answer of `jobs/runs/cells`.
public struct RunCells: Sendable {
    let run: RunView
    let record: NotebookRecord?
    let firstCell: Int
    let relatives: RunRelatives

    public func write(to writer: inout JSONWriter) {
        writer.member("run_id", run.id.rawValue)
        writer.member("life_cycle_state", run.state.lifeCycleState.rawValue)
        writer.member("notebook_path", record?.path)
        writer.member("language", record?.notebook.language.rawValue)
        writer.member("cell_count", record?.cells.count ?? 0)
        if let parent = relatives.parent {
            writer.key("parent_run")
            writer.object(parent.write)
        }
        writer.key("child_runs")
        writer.array { writer in for child in relatives.children { writer.object(child.write) } }
        writer.key("cells")
        writer.array { writer in
            guard let record else { return }
            let pictures = record.pictures
            for index in record.cells.indices.dropFirst(firstCell) {
                writer.object { writer in
                    write(record.notebook.commands[index], record.cells[index], index, to: &writer)
                    if index < pictures.count, !pictures[index].isEmpty {
                        writer.member("attachments", pictures[index])
                    }
                }
            }
        }
    }

    private func write(_ command: NotebookCommand, _ cell: CellRecord, _ index: Int, to writer: inout JSONWriter) {
        writer.member("index", index)
        writer.member("command_id", command.id)
        writer.member("title", command.title)
        writer.member("source", command.source)
        writer.member("state", cell.state.rawValue)
        writer.member("start_time", cell.startTime?.milliseconds)
        writer.member("finish_time", cell.finishTime?.milliseconds)
        writer.key("outputs")
        writer.array { writer in for output in cell.outputs { writer.value(.object(output)) } }
    }
}

extension RunService {
    /// `GET jobs/runs/cells` (an extension): the cells of a notebook run, even an active one, with their outputs.
    public func cells(_ decoded: DecodedRequest<RunCellsRequest>) async throws -> RunCells {
        let request = try decoded.checked()
        let (run, record) = try await notebookRecord(of: request.runID)
        // After the cells: every run that they name is among its children.
        let relatives = try await store.relatives(of: run.id)
        return RunCells(run: run, record: record, firstCell: Int(request.fromCell), relatives: relatives)
    }
}

extension RunRelatives.Relative {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("job_id", jobID.rawValue)
        writer.member("run_id", runID.rawValue)
    }
}

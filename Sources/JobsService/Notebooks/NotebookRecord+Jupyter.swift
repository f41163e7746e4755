// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsJSON
import Notebooks

extension NotebookRecord {
    /// The Jupyter file that was imported, else one of the commands, with what the cells have shown.
    var jupyterFile: String {
        var file = importedNotebook ?? JupyterNotebook(notebook, name: name)
        for (number, (index, cell)) in zip(file.runnableIndices, cells).enumerated()
        where file.cells[index].kind == .code && cell.startTime != nil {
            file.cells[index].other.set("execution_count", .integer(Int64(number + 1)))
            let outputs = cell.outputs.map { CellOutput($0).forJupyter(executionCount: number + 1) }
            file.cells[index].other.set("outputs", .array(outputs))
        }
        return String(decoding: file.write(), as: UTF8.self)
    }

    private var importedNotebook: JupyterNotebook? {
        guard let importedFile, let file = try? JupyterNotebook(reading: importedFile),
            file.runnableIndices.count == cells.count
        else { return nil }
        return file
    }
}

extension CellOutput {
    fileprivate func forJupyter(executionCount: Int) -> JSONValue {
        if type == "stream" {
            return .object([
                "name": .string(object.text("name") ?? "stdout"), "output_type": .string("stream"),
                "text": .string(object.text("text") ?? ""),
            ])
        }
        if let error {
            let trace = error.trace.split(separator: "\n", omittingEmptySubsequences: false)
            return .object([
                "ename": .string(error.name), "evalue": .string(error.message), "output_type": .string("error"),
                "traceback": .array(trace.map { .string(String($0)) }),
            ])
        }
        var shown: JSONObject = ["data": .object(commonData), "metadata": object["metadata"] ?? .object([:])]
        let isResult = object["execution_result"] == .bool(true)
        shown.set("output_type", .string(isResult ? "execute_result" : "display_data"))
        if isResult { shown.set("execution_count", .integer(Int64(executionCount))) }
        return .object(shown)
    }
}

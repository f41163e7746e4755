// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsJSON
import Notebooks

extension NotebookRecord {
    /// A Jupyter file with what the cells have shown.
    var jupyterFile: String {
        var file = JupyterNotebook(notebook, name: name)
        for index in file.cells.indices where file.cells[index].kind == .code {
            let cell = cells[index]
            guard cell.startTime != nil else { continue }
            file.cells[index].other.set("execution_count", .integer(Int64(index + 1)))
            let outputs = cell.outputs.map { CellOutput($0).forJupyter(executionCount: index + 1) }
            file.cells[index].other.set("outputs", .array(outputs))
        }
        return String(decoding: file.write(), as: UTF8.self)
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

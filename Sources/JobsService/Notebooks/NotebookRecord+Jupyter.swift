// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsJSON
import Notebooks

extension NotebookRecord {
    /// The Jupyter file that was imported, else one made of the commands, with the cells' outputs.
    var jupyterFile: String {
        var file = importedNotebook ?? JupyterNotebook(notebook, name: name)
        for (number, (index, cell)) in zip(file.runnableIndices, cells).enumerated()
        where file.cells[index].kind == .code && cell.startTime != nil {
            file.cells[index].other.set("execution_count", .integer(Int64(number + 1)))
            var outputs = cell.outputs.map { CellOutput($0).forJupyter(executionCount: number + 1) }
            if let text = cell.exitText(exitValue) { outputs.append(CellOutput.jupyterText(text)) }
            file.cells[index].other.set("outputs", .array(outputs))
        }
        return String(decoding: file.write(), as: UTF8.self)
    }
}

extension CellOutput {
    fileprivate func forJupyter(executionCount: Int) -> JSONValue {
        if let stream {
            return .object([
                "name": .string(stream.name), "output_type": .string("stream"), "text": .string(stream.text),
            ])
        }
        if let notebookRun { return Self.jupyterText(notebookRun) }
        if let error {
            let trace = error.trace.split(separator: "\n", omittingEmptySubsequences: false)
            return .object([
                "ename": .string(error.name), "evalue": .string(error.message), "output_type": .string("error"),
                "traceback": .array(trace.map { .string(String($0)) }),
            ])
        }
        var forms = data
        // A fallback for readers that do not know Lamplighter's MIME type for tables.
        if let table, forms["text/html"] == nil { forms.set("text/html", .string(table.html)) }
        var shown: JSONObject = ["data": .object(forms), "metadata": object["metadata"] ?? .object([:])]
        let isResult = object["execution_result"] == .bool(true)
        shown.set("output_type", .string(isResult ? "execute_result" : "display_data"))
        if isResult { shown.set("execution_count", .integer(Int64(executionCount))) }
        return .object(shown)
    }

    fileprivate static func jupyterText(_ text: String) -> JSONValue {
        .object([
            "data": .object(["text/plain": .string(text)]), "metadata": .object([:]),
            "output_type": .string("display_data"),
        ])
    }
}

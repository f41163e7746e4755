// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import Notebooks

extension CellRecord {
    /// For pages: nil when the cell has not run.
    /// - Parameter exitValue: of the notebook, which the cell that gave it shows.
    func result(exitValue: String?) -> CommandResult? {
        let state: CommandResult.State
        switch self.state {
        case .waiting, .skipped: return nil
        // A page is a snapshot: a running cell is shown with its output so far.
        case .running: state = .running
        case .finished: state = .finished
        case .failed: state = .error
        case .canceled: state = .cancelled
        }
        var shown = outputs.map { CellOutput($0).forPage }
        if let text = exitText(exitValue) { shown.append(.text(text + "\n")) }
        return CommandResult(
            state: state, outputs: shown, startTime: startTime?.milliseconds,
            finishTime: finishTime?.milliseconds)
    }
    /// What a cell shows that has ended its notebook; nil: it has not, or the notebook gave no value.
    func exitText(_ value: String?) -> String? {
        guard hasExited, let value else { return nil }
        return "Notebook exited: \(value)"
    }
}

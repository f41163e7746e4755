// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import Notebooks

extension NotebookRecord {
    /// The Jupyter file that was imported, which has a cell for each command, and raw ones; nil: it was none.
    var importedNotebook: JupyterNotebook? {
        guard let importedFile, let file = try? JupyterNotebook(reading: importedFile),
            file.runnableIndices.count == cells.count
        else { return nil }
        return file
    }
}

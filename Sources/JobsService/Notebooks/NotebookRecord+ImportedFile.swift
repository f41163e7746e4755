// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import Notebooks

extension NotebookRecord {
    /// The Jupyter file that was imported, which has a cell for each command, and raw cells; nil for other formats.
    var importedNotebook: JupyterNotebook? {
        guard let importedFile, let file = try? JupyterNotebook(reading: importedFile),
            file.runnableIndices.count == cells.count
        else { return nil }
        return file
    }

    /// Pictures attached to Markdown cells, one dictionary for each command, or none at all: `data:` URLs by name.
    var pictures: [[String: String]] {
        // Pages ask often, and few files have any.
        guard importedFile?.firstRange(of: Array(#""attachments""#.utf8)) != nil else { return [] }
        return importedNotebook?.pictures ?? []
    }
}

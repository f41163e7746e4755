// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import Notebooks

/// What notebook tasks need in addition to Spark.
public struct NotebookKernels: Sendable {
    let library: any NotebookLibrary
    let tokens: any RunTokens
    /// A file with the server's address for kernels; rewritten at every start of the server.
    let addressFile: String
    /// nil: every kernel starts cold.
    let forkServer: ForkServer?

    public init(library: any NotebookLibrary, tokens: any RunTokens, addressFile: String, forkServer: ForkServer?) {
        self.library = library
        self.tokens = tokens
        self.addressFile = addressFile
        self.forkServer = forkServer
    }

    /// The notebook of a task, at the revision for the run: the one that the task names, else the one current at the
    /// run's start time.
    /// - Throws: `TaskFailure`.
    func notebook(of task: NotebookTask, for run: Run) async throws -> StoredNotebook {
        // Clients in languages without optional numbers send 0 for none.
        let time = task.revisionTimestamp.flatMap { $0 > 0 ? Timestamp(milliseconds: $0) : nil } ?? run.times.start
        let found: StoredNotebook?
        do {
            found = try await library.notebook(task.notebookPath, at: time)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw TaskFailure("The notebook \(task.notebookPath) cannot be read: \(error)")
        }
        guard let found else {
            throw TaskFailure(
                "Unable to access the notebook \"\(task.notebookPath)\". Either it does not exist, or it did not at that time."
            )
        }
        return found
    }

    /// A kernel's environment variables in addition to those of any Python task.
    func environment(for run: RunID) async throws -> [String: String] {
        ["LAMPLIGHTER_URL_FILE": addressFile, "LAMPLIGHTER_RUN_TOKEN": try await tokens.makeToken(for: run)]
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsCompute
import JobsDomain
import JobsJSON
import JobsStore
import Notebooks

/// "ViewItem": what `jobs/runs/export` gives out.
public struct ViewItem: Sendable {
    public let content: String
    public let name: String
    public let type: String

    public func write(to writer: inout JSONWriter) {
        writer.member("content", content)
        writer.member("name", name)
        writer.member("type", type)
    }
}

extension RunService {
    /// `GET jobs/runs/export` (contract D9): "Only notebook runs can be exported in HTML format. Exporting runs of other
    /// types will fail." A dashboard is a page, whatever `format` says of the notebook.
    public func export(_ decoded: DecodedRequest<ExportRunRequest>) async throws -> [ViewItem] {
        let request = try decoded.checked()
        let (_, record) = try await notebookRecord(of: request.runID)
        guard let record else {
            throw APIError(.invalidState, "Run \(request.runID) has not read its notebook; there is nothing to export.")
        }
        return record.views(request.views, request.format)
    }

    /// The notebook of a run; nil before the notebook was read.
    /// - Throws: `APIError` when there is no such run, or it is not a notebook run.
    func notebookRecord(of id: RunID) async throws -> (run: RunView, record: NotebookRecord?) {
        let run = try await visible(id)
        guard run.taskKind == .notebook else { throw APIError.notANotebookRun(run.id) }
        let record = try await outputs.notebook(of: run.id)
        return (run, run.state.lifeCycleState.isActive ? record : record?.ended(run.state))
    }
}

extension NotebookRecord {
    func views(_ views: ExportRunRequest.Views, _ format: ExportRunRequest.Format) -> [ViewItem] {
        switch views {
        case .code: [view(format)]
        case .dashboards: dashboardViews
        case .all: [view(format)] + dashboardViews
        }
    }

    private func view(_ format: ExportRunRequest.Format) -> ViewItem {
        let content =
            switch format {
            case .html: NotebookPage.html(model)
            case .jupyter: jupyterFile
            case .markdown: markdown
            }
        return ViewItem(content: content, name: name, type: "NOTEBOOK")
    }

    private var dashboardViews: [ViewItem] {
        notebook.dashboards.map { dashboard in
            ViewItem(content: NotebookPage.html(model.showing(dashboard)), name: dashboard.title, type: "DASHBOARD")
        }
    }

    private var model: NotebookModel {
        let results = cells.map { $0.result(exitValue: exitValue) }
        return NotebookModel(
            name: name, objectID: objectID, notebook: notebook, results: results, pictures: pictures)
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// A file that a notebook can be had from.
public enum NotebookFormat: String, Sendable, CaseIterable {
    case source = "SOURCE"
    case jupyter = "JUPYTER"
    case html = "HTML"
}

/// A notebook as a file: the format is known, and of a source file the language too.
public struct NotebookFile: Equatable, Sendable {
    public let format: NotebookFormat
    public let bytes: [UInt8]
    public let notebook: Notebook

    /// - Parameter language: of a source file; of a Jupyter file that names none that can run here, Python by default.
    /// - Throws: `NotebookFormatError` when the file is not of the format.
    public init(_ format: NotebookFormat, _ bytes: [UInt8], language: NotebookLanguage?) throws(NotebookFormatError) {
        self.format = format
        self.bytes = bytes
        switch format {
        case .source:
            guard let language else { throw NotebookFormatError("a source file needs its language") }
            notebook = NotebookSource(language).read(try Self.text(bytes))
        case .jupyter: notebook = try JupyterNotebook(reading: bytes).notebook(else: language ?? .python)
        case .html: notebook = try NotebookPage.notebook(in: Self.text(bytes))
        }
    }

    /// The file that the same notebook is in another format. In its own format a Jupyter file is what it was, to the
    /// byte; a source file comes in the form of `NotebookSource.write`, and a page with the present name.
    public func exported(as wanted: NotebookFormat, name: String, objectID: Int64) throws(NotebookFormatError)
        -> [UInt8]
    {
        switch wanted {
        case .source: return Array(NotebookSource(notebook.language).write(notebook).utf8)
        case .jupyter: return format == .jupyter ? bytes : JupyterNotebook(notebook, name: name).write()
        case .html:
            // A Jupyter file says what its cells have shown.
            let file = format == .jupyter ? try JupyterNotebook(reading: bytes) : nil
            let model = NotebookModel(
                name: name, objectID: objectID, notebook: notebook, results: file?.results ?? [],
                pictures: file?.pictures ?? [])
            return Array(NotebookPage.html(model).utf8)
        }
    }

    private static func text(_ bytes: [UInt8]) throws(NotebookFormatError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw NotebookFormatError("it is not text in UTF-8")
        }
        return text
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// A notebook as it is run and shown: all formats come down to this. What else a Jupyter file holds (outputs, metadata)
/// stays in the file.
public struct Notebook: Equatable, Sendable {
    public var language: NotebookLanguage
    public var commands: [NotebookCommand]
    /// What only Jupyter files and pages can hold.
    public var dashboards: [NotebookDashboard]

    public init(language: NotebookLanguage, commands: [NotebookCommand], dashboards: [NotebookDashboard] = []) {
        self.language = language
        self.commands = commands
        self.dashboards = dashboards
    }
}

/// A cell that is code or, with the magic `%md`, text.
public struct NotebookCommand: Equatable, Sendable {
    /// Unique in its notebook: the id that a Jupyter file gives the cell, else its number, from 1.
    public var id: String
    /// Empty: none.
    public var title: String
    /// Whether the title is shown; a source file tells it apart from having none.
    public var showsTitle: Bool
    /// As in an editor: a cell in another language than the notebook's begins with its magic (`%sql`).
    public var source: String

    public init(id: String, title: String = "", showsTitle: Bool = true, source: String) {
        self.id = id
        self.title = title
        self.showsTitle = showsTitle
        self.source = source
    }
}

/// Why a file is not a notebook of the format that it is said to have.
public struct NotebookFormatError: Error, Equatable, Sendable, CustomStringConvertible {
    /// For people, without a full stop.
    public let description: String

    public init(_ description: String) { self.description = description }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The language of a notebook, and of its cells that begin with no magic.
public enum NotebookLanguage: String, Sendable, CaseIterable {
    // As the Workspace API spells them.
    case python = "PYTHON"
    case sql = "SQL"
    case scala = "SCALA"
    case r = "R"

    /// As notebooks themselves spell it, in Jupyter's metadata, HTML pages and for kernels: `python`.
    public var lowercased: String { rawValue.lowercased() }

    /// - Parameter name: in any case.
    public init?(anyCase name: String) { self.init(rawValue: name.uppercased()) }

    /// What a line of a source file begins with when it is not code.
    var mark: String {
        switch self {
        case .python, .r: "#"
        case .sql: "--"
        case .scala: "//"
        }
    }

    /// Of a source file: `.py`.
    public var fileExtension: String {
        switch self {
        case .python: "py"
        case .sql: "sql"
        case .scala: "scala"
        case .r: "r"
        }
    }

    public init?(fileExtension: String) {
        guard let language = Self.allCases.first(where: { $0.fileExtension == fileExtension.lowercased() }) else {
            return nil
        }
        self = language
    }
}

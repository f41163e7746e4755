// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// The parameters that a run-now request gives ("RunParameters"): at most one kind.
public enum RunParameters: Equatable, Sendable {
    case jar([String])
    case notebook([String: String])
    case python([String])
    case sparkSubmit([String])

    public var memberName: String {
        switch self {
        case .jar: "jar_params"
        case .notebook: "notebook_params"
        case .python: "python_params"
        case .sparkSubmit: "spark_submit_params"
        }
    }

    /// The kind of task that takes parameters of this kind.
    public var taskKind: JobTask.Kind {
        switch self {
        case .jar: .sparkJar
        case .notebook: .notebook
        case .python: .sparkPython
        case .sparkSubmit: .sparkSubmit
        }
    }

    /// Writes the one member, for example `"jar_params":["a"]`.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .jar(let list), .python(let list), .sparkSubmit(let list): writer.member(memberName, list)
        case .notebook(let map): writer.member(memberName, map)
        }
    }

    /// The JSON representation whose size the specification limits: `{"jar_params":["john doe","35"]}`.
    public var json: String { JSONWriter.text { $0.object(write) } }

    /// Every kind that is given; a well-formed request has at most one.
    public static func all(reading reader: ObjectReader) -> [RunParameters] {
        var all: [RunParameters] = []
        if let list = reader.strings("jar_params") { all.append(.jar(list)) }
        if let map = reader.stringMap("notebook_params") { all.append(.notebook(map)) }
        if let list = reader.strings("python_params") { all.append(.python(list)) }
        if let list = reader.strings("spark_submit_params") { all.append(.sparkSubmit(list)) }
        return all
    }
}

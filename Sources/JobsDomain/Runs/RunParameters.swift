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

    /// The name of the task that takes parameters of this kind.
    public var taskMemberName: String {
        switch self {
        case .jar: "spark_jar_task"
        case .notebook: "notebook_task"
        case .python: "spark_python_task"
        case .sparkSubmit: "spark_submit_task"
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

extension JobTask {
    /// The task with a run's parameters in force: notebook_params merge over base_parameters, the others replace the
    /// task's own (contract D1). Parameters of another kind leave it as it is.
    public func overridden(by parameters: RunParameters?) -> JobTask {
        switch (self, parameters) {
        case (.sparkJar(var task), .jar(let list)):
            task.parameters = list
            return .sparkJar(task)
        case (.sparkPython(var task), .python(let list)):
            task.parameters = list
            return .sparkPython(task)
        case (.sparkSubmit(var task), .sparkSubmit(let list)):
            task.parameters = list
            return .sparkSubmit(task)
        case (.notebook(var task), .notebook(let map)):
            task.baseParameters = (task.baseParameters ?? [:]).merging(map) { _, new in new }
            return .notebook(task)
        default:
            return self
        }
    }
}

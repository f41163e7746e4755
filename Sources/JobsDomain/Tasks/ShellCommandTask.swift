// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// "ShellCommandTask", which the specification does not have: mlflow sends its projects as one.
public struct ShellCommandTask: TaskDefinition {
    public static let kind = JobTask.Kind.shellCommand
    public static let summary = "Runs a command; not in the specification, what mlflow's Projects send."
    public static let memberDescriptions = """
        command The command and its arguments. {"minItems":1}
        env_vars Environment variables.
        """

    /// The program, found on the task's PATH, and its arguments; run as they are, by no shell.
    public var command: [String]
    /// Environment variables that override all others of the task.
    public var envVars: [String: String]?

    public init(command: [String], envVars: [String: String]? = nil) {
        self.command = command
        self.envVars = envVars
    }

    /// An empty command counts as missing.
    public init(reading reader: ObjectReader) {
        let given = reader.strings("command")
        if given?.isEmpty ?? !reader.has("command") { reader.missing("command") }
        command = given ?? []
        envVars = reader.stringMap("env_vars")
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("command", command)
        writer.member("env_vars", envVars)
    }
}

extension ShellCommandTask {
    public var task: JobTask { .shellCommand(self) }

    /// What the operating system can start: names of variables end at their first `=`. (NUL characters never get here.)
    public func validate(_ context: RuleContext, _ settings: TaskSettings, outer: RuleContext) {
        if command.first == "" {
            context.invalid("command[0]", given: "\"\"", allowed: "the name or path of a program")
        }
        context.executable("command", command)
        for name in (envVars ?? [:]).keys.sorted() where name.isEmpty || name.utf8.contains(UInt8(ascii: "=")) {
            context.invalid("env_vars", given: "the name \"\(name)\"", allowed: "names without =, and not empty")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// One kind of task: its fields, and every rule that is about this kind alone. A kind has one file with all of it.
public protocol TaskDefinition: Equatable, JSONStructure, Sendable {
    static var kind: JobTask.Kind { get }

    /// One sentence for the description of the API.
    static var summary: String { get }
    /// What the description of the API says of the members: a line each, `member text {"constraint":...}`.
    static var memberDescriptions: String { get }

    /// True for a task that runs on a cluster that the settings name; others bring compute of their own.
    static var needsCluster: Bool { get }

    /// The task as the enumeration has it.
    var task: JobTask { get }

    /// Reports what is wrong with the fields (contract C5, C6).
    /// - Parameters:
    ///   - context: at the task's own member, for example `new_settings.notebook_task.`.
    ///   - settings: the task's cluster and libraries; their members are beside the task's.
    ///   - outer: where those are.
    func validate(_ context: RuleContext, _ settings: TaskSettings, outer: RuleContext)

    /// What must exist when the settings are stored (contract C9).
    var references: [SettingsReference] { get }
    /// What may come to exist after the settings are stored.
    var softReferences: [SettingsReference] { get }

    /// The task with `{{name}}` replaced in its parameters (contract C10).
    func substituting(_ variables: ContextVariables) -> Self

    /// The task with a run's parameters in force (contract D1). Parameters of another kind leave it as it is.
    func overridden(by parameters: RunParameters) -> Self
}

extension TaskDefinition {
    public static var needsCluster: Bool { true }
    public func validate(_ context: RuleContext, _ settings: TaskSettings, outer: RuleContext) {}
    public var references: [SettingsReference] { [] }
    public var softReferences: [SettingsReference] { [] }
    public func substituting(_ variables: ContextVariables) -> Self { self }
    public func overridden(by parameters: RunParameters) -> Self { self }
}

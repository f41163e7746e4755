// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// "PipelineTask".
public struct PipelineTask: TaskDefinition {
    public static let kind = JobTask.Kind.pipeline
    public static let summary = "Runs a pipeline; needs no cluster."
    public static let memberDescriptions = """
        pipeline_id The id of the pipeline. {"minLength":1}
        """
    public static let needsCluster = false

    public var pipelineID: String

    public init(reading reader: ObjectReader) { pipelineID = reader.requiredString("pipeline_id") }

    public func write(to writer: inout JSONWriter) { writer.member("pipeline_id", pipelineID) }
}

extension PipelineTask {
    public var task: JobTask { .pipeline(self) }

    public var references: [SettingsReference] {
        // An empty id was reported as missing when it was read.
        pipelineID.isEmpty
            ? [] : [SettingsReference(.pipeline(pipelineID), path: "\(Self.kind.rawValue).pipeline_id")]
    }
}

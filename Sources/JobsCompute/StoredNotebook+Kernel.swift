// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON
import Notebooks

extension StoredNotebook {
    /// The members of a notebook, as kernels read it; dashboards are for the pages of the run.
    public func writeForKernel(to writer: inout JSONWriter) {
        writer.member("path", path)
        writer.member("object_id", objectID)
        writer.member("language", language.lowercased)
        writer.member("revision", revisionTime.milliseconds)
        writer.member("commands", commands.map(KernelCommand.init))
        if !dashboards.isEmpty { writer.member("dashboards", JSONValue.array(dashboards.map(\.json))) }
    }
}

/// A command, as kernels read it.
public struct KernelCommand: JSONStructure {
    public let command: NotebookCommand

    public init(_ command: NotebookCommand) { self.command = command }

    public init(reading reader: ObjectReader) {
        command = NotebookCommand(
            id: reader.string("id") ?? "", title: reader.string("title") ?? "",
            showsTitle: reader.bool("shows_title") ?? true, source: reader.string("source") ?? "")
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("id", command.id)
        writer.member("title", command.title)
        writer.member("shows_title", command.showsTitle)
        writer.member("source", command.source)
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// A library to be installed for a run ("Library"); exactly one member.
public struct Library: Equatable, Sendable, JSONStructure {
    public var jar: String?
    public var egg: String?
    public var whl: String?
    public var pypi: PythonPyPiLibrary?
    public var maven: MavenLibrary?
    public var cran: RCranLibrary?

    /// A jar.
    public init(jar: String) { self.jar = jar }

    public init(reading reader: ObjectReader) {
        jar = reader.string("jar")
        egg = reader.string("egg")
        whl = reader.string("whl")
        pypi = reader.structure("pypi")
        maven = reader.structure("maven")
        cran = reader.structure("cran")
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("jar", jar)
        writer.member("egg", egg)
        writer.member("whl", whl)
        writer.member("pypi", pypi)
        writer.member("maven", maven)
        writer.member("cran", cran)
    }
}

/// "PythonPyPiLibrary".
public struct PythonPyPiLibrary: Equatable, Sendable, JSONStructure {
    public var package: String
    public var repo: String?

    public init(reading reader: ObjectReader) {
        package = reader.requiredString("package")
        repo = reader.string("repo")
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("package", package)
        writer.member("repo", repo)
    }
}

/// "MavenLibrary"; `coordinates` is `group:artifact:version`.
public struct MavenLibrary: Equatable, Sendable, JSONStructure {
    public var coordinates: String
    public var repo: String?
    public var exclusions: [String]?

    public init(reading reader: ObjectReader) {
        coordinates = reader.requiredString("coordinates")
        repo = reader.string("repo")
        exclusions = reader.strings("exclusions")
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("coordinates", coordinates)
        writer.member("repo", repo)
        writer.member("exclusions", exclusions)
    }
}

/// "RCranLibrary".
public struct RCranLibrary: Equatable, Sendable, JSONStructure {
    public var package: String
    public var repo: String?

    public init(reading reader: ObjectReader) {
        package = reader.requiredString("package")
        repo = reader.string("repo")
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("package", package)
        writer.member("repo", repo)
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON

/// The files and libraries to fetch and install before a task can start; `prepare.py` executes the plan.
struct PreparationPlan: Equatable, Sendable {
    /// URIs of single files.
    var files: [String] = []
    var libraries: [Library] = []

    /// The only file, when nothing else is to be done: nearly always the server copies it, and no process has to be started.
    var singleFile: String? { libraries.isEmpty && files.count == 1 ? files.first : nil }

    var isEmpty: Bool { files.isEmpty && libraries.isEmpty }

    /// The document that `prepare.py` reads.
    func json(directory: String, configuration: SparkConfiguration) -> String {
        JSONWriter.text { writer in
            writer.object { writer in
                writer.member("directory", directory)
                writer.member("cache_directory", configuration.cacheDirectory)
                writer.member("dbfs_root", configuration.dbfsDirectory)
                writer.member("allow_local_files", configuration.allowsLocalFiles)
                if let s3 = configuration.s3 {
                    writer.key("s3")
                    writer.object { writer in
                        writer.member("endpoint", s3.endpoint)
                        writer.member("region", s3.region)
                        writer.member("access_key_id", s3.accessKeyID)
                        writer.member("secret_access_key", s3.secretAccessKey)
                    }
                }
                if !configuration.mavenRepositories.isEmpty {
                    writer.member("maven_default_repos", configuration.mavenRepositories)
                }
                writer.key("files")
                writer.array { writer in
                    for (index, uri) in files.enumerated() {
                        writer.object { writer in
                            writer.member("uri", uri)
                            writer.member("as", Self.localName(uri, index))
                        }
                    }
                }
                writer.member("libraries", libraries)
            }
        }
    }

    /// Below the run's files: a directory each, so that equal names do not collide.
    static func localName(_ uri: String, _ index: Int) -> String {
        "files/\(index)/" + (uri.split(separator: "/").last.map(String.init) ?? "file")
    }
}

/// The result of `prepare.py`.
struct PreparedFiles: Equatable, Sendable {
    /// URI -> local path.
    var files: [String: String] = [:]
    var jars: [String] = []
    var pythonPath: [String] = []

    /// - Returns: nil and the error when the preparation failed.
    static func read(_ json: [UInt8]) -> (prepared: PreparedFiles?, error: String) {
        guard case .object(let object)? = try? JSONParser.parse(json) else {
            return (nil, "The libraries could not be installed: the result is unreadable.")
        }
        let reader = ObjectReader(object, report: ReadingReport())
        guard reader.bool("ok") == true else {
            return (nil, reader.string("error") ?? "The libraries could not be installed.")
        }
        let prepared = PreparedFiles(
            files: reader.stringMap("files") ?? [:], jars: reader.strings("jars") ?? [],
            pythonPath: reader.strings("python_path") ?? [])
        return (prepared, "")
    }
}

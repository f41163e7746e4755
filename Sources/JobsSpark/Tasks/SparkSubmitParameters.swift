// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The parameters of a spark_submit_task: spark-submit's own options, then the program, then the program's arguments.
struct SparkSubmitParameters: Equatable, Sendable {
    let parameters: [String]

    /// Options whose value is a list of files ("The --jars, --py-files, --files arguments support DBFS and S3 paths").
    private static let fileOptions: Set<String> = [
        "--jars", "--py-files", "--files", "--archives", "--properties-file",
    ]
    private static let switches: Set<String> = [
        "--help", "-h", "--supervise", "--usage-error", "--verbose", "-v", "--version",
    ]

    /// The parameters that name files, with their indexes; everything after the program belongs to the program.
    private var filePositions: [Int] {
        var positions: [Int] = []
        var index = 0
        while index < parameters.count {
            let parameter = parameters[index]
            guard parameter.hasPrefix("-") else { return positions + [index] }
            let option = String(parameter.prefix { $0 != "=" })
            if option != parameter {
                if Self.fileOptions.contains(option) { positions.append(index) }
                index += 1
            } else if Self.switches.contains(parameter) {
                index += 1
            } else {
                if Self.fileOptions.contains(parameter) { positions.append(index + 1) }
                index += 2
            }
        }
        return positions.filter { $0 < parameters.count }
    }

    /// The URIs that have to be fetched before spark-submit starts.
    var remoteURIs: [String] {
        filePositions.flatMap { Self.values(parameters[$0]).list }.filter(RemoteURI.isRemote)
    }

    /// The parameters with local paths in place of what was fetched.
    func localized(_ localPaths: [String: String]) -> [String] {
        var result = parameters
        for position in filePositions {
            let (option, list) = Self.values(parameters[position])
            result[position] = option + list.map { localPaths[$0] ?? $0 }.joined(separator: ",")
        }
        return result
    }

    /// `--jars=a,b` -> ("--jars=", [a, b]); `a,b` -> ("", [a, b]).
    private static func values(_ parameter: String) -> (option: String, list: [String]) {
        var value = parameter[...]
        var option = ""
        if parameter.hasPrefix("-"), let sign = parameter.firstIndex(of: "=") {
            option = String(parameter[...sign])
            value = parameter[parameter.index(after: sign)...]
        }
        return (option, value.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
    }
}

enum RemoteURI {
    private static let schemes = ["dbfs:/", "s3://", "s3a://", "s3n://"]

    static func isRemote(_ uri: String) -> Bool { schemes.contains { uri.hasPrefix($0) } }
    static func isDBFS(_ uri: String) -> Bool { uri.hasPrefix("dbfs:/") }
}

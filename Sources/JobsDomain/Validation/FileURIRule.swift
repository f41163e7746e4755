// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// Where files of a job may lie: DBFS and S3 ("DBFS and S3 paths are supported"), and this machine for administrators
/// of a server that allows it.
enum FileURIRule {
    static let s3Schemes = ["s3://", "s3a://", "s3n://"]

    static func validate(_ uri: String, _ context: RuleContext, member: String) {
        if (["dbfs:/"] + s3Schemes).contains(where: { uri.hasPrefix($0) && uri.utf8.count > $0.utf8.count }) {
            if uri.hasPrefix("dbfs:/") { PathRule.validateComponents(uri, context, member: member) }
            return
        }
        if uri.hasPrefix("file:/") {
            guard !context.allowsLocalFiles else { return }
            context.invalid(
                member, given: uri,
                allowed: "dbfs:/... or s3://...; file:/... only for administrators of a server started with "
                    + "--allow-local-files")
        } else {
            context.invalid(member, given: "\"\(uri)\"", allowed: "dbfs:/... or s3://...")
        }
    }
}

/// Paths of the workspace and of DBFS are absolute names: `..` is not resolved, so it is refused.
enum PathRule {
    static func validateWorkspacePath(_ path: String, _ context: RuleContext, member: String) {
        guard path.hasPrefix("/") else {
            return context.invalid(member, given: "\"\(path)\"", allowed: "an absolute path that begins with /")
        }
        validateComponents(path, context, member: member)
    }

    static func validateComponents(_ path: String, _ context: RuleContext, member: String) {
        if path.utf8.split(separator: UInt8(ascii: "/")).contains(where: { $0.elementsEqual("..".utf8) }) {
            context.invalid(member, given: "\"\(path)\"", allowed: "a path without .. in it")
        }
    }
}

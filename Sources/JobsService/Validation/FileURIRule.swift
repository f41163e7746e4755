// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON

/// Where files of a job may lie: DBFS and S3 ("DBFS and S3 paths are supported"), and this machine for administrators
/// of a server that allows it.
enum FileURIRule {
    private static let schemes = ["dbfs:/", "s3://", "s3a://", "s3n://"]

    static func validate(_ uri: String, _ context: RuleContext, member: String) {
        // A missing URI was reported when it was read.
        if uri.isEmpty, !context.report.faults.isEmpty { return }
        if schemes.contains(where: { uri.hasPrefix($0) && uri.count > $0.count }) { return }
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

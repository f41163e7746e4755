// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// Contract C7: "Only one destination can be specified for one cluster."
extension ClusterLogConf {
    func validate(_ context: RuleContext) {
        context.exactlyOne("cluster_log_conf", of: [("dbfs", dbfs != nil), ("s3", s3 != nil)])
        dbfs?.validate(context.at("dbfs"), schemes: ["dbfs:/"])
        s3?.validate(context.at("s3"))
    }
}

/// Contract C7.
extension InitScriptInfo {
    func validate(_ context: RuleContext) {
        context.exactlyOne(
            "init_scripts",
            of: [("workspace", workspace != nil), ("dbfs", dbfs != nil), ("s3", s3 != nil), ("file", file != nil)])
        workspace?.validate(context.at("workspace"), schemes: ["/"])
        dbfs?.validate(context.at("dbfs"), schemes: ["dbfs:/"])
        file?.validate(context.at("file"), schemes: ["file:/"])
        s3?.validate(context.at("s3"))
    }
}

extension StorageDestination {
    func validate(_ context: RuleContext, schemes: [String]) {
        StorageRule.validate(destination, context, schemes: schemes)
    }
}

/// "Either region or warehouse must be set."
extension S3StorageInfo {
    func validate(_ context: RuleContext) {
        StorageRule.validate(destination, context, schemes: FileURIRule.s3Schemes)
        if region?.isEmpty ?? true, warehouse?.isEmpty ?? true {
            context.report.invalid("Missing required field: \(context.prefix)region or \(context.prefix)warehouse")
        }
        context.oneOf("encryption_type", encryptionType, ["sse-s3", "sse-kms"])
    }
}

private enum StorageRule {
    static func validate(_ destination: String, _ context: RuleContext, schemes: [String]) {
        // A missing destination was reported when it was read.
        if destination.isEmpty { return }
        guard schemes.contains(where: destination.hasPrefix) else {
            return context.invalid(
                "destination", given: "\"\(destination)\"",
                allowed: schemes.map { "\($0)..." }.joined(separator: " or "))
        }
        PathRule.validateComponents(destination, context, member: "destination")
    }
}

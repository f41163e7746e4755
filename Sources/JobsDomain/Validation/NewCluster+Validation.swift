// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// Contract C7.
extension NewCluster {
    private static let maxSSHKeys = 10
    private static let maxTags = 45

    func validate(_ context: RuleContext) {
        validateSize(context)
        validateNodes(context)
        context.atMost(Self.maxSSHKeys, "keys", in: "ssh_public_keys", given: sshPublicKeys?.count ?? 0)
        validateTags(context)
        validateEnvironment(context.at("spark_env_vars"))
        awsAttributes?.validate(context.at("aws_attributes"))
        clusterLogConf?.validate(context.at("cluster_log_conf"))
        for (index, script) in (initScripts ?? []).enumerated() {
            script.validate(context.at("init_scripts[\(index)]"))
        }
    }

    private func validateSize(_ context: RuleContext) {
        switch (numWorkers, autoscale) {
        case (nil, nil):
            break  // Reported when it was read.
        case (.some, .some):
            context.exactlyOne("new_cluster", of: [("num_workers", true), ("autoscale", true)])
        case (let workers?, nil):
            context.range("num_workers", workers, 0...Int32.max)
        case (nil, let range?):
            range.validate(context.at("autoscale"))
        }
    }

    private func validateNodes(_ context: RuleContext) {
        func isGiven(_ id: String?) -> Bool { id?.isEmpty == false }
        if ![nodeTypeID, instancePoolID, policyID].contains(where: isGiven) {
            context.report.invalid(
                "Missing required field: \(context.prefix)node_type_id (or instance_pool_id, or a policy that gives one)"
            )
        }
        if isGiven(driverInstancePoolID), !isGiven(instancePoolID) {
            context.report.invalid(
                "\(context.prefix)driver_instance_pool_id is allowed only together with instance_pool_id.")
        }
    }

    /// "The key length must be between 1 and 127 UTF-8 characters, inclusive."
    private func validateTags(_ context: RuleContext) {
        let tags = customTags ?? [:]
        context.atMost(Self.maxTags, "tags", in: "custom_tags", given: tags.count)
        for (key, value) in tags.sorted(by: { $0.key < $1.key }) {
            let (keyLength, valueLength) = (key.unicodeScalars.count, value.unicodeScalars.count)
            if !(1...127).contains(keyLength) {
                context.invalid(
                    "custom_tags", given: "the key \"\(key.prefix(40))\" of \(keyLength) characters",
                    allowed: "keys of 1 to 127 characters")
            }
            if valueLength > 255 {
                context.invalid(
                    "custom_tags.\(key.prefix(127))", given: "\(valueLength) characters",
                    allowed: "values of at most 255 characters")
            }
        }
    }

    /// "The fields in this data structure accept only Latin characters (ASCII character set)."
    private func validateEnvironment(_ context: RuleContext) {
        for (name, value) in (sparkEnvVars ?? [:]).sorted(by: { $0.key < $1.key }) {
            if name.isEmpty || name.utf8.contains(UInt8(ascii: "=")) {
                context.invalid(
                    "\"\(name)\"", given: "the name of a variable", allowed: "names with characters, and without =")
            }
            context.ascii(name, name)
            context.ascii(name, value)
        }
    }
}

extension AutoScale {
    /// "max_workers must be strictly greater than min_workers."
    func validate(_ context: RuleContext) {
        context.range("min_workers", minWorkers, 0...Int32.max)
        if maxWorkers > minWorkers { return }
        context.invalid("max_workers", given: "\(maxWorkers)", allowed: "more than min_workers (\(minWorkers))")
    }
}

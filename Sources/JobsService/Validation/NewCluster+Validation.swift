// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON

/// The required fields and either-or groups of contract C7.
extension NewCluster {
    func validate(_ context: RuleContext) {
        validateSize(context)
        if nodeTypeID == nil, instancePoolID == nil, policyID == nil {
            context.report.invalid(
                "Missing required field: \(context.prefix)node_type_id (or instance_pool_id, or a policy that gives one)"
            )
        }
        if driverInstancePoolID != nil, instancePoolID == nil {
            context.report.invalid(
                "\(context.prefix)driver_instance_pool_id is allowed only together with instance_pool_id.")
        }
        clusterLogConf?.validate(context.at("cluster_log_conf"))
        for (index, script) in (initScripts ?? []).enumerated() {
            script.validate(context.at("init_scripts[\(index)]"))
        }
    }

    private func validateSize(_ context: RuleContext) {
        switch (numWorkers, autoscale) {
        case (nil, nil):
            // The real service's words; clients match them.
            context.report.invalid(
                "Missing required field: settings.cluster_spec.new_cluster.size "
                    + "(\(context.prefix)num_workers or \(context.prefix)autoscale)")
        case (.some, .some):
            context.exactlyOne("new_cluster", of: [("num_workers", true), ("autoscale", true)])
        case (let workers?, nil):
            if workers < 0 { context.invalid("num_workers", given: "\(workers)", allowed: "0 or more") }
        case (nil, let range?):
            if range.minWorkers < 0 {
                context.invalid("autoscale.min_workers", given: "\(range.minWorkers)", allowed: "0 or more")
            }
            if range.maxWorkers <= range.minWorkers {
                context.invalid(
                    "autoscale.max_workers", given: "\(range.maxWorkers)",
                    allowed: "more than min_workers (\(range.minWorkers))")
            }
        }
    }
}

extension ClusterLogConf {
    func validate(_ context: RuleContext) {
        context.exactlyOne("cluster_log_conf", of: [("dbfs", dbfs != nil), ("s3", s3 != nil)])
        s3?.validate(context.at("s3"))
    }
}

extension S3StorageInfo {
    func validate(_ context: RuleContext) {
        if region == nil, warehouse == nil {
            context.report.invalid("Missing required field: \(context.prefix)region or \(context.prefix)warehouse")
        }
    }
}

extension InitScriptInfo {
    func validate(_ context: RuleContext) {
        context.exactlyOne(
            "init_scripts",
            of: [("workspace", workspace != nil), ("dbfs", dbfs != nil), ("s3", s3 != nil), ("file", file != nil)])
        s3?.validate(context.at("s3"))
    }
}

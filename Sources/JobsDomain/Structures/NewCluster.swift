// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// A description of a cluster that is made for a run ("NewCluster").
public struct NewCluster: Equatable, Sendable {
    /// Number of workers; 0 runs Spark in local mode. Exactly one of this and `autoscale`.
    public var numWorkers: Int32?
    public var autoscale: AutoScale?
    public var sparkVersion: String
    public var sparkConf: [String: String]?
    public var awsAttributes: AwsAttributes?
    public var nodeTypeID: String?
    public var driverNodeTypeID: String?
    public var sshPublicKeys: [String]?
    public var customTags: [String: String]?
    public var clusterLogConf: ClusterLogConf?
    public var initScripts: [InitScriptInfo]?
    public var sparkEnvVars: [String: String]?
    public var enableElasticDisk: Bool?
    public var driverInstancePoolID: String?
    public var instancePoolID: String?
    public var policyID: String?

    public init(sparkVersion: String, numWorkers: Int32, nodeTypeID: String) {
        self.sparkVersion = sparkVersion
        self.numWorkers = numWorkers
        self.nodeTypeID = nodeTypeID
    }
}

extension NewCluster: JSONStructure {
    public init(reading reader: ObjectReader) {
        numWorkers = reader.int32("num_workers")
        autoscale = reader.structure("autoscale")
        if !reader.has("num_workers"), !reader.has("autoscale") {
            // The real service's message, which clients match.
            reader.report.invalid(
                "Cluster validation error: Missing required field: settings.cluster_spec.new_cluster.size "
                    + "(\(reader.path(of: "num_workers")) or \(reader.path(of: "autoscale")))")
        }
        sparkVersion = reader.requiredString("spark_version")
        sparkConf = reader.stringMap("spark_conf")
        awsAttributes = reader.structure("aws_attributes")
        nodeTypeID = reader.string("node_type_id")
        driverNodeTypeID = reader.string("driver_node_type_id")
        sshPublicKeys = reader.strings("ssh_public_keys")
        customTags = reader.stringMap("custom_tags")
        clusterLogConf = reader.structure("cluster_log_conf")
        initScripts = reader.structures("init_scripts")
        sparkEnvVars = reader.stringMap("spark_env_vars")
        enableElasticDisk = reader.bool("enable_elastic_disk")
        driverInstancePoolID = reader.string("driver_instance_pool_id")
        instancePoolID = reader.string("instance_pool_id")
        policyID = reader.string("policy_id")
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("spark_version", sparkVersion)
        writer.member("node_type_id", nodeTypeID)
        writer.member("driver_node_type_id", driverNodeTypeID)
        writer.member("aws_attributes", awsAttributes)
        writer.member("num_workers", numWorkers)
        writer.member("autoscale", autoscale)
        writer.member("spark_conf", sparkConf)
        writer.member("spark_env_vars", sparkEnvVars)
        writer.member("ssh_public_keys", sshPublicKeys)
        writer.member("custom_tags", customTags)
        writer.member("cluster_log_conf", clusterLogConf)
        writer.member("init_scripts", initScripts)
        writer.member("enable_elastic_disk", enableElasticDisk)
        writer.member("driver_instance_pool_id", driverInstancePoolID)
        writer.member("instance_pool_id", instancePoolID)
        writer.member("policy_id", policyID)
    }
}

/// The number of workers between which a cluster may scale ("AutoScale").
public struct AutoScale: Equatable, Sendable, JSONStructure {
    public var minWorkers: Int32
    public var maxWorkers: Int32

    public init(reading reader: ObjectReader) {
        if !reader.has("min_workers") { reader.missing("min_workers") }
        if !reader.has("max_workers") { reader.missing("max_workers") }
        // Missing members were reported on reading: their placeholder values break no rule, so each is reported once.
        minWorkers = reader.int32("min_workers") ?? 0
        maxWorkers = reader.int32("max_workers") ?? Int32.max
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("min_workers", minWorkers)
        writer.member("max_workers", maxWorkers)
    }
}

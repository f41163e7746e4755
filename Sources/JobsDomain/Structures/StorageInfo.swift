// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// A place named by one URI or path ("DbfsStorageInfo", "FileStorageInfo", "WorkspaceStorageInfo").
public struct StorageDestination: Equatable, Sendable, JSONStructure {
    public var destination: String

    public init(reading reader: ObjectReader) { destination = reader.requiredString("destination") }

    public func write(to writer: inout JSONWriter) { writer.member("destination", destination) }
}

/// "S3StorageInfo".
public struct S3StorageInfo: Equatable, Sendable, JSONStructure {
    public var destination: String
    public var region: String?
    public var warehouse: String?
    public var enableEncryption: Bool?
    public var encryptionType: String?
    public var kmsKey: String?
    public var cannedACL: String?

    public init(reading reader: ObjectReader) {
        destination = reader.requiredString("destination")
        region = reader.string("region")
        warehouse = reader.string("warehouse")
        enableEncryption = reader.bool("enable_encryption")
        encryptionType = reader.string("encryption_type")
        kmsKey = reader.string("kms_key")
        cannedACL = reader.string("canned_acl")
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("destination", destination)
        writer.member("region", region)
        writer.member("warehouse", warehouse)
        writer.member("enable_encryption", enableEncryption)
        writer.member("encryption_type", encryptionType)
        writer.member("kms_key", kmsKey)
        writer.member("canned_acl", cannedACL)
    }
}

/// Where a cluster's logs are delivered ("ClusterLogConf"); exactly one member.
public struct ClusterLogConf: Equatable, Sendable, JSONStructure {
    public var dbfs: StorageDestination?
    public var s3: S3StorageInfo?

    public init(reading reader: ObjectReader) {
        dbfs = reader.structure("dbfs")
        s3 = reader.structure("s3")
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("dbfs", dbfs)
        writer.member("s3", s3)
    }
}

/// Where an init script lies ("InitScriptInfo"); exactly one member.
public struct InitScriptInfo: Equatable, Sendable, JSONStructure {
    public var workspace: StorageDestination?
    public var dbfs: StorageDestination?
    public var s3: S3StorageInfo?
    public var file: StorageDestination?

    public init(reading reader: ObjectReader) {
        workspace = reader.structure("workspace")
        dbfs = reader.structure("dbfs")
        s3 = reader.structure("s3")
        file = reader.structure("file")
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("workspace", workspace)
        writer.member("dbfs", dbfs)
        writer.member("s3", s3)
        writer.member("file", file)
    }
}

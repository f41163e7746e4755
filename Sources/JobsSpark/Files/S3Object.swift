// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation

/// What `s3://bucket/key` names; `s3a` and `s3n` are the same.
struct S3Object: Equatable, Sendable {
    let bucket: String
    /// As it stands in the URI: nothing in it is encoded.
    let key: String

    private static let schemes = ["s3://", "s3a://", "s3n://"]

    static func isS3(_ uri: String) -> Bool { schemes.contains { uri.hasPrefix($0) } }

    /// - Returns: nil when there is no bucket or no key.
    init?(_ uri: String) {
        guard let scheme = Self.schemes.first(where: { uri.hasPrefix($0) }) else { return nil }
        let parts = uri.dropFirst(scheme.count).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        bucket = String(parts[0])
        key = String(parts[1])
    }

    /// Whether the bucket is an ordinary one: neither an access point, which an ARN names, nor a directory bucket, which
    /// takes requests of another kind.
    var isInOrdinaryBucket: Bool {
        bucket.utf8.allSatisfy { Self.isNameCharacter($0) } && !bucket.hasSuffix("--x-s3")
    }

    /// Whether the bucket can be the first part of a host name that Amazon's certificate covers.
    fileprivate var hasBucketOfHostName: Bool {
        (3...63).contains(bucket.utf8.count) && !bucket.hasPrefix("-") && !bucket.hasSuffix("-")
            && bucket.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            }
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

/// Where S3 is asked for an object.
struct S3Location: Equatable, Sendable {
    /// `https` or `http`.
    let scheme: String
    /// With the port, where it is not the scheme's own.
    let host: String
    /// Percent-encoded.
    let path: String

    var url: String { "\(scheme)://\(host)\(path)" }

    /// - Parameter endpoint: of a service that is not Amazon's; it rarely has a DNS name per bucket.
    /// - Returns: nil when the endpoint is no address, or nothing is known about the region.
    init?(_ object: S3Object, region: String, endpoint: String?) {
        if let endpoint {
            guard let components = URLComponents(string: endpoint), let scheme = components.scheme?.lowercased(),
                ["http", "https"].contains(scheme), let host = components.host, !host.isEmpty, components.user == nil,
                components.query == nil, components.fragment == nil
            else { return nil }
            let isOwnPort = components.port == nil || components.port == (scheme == "http" ? 80 : 443)
            self.scheme = scheme
            self.host = host + (isOwnPort ? "" : ":\(components.port ?? 0)")
            let prefix = components.percentEncodedPath.hasSuffix("/") ? "" : "/"
            path = components.percentEncodedPath + prefix + AWSSignature.encoded(path: "\(object.bucket)/\(object.key)")
            return
        }
        guard let domain = Self.domain(of: region) else { return nil }
        scheme = "https"
        if object.hasBucketOfHostName {
            host = "\(object.bucket).s3.\(region).\(domain)"
            path = "/" + AWSSignature.encoded(path: object.key)
        } else {
            host = "s3.\(region).\(domain)"
            path = "/" + AWSSignature.encoded(path: "\(object.bucket)/\(object.key)")
        }
    }

    /// Of Amazon's services in a region; nil for regions that have other ones.
    private static func domain(of region: String) -> String? {
        let isName = region.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
        }
        let others = ["us-iso", "eu-iso", "eusc-"]
        guard isName, !region.isEmpty, !others.contains(where: { region.hasPrefix($0) }) else { return nil }
        return region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
    }
}

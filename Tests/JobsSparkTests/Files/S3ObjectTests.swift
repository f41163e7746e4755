// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import Testing

@testable import JobsSpark

@Suite("Where S3 is asked for a file")
struct S3ObjectTests {
    @Test(
        "bucket and key of a URI, in which nothing is encoded",
        arguments: [
            ("s3://b/k", "b", "k"), ("s3a://b/a/b c%20.py", "b", "a/b c%20.py"), ("s3n://b.c//k/", "b.c", "/k/"),
        ])
    func parts(_ uri: String, _ bucket: String, _ key: String) throws {
        let object = try #require(S3Object(uri))
        #expect((object.bucket, object.key) == (bucket, key))
    }

    @Test(
        "Amazon's hosts, by region and bucket",
        arguments: [
            ("s3://my-bucket/a b", "eu-west-1", "https://my-bucket.s3.eu-west-1.amazonaws.com/a%20b"),
            ("s3://my.bucket/k", "us-east-1", "https://s3.us-east-1.amazonaws.com/my.bucket/k"),
            ("s3://Old_Bucket/k", "us-east-1", "https://s3.us-east-1.amazonaws.com/Old_Bucket/k"),
            ("s3://bbb/k", "cn-north-1", "https://bbb.s3.cn-north-1.amazonaws.com.cn/k"),
            ("s3://bbb/k", "us-iso-east-1", nil), ("s3://bbb/k", "evil.example/", nil), ("s3://bbb/k", "", nil),
        ])
    func amazon(_ uri: String, _ region: String, _ url: String?) throws {
        #expect(S3Location(try #require(S3Object(uri)), region: region, endpoint: nil)?.url == url)
    }

    @Test(
        "another service has its buckets in the path",
        arguments: [
            ("http://127.0.0.1:9000", "http://127.0.0.1:9000/bbb/k", "127.0.0.1:9000"),
            ("https://store.example:443/", "https://store.example/bbb/k", "store.example"),
            ("HTTP://store.example/s3", "http://store.example/s3/bbb/k", "store.example"),
            ("ftp://store.example", nil, nil), ("store.example", nil, nil), ("http://u:p@store.example", nil, nil),
        ])
    func endpoint(_ endpoint: String, _ url: String?, _ host: String?) throws {
        let location = S3Location(try #require(S3Object("s3://bbb/k")), region: "x", endpoint: endpoint)
        #expect(location?.url == url)
        #expect(location?.host == host)
    }

    /// Whether the server itself fetches a file.
    private func isFetched(
        _ uri: String = "s3://bucket/k", _ change: (inout SparkConfiguration) -> Void = { _ in }
    ) throws -> Bool {
        var configuration = SparkConfiguration.fixture("/d")
        configuration.s3 = .init(
            endpoint: "http://store.example", region: nil, accessKeyID: "id", secretAccessKey: "secret")
        change(&configuration)
        return try S3Download(uri, configuration) != nil
    }

    @Test("what boto3 alone can do is left to prepare.py: other keys, proxies, certificates and kinds of buckets")
    func limits() throws {
        #expect(try isFetched())
        #expect(
            try isFetched { $0.inheritedEnvironment = ["HTTPS_PROXY": "p", "REQUESTS_CA_BUNDLE": "/c", "TZ": "x"] })
        for name in ["HTTP_PROXY", "http_proxy"] {
            #expect(try !isFetched { $0.inheritedEnvironment = [name: "p"] })
            #expect(try isFetched { $0.inheritedEnvironment = [name: ""] })
        }
        for name in ["HTTPS_PROXY", "https_proxy", "REQUESTS_CA_BUNDLE"] {
            #expect(
                try !isFetched {
                    $0.s3?.endpoint = nil
                    $0.inheritedEnvironment = [name: "p"]
                })
        }
        #expect(try !isFetched { $0.s3?.accessKeyID = nil })
        #expect(try !isFetched { $0.s3?.secretAccessKey = "" })
        #expect(
            try !isFetched {
                $0.s3?.endpoint = nil
                $0.s3?.region = "us-iso-east-1"
            })
        #expect(try !isFetched("s3://arn:aws:s3:us-east-1:1:accesspoint/k"))
        #expect(try !isFetched("s3://bucket--usw2-az1--x-s3/k"))
    }

    @Test("what prepare.py would refuse is refused")
    func refusals() {
        #expect(throws: TaskFailure("s3://bucket is not of the form s3://bucket/key")) { try isFetched("s3://bucket") }
        #expect(throws: TaskFailure("s3:///k is not of the form s3://bucket/key")) { try isFetched("s3:///k") }
        #expect(
            throws: TaskFailure("s3://bucket/k cannot be fetched: no access to S3 is configured on this server")
        ) { try isFetched { $0.s3 = nil } }
    }

    @Test("what is done about an answer, and said of it")
    func answers() {
        func refusal(_ status: UInt, _ code: String = "", bucketRegion: String? = nil, more: String = "") -> S3Refusal {
            S3Refusal(status: status, bucketRegion: bucketRegion, body: "<Error><Code>\(code)</Code>\(more)</Error>")
        }
        func decision(_ refusal: S3Refusal) -> S3Refusal.Decision { refusal.decide(askedIn: "us-east-1") }
        for status in [429, 500, 502, 503, 504] as [UInt] { #expect(decision(refusal(status, "SlowDown")) == .retry) }
        for status in [401, 403, 404, 405, 412] as [UInt] { #expect(decision(refusal(status, "X")) == .fail) }
        #expect(decision(refusal(301, bucketRegion: "eu-west-1")) == .redirect(region: "eu-west-1"))
        #expect(decision(refusal(400, more: "<Region>eu-west-1</Region>")) == .redirect(region: "eu-west-1"))
        #expect(decision(refusal(400, bucketRegion: "us-east-1")) == .fail)
        #expect(decision(refusal(403, bucketRegion: "eu-west-1")) == .fail)
        let texts = [
            (refusal(404, "NoSuchKey"), "u does not exist"), (refusal(404, "NoSuchBucket"), "u does not exist"),
            (refusal(404), "u does not exist"),
            (refusal(403, "AccessDenied"), "u cannot be read: access denied by S3 (AccessDenied)"),
            (refusal(403), "u cannot be read: access denied by S3 (403)"),
            (refusal(403, "InvalidObjectState"), "u cannot be fetched: S3 answers InvalidObjectState"),
            (refusal(418, "a secret, or worse"), "u cannot be fetched: S3 answers 418"),
        ]
        for (refusal, text) in texts { #expect(refusal.message(for: "u") == text) }
    }
}

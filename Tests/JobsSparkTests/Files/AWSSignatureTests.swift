// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import Testing

@testable import JobsSpark

/// The examples of Amazon's documentation of S3, and three of its test suite for Signature Version 4.
@Suite("Signatures of requests to S3")
struct AWSSignatureTests {
    private let s3 = AWSSignature(
        accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        region: "us-east-1", service: "s3")
    private let suite = AWSSignature(
        accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        region: "us-east-1", service: "service")

    private func headers(_ more: [String: String] = [:]) -> [String: String] {
        [
            "host": "examplebucket.s3.amazonaws.com", "x-amz-content-sha256": AWSSignature.emptyPayloadHash,
            "x-amz-date": "20130524T000000Z",
        ].merging(more) { $1 }
    }

    @Test("GET Object, with a range")
    func getObject() {
        #expect(
            s3.authorization(
                "GET", path: "/test.txt", headers: headers(["range": "bytes=0-9"]),
                payloadHash: AWSSignature.emptyPayloadHash)
                == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    }

    @Test("PUT Object, whose key has to be encoded")
    func putObject() {
        let hash = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"
        let more = [
            "date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-content-sha256": hash,
            "x-amz-storage-class": "REDUCED_REDUNDANCY",
        ]
        let value = s3.authorization(
            "PUT", path: AWSSignature.encoded(path: "/test$file.text"), headers: headers(more), payloadHash: hash)
        #expect(value.hasSuffix("=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"))
    }

    @Test(
        "requests with a query",
        arguments: [
            ("lifecycle=", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
            ("max-keys=2&prefix=J", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
        ])
    func query(_ query: String, _ signature: String) {
        let value = s3.authorization(
            "GET", path: "/", query: query, headers: headers(), payloadHash: AWSSignature.emptyPayloadHash)
        #expect(value.hasSuffix("=" + signature))
    }

    @Test(
        "get-vanilla, get-unreserved and get-utf8 of the suite",
        arguments: [
            ("/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
            (
                "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
                "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"
            ),
            ("/\u{1234}", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
        ])
    func suite(_ path: String, _ signature: String) {
        let value = suite.authorization(
            "GET", path: AWSSignature.encoded(path: path),
            headers: ["host": "example.amazonaws.com", "x-amz-date": "20150830T123600Z"],
            payloadHash: AWSSignature.emptyPayloadHash)
        #expect(value.hasSuffix("SignedHeaders=host;x-amz-date, Signature=" + signature))
    }

    @Test("times as x-amz-date has them")
    func time() {
        #expect(AWSSignature.text(of: Date(timeIntervalSince1970: 1_369_353_600)) == "20130524T000000Z")
        #expect(AWSSignature.text(of: Date(timeIntervalSince1970: 1_440_938_160.9)) == "20150830T123600Z")
    }
}

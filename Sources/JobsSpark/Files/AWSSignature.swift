// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Crypto
import Foundation

/// AWS Signature Version 4: shows a service that the sender of a request has the secret key.
struct AWSSignature: Sendable {
    let accessKeyID: String
    let secretAccessKey: String
    let region: String
    let service: String

    /// SHA-256 of a body without bytes.
    static let emptyPayloadHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private static let algorithm = "AWS4-HMAC-SHA256"

    /// The value of the header `Authorization`.
    /// - Parameters:
    ///   - path: as it is sent, percent-encoded.
    ///   - query: likewise, sorted by name.
    ///   - headers: those to be signed, by their names in lower case; `x-amz-date` and `host` are among them.
    func authorization(
        _ method: String, path: String, query: String = "", headers: [String: String], payloadHash: String
    ) -> String {
        let sorted = headers.sorted { $0.key < $1.key }
        let names = sorted.map(\.key).joined(separator: ";")
        let canonical =
            [method, path, query] + sorted.map { "\($0.key):\($0.value.trimmingCharacters(in: .whitespaces))" }
            + ["", names, payloadHash]
        let time = headers["x-amz-date"] ?? ""
        let date = String(time.prefix(8))
        let scope = [date, region, service, "aws4_request"].joined(separator: "/")
        let hash = Self.hexadecimal(SHA256.hash(data: Data(canonical.joined(separator: "\n").utf8)))
        let text = [Self.algorithm, time, scope, hash].joined(separator: "\n")
        let signature = Self.hexadecimal(Self.code(Self.key(secretAccessKey, date, region, service), text))
        return "\(Self.algorithm) Credential=\(accessKeyID)/\(scope), SignedHeaders=\(names), Signature=\(signature)"
    }

    /// As `x-amz-date` has it.
    static func text(of time: Date) -> String {
        time.formatted(
            Date.ISO8601FormatStyle(
                dateSeparator: .omitted, dateTimeSeparator: .standard, timeSeparator: .omitted, timeZone: .gmt))
    }

    /// Percent-encoded, all but RFC 3986's unreserved characters and slashes.
    static func encoded(path: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                result.append(byte)
            default: result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Of one day, region and service: the secret key itself signs nothing.
    private static func key(_ secret: String, _ date: String, _ region: String, _ service: String) -> SymmetricKey {
        [date, region, service, "aws4_request"].reduce(SymmetricKey(data: Data("AWS4\(secret)".utf8))) { key, part in
            SymmetricKey(data: code(key, part))
        }
    }

    private static func code(_ key: SymmetricKey, _ text: String) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// An answer of S3 that is not the object.
struct S3Refusal: Equatable, Sendable {
    let status: UInt
    /// Of the error in the body, or the status where there is none.
    let code: String
    /// Where the bucket is, if S3 says so.
    let region: String?

    /// - Parameter body: the error as XML, or a part of it.
    init(status: UInt, bucketRegion: String?, body: String) {
        self.status = status
        code = Self.element("Code", of: body) ?? String(status)
        region = bucketRegion ?? Self.element("Region", of: body)
    }

    private static func element(_ name: String, of body: String) -> String? {
        guard let start = body.firstRange(of: "<\(name)>") else { return nil }
        let text = body[start.upperBound...].prefix { $0 != "<" }
        let isWord = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
        }
        return isWord && (1...100).contains(text.utf8.count) ? String(text) : nil
    }

    enum Decision: Equatable, Sendable {
        /// The bucket is in another region: ask there.
        case redirect(region: String)
        /// The same request may be answered a moment later.
        case retry
        case fail
    }

    /// - Parameter region: where S3 was asked.
    func decide(askedIn region: String) -> Decision {
        switch status {
        case 301, 302, 307, 400:
            guard let other = self.region, other != region else { return .fail }
            return .redirect(region: other)
        case 429, 500, 502, 503, 504: return .retry
        default: return .fail
        }
    }

    func message(for uri: String) -> String {
        switch code {
        case "404", "NoSuchKey", "NoSuchBucket": "\(uri) does not exist"
        case "403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch":
            "\(uri) cannot be read: access denied by S3 (\(code))"
        default: "\(uri) cannot be fetched: S3 answers \(code)"
        }
    }
}

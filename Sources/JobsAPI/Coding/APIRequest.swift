// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// The parameters of an endpoint. Reading finds wrong types, missing fields and what the request's own reading forbids;
/// most other rules are those of JobsDomain's structures.
public protocol APIRequest {
    init(reading reader: ObjectReader)
}

/// What a request may hold.
public enum RequestLimits {
    /// Elements of an array: no structure of the specification needs nearly as many.
    public static let maxElements = 10_000
}

/// A request as it was read, and its unknown fields.
public struct DecodedRequest<Request: APIRequest> {
    public let request: Request
    /// Also collects what the rules find.
    public let report: ReadingReport

    public init(_ object: JSONObject) {
        report = ReadingReport(maxElements: RequestLimits.maxElements)
        let reader = ObjectReader(object, report: report)
        request = Request(reading: reader)
        reader.noteUnknownFields()
    }

    public var unknownFields: [String] { report.unknownFields }

    /// The request, when nothing is wrong with it.
    public func checked() throws(APIError) -> Request {
        if let error = APIError(report) { throw error }
        return request
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// An endpoint, as the API's description tells of it.
public struct APIOperation: Sendable {
    public enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    public let method: Method
    /// With parameters in braces: `/api/2.0/notification-destinations/{id}`.
    public let path: String
    /// Its group: Jobs, Runs, DBFS ...
    public let group: String
    /// The name of the request and, with `Response` behind it, of the answer: `CreateJob`.
    public let name: String
    public let summary: String
    public let description: String
    /// What the request reads.
    let read: @Sendable (ObjectReader) -> Void
    /// The schema of a successful response; nil: an empty object.
    public let answer: String?
    /// Statuses beside those that every endpoint may answer.
    let statuses: [Int]

    init<R: APIRequest & SendableMetatype>(
        _ method: Method, _ path: String, _ group: String, _ name: String, _ summary: String,
        takes request: R.Type, answers answer: String? = nil, statuses: [Int] = [], _ description: String = ""
    ) {
        self.method = method
        self.path = "/api/2.0/" + path
        self.group = group
        self.name = name
        self.summary = summary
        self.description = description
        read = { reader in _ = R(reading: reader) }
        self.answer = answer
        self.statuses = statuses
    }

    /// What the request reads, in the order in which it is read.
    public var parameters: [SchemaRecorder.Member] { SchemaRecorder.members(read) }

    /// Names in the path's braces.
    var pathParameters: [String] {
        path.split(separator: "/").filter { $0.first == "{" }.map { String($0.dropFirst().dropLast()) }
    }

    /// Every possible status, with its meaning.
    var answers: [(status: Int, meaning: String)] {
        Self.meanings.filter { Self.always.contains($0.status) || statuses.contains($0.status) }
    }

    private static let always = [200, 400, 401, 403, 405, 413, 429, 500, 503]
    private static let meanings: [(status: Int, meaning: String)] = [
        (200, "Done."),
        (400, "The request is not allowed; the message names the field, what was given and what is allowed."),
        (401, "No token was given."), (403, "The token is unknown, or its owner may not do this."),
        (404, "There is no such thing."), (405, "The path does not take this method."),
        (409, "There is such a thing already."),
        (413, "The request is too large."), (429, "A limit is reached; Retry-After says when to try again."),
        (500, "The server failed; nothing was changed."),
        (503, "The server cannot do this now; Retry-After says when to try again."),
    ]
}

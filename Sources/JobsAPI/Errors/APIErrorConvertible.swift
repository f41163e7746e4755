// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// An error that has an answer on the wire. Each module throws its own errors; those that requests can cause conform, and
/// the server translates them in one place, where an answer is made of what was thrown.
public protocol APIErrorConvertible: Error {
    var apiError: APIError { get }
}

extension APIError: APIErrorConvertible {
    public var apiError: APIError { self }
}

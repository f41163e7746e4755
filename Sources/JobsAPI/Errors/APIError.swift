// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// The one error of the wire: `{"error_code": "...", "message": "..."}` (contract A3).
public struct APIError: Error, Equatable, Sendable, CustomStringConvertible {
    public let code: APIErrorCode
    public let message: String
    /// Seconds after which a repetition may succeed; the `Retry-After` header.
    public let retryAfter: Int?

    public init(_ code: APIErrorCode, _ message: String, retryAfter: Int? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    /// For messages and logs.
    public var description: String { "\(code.rawValue): \(message)" }

    public var body: String { JSONWriter.text { $0.object(writeMembers) } }

    public func writeMembers(to writer: inout JSONWriter) {
        writer.member("error_code", code.rawValue)
        writer.member("message", message)
    }
}

/// The error codes of the service; a code and its HTTP status always agree.
public enum APIErrorCode: String, Sendable, CaseIterable {
    case invalidParameterValue = "INVALID_PARAMETER_VALUE"
    case malformedRequest = "MALFORMED_REQUEST"
    case invalidState = "INVALID_STATE"
    case resourceDoesNotExist = "RESOURCE_DOES_NOT_EXIST"
    case resourceAlreadyExists = "RESOURCE_ALREADY_EXISTS"
    case permissionDenied = "PERMISSION_DENIED"
    case unauthenticated = "UNAUTHENTICATED"
    case endpointNotFound = "ENDPOINT_NOT_FOUND"
    case methodNotAllowed = "METHOD_NOT_ALLOWED"
    case requestLimitExceeded = "REQUEST_LIMIT_EXCEEDED"
    case maxRequestSizeExceeded = "MAX_REQUEST_SIZE_EXCEEDED"
    case maxReadSizeExceeded = "MAX_READ_SIZE_EXCEEDED"
    case maxBlockSizeExceeded = "MAX_BLOCK_SIZE_EXCEEDED"
    case maxNotebookSizeExceeded = "MAX_NOTEBOOK_SIZE_EXCEEDED"
    case directoryNotEmpty = "DIRECTORY_NOT_EMPTY"
    case resourceLimitExceeded = "RESOURCE_LIMIT_EXCEEDED"
    case ioError = "IO_ERROR"
    case internalError = "INTERNAL_ERROR"
    case temporarilyUnavailable = "TEMPORARILY_UNAVAILABLE"

    public var httpStatus: Int {
        switch self {
        case .invalidParameterValue, .malformedRequest, .invalidState, .resourceAlreadyExists, .maxReadSizeExceeded,
            .maxBlockSizeExceeded, .maxNotebookSizeExceeded, .directoryNotEmpty, .resourceLimitExceeded, .ioError:
            400
        case .unauthenticated: 401
        case .permissionDenied: 403
        case .resourceDoesNotExist, .endpointNotFound: 404
        case .methodNotAllowed: 405
        case .maxRequestSizeExceeded: 413
        case .requestLimitExceeded: 429
        case .internalError: 500
        case .temporarilyUnavailable: 503
        }
    }
}

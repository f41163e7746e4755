// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Hummingbird
import JobsDomain
import JobsStore
import Logging

/// What belongs to one request.
public struct APIContext: RequestContext {
    /// "The maximum allowed size of a request to the Jobs API is 10MB."
    public static let maxRequestSize = 10 * 1024 * 1024

    public var coreContext: CoreRequestContextStorage
    /// In the response and in each log line about the request; set by `RequestLogMiddleware`.
    public var requestID = ""
    /// The user who sent the request; set by `AuthenticationMiddleware`.
    public var principal: Principal?
    /// The run that sent the request; set by `RunAuthenticationMiddleware`.
    public var run: RunID?

    public init(source: Source) { coreContext = .init(source: source) }

    public var maxUploadSize: Int { Self.maxRequestSize }
}

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
    /// Stands in the answer and in each line of the log about the request; set by `RequestLogMiddleware`.
    public var requestID = ""
    /// Whom the request comes from; set by `AuthenticationMiddleware`.
    public var principal: Principal?
    /// The run that asks; set by `RunAuthenticationMiddleware`.
    public var run: RunID?

    public init(source: Source) { coreContext = .init(source: source) }

    public var maxUploadSize: Int { Self.maxRequestSize }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import HTTPTypes
import Hummingbird
import JobsDomain
import Logging

/// Gives each request an id, which stands in the answer's `X-Request-Id` and in all lines of the log about the request,
/// and logs the request itself. Outermost.
struct RequestLogMiddleware: RouterMiddleware {
    typealias Context = APIContext

    /// The logger of requests.
    let logger: Logger
    /// The log level of requests that have changed something.
    var changes = Logger.Level.info

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let clock = ContinuousClock()
        let start = clock.now
        let id = RequestIdentity.id(given: request.headers[.requestID], made: context.id)
        var context = context
        context.requestID = id
        context.logger = logger
        context.logger[metadataKey: "request_id"] = "\(id)"
        var response = try await next(request, context)
        response.headers[.requestID] = id
        let line = RequestLine(
            method: request.method, status: response.status.code, took: clock.now - start, changes: changes)
        // The route, not the path, which may hold confidential names.
        context.logger.log(
            level: line.level, line.message,
            metadata: [
                "method": "\(request.method.rawValue)", "route": "\(context.endpointPath ?? "none")",
                "status": "\(response.status.code)", "took": "\(line.took)",
            ])
        return response
    }
}

/// Which id a request has.
enum RequestIdentity {
    /// The client's request id, if it is safe in headers and logs; else the generated one.
    static func id(given: String?, made: String) -> String {
        guard let given, 1...128 ~= given.utf8.count, given.utf8.allSatisfy(isAllowed) else { return made }
        return given
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        byte.isASCIILetterOrDigit || "-_.:/+=@".utf8.contains(byte)
    }
}

/// The line that the log has of a request.
struct RequestLine: Equatable {
    /// A request that takes longer is worth a warning.
    private static let slow = Duration.seconds(2)

    let level: Logger.Level
    let message: Logger.Message
    let took: Duration

    /// - Parameter changes: the level for requests that have changed something.
    init(method: HTTPRequest.Method, status: Int, took: Duration, changes: Logger.Level) {
        self.took = took
        switch status {
        case 500...: (level, message) = (.warning, "request failed")
        case _ where took > Self.slow: (level, message) = (.warning, "slow request")
        case 200...299 where ![.get, .head, .options].contains(method): (level, message) = (changes, "request")
        default: (level, message) = (.debug, "request")
        }
    }
}

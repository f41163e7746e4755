// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CoreMetrics
import HTTPTypes
import Hummingbird
import JobsAPI

/// Counts and times requests by route. Outside of `ErrorMiddleware`, so that it sees the answers to errors too.
struct MetricsMiddleware: RouterMiddleware {
    typealias Context = APIContext

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let clock = ContinuousClock()
        let start = clock.now
        let response = try await next(request, context)
        let duration = clock.now - start
        // The route, not the path: the cardinality of paths is unbounded.
        let route = context.endpointPath ?? "none"
        Counter(
            label: "lamplighter_http_requests_total",
            dimensions: [
                ("method", Self.known(request.method)), ("route", route), ("status", String(response.status.code)),
            ]
        ).increment()
        Timer(label: "lamplighter_http_request_seconds", dimensions: [("route", route)])
            .recordNanoseconds(
                duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000)
        return response
    }

    /// A client may send any token as method.
    private static func known(_ method: HTTPRequest.Method) -> String {
        [.get, .post, .put, .patch, .delete, .head, .options].contains(method) ? method.rawValue : "other"
    }
}

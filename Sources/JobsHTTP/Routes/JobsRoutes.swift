// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Hummingbird
import JobsAPI
import JobsDomain
import JobsJSON
import JobsService
import JobsStore
import NIOCore

/// `/api/2.0/jobs/*` (contract B).
struct JobsRoutes: Sendable {
    let jobs: JobService
    let cache: ResponseCache

    var endpoints: [Endpoint] {
        [
            .post("/api/2.0/jobs/create", create), .get("/api/2.0/jobs/list", list),
            .cachedGet("/api/2.0/jobs/get", cache, get),
            .post("/api/2.0/jobs/reset", reset), .post("/api/2.0/jobs/update", update),
            .post("/api/2.0/jobs/delete", delete), .post("/api/2.0/jobs/validate", validate),
        ]
    }

    @Sendable func create(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let job = try await jobs.create(call.decoded(), by: call.principal)
        return APIResponse { $0.member("job_id", job.rawValue) }
    }

    @Sendable func validate(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let review = try await jobs.validate(call.decoded(), by: call.principal)
        return APIResponse { review.write(to: &$0) }
    }

    @Sendable func get(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let job = try await jobs.get(call.decoded())
        return APIResponse { job.write(to: &$0) }
    }

    /// Streams, so that ten thousand jobs need no more memory than a page of them.
    @Sendable func list(_ call: AuthenticatedRequest) async throws -> APIResponse {
        _ = try call.decoded(as: ListJobsRequest.self).checked()
        let pageSize = 200
        let first = try await jobs.list(after: nil, limit: pageSize)
        return APIResponse(stream: { writer in
            var page = first
            var separator = "{\"jobs\":["
            while true {
                var text = JSONWriter(reserving: 64 * 1024)
                for job in page {
                    text.object(job.write)
                }
                // The writer sets commas within a page, this code between pages.
                try await writer.write(ByteBuffer(string: separator))
                if !page.isEmpty {
                    try await writer.write(ByteBuffer(bytes: text.bytes))
                    separator = ","
                }
                guard page.count == pageSize, let last = page.last else { break }
                page = try await jobs.list(after: last.id, limit: pageSize)
                if page.isEmpty { break }
            }
            try await writer.write(ByteBuffer(string: "]}"))
        })
    }

    @Sendable func reset(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await jobs.reset(call.decoded(), by: call.principal)
        return APIResponse()
    }

    @Sendable func update(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let request = call.decoded(as: UpdateJobRequest.self)
        let unknown = try await jobs.update(request, by: call.principal)
        return APIResponse(warnings: unknown.map { "unknown field \($0)" })
    }

    @Sendable func delete(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await jobs.delete(call.decoded())
        return APIResponse()
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Hummingbird
import JobsAPI
import JobsService
import JobsStore
import Logging

/// Everything that answers requests.
public struct HTTPServices: Sendable {
    public let jobs: JobService
    public let runs: RunService
    public let destinations: DestinationService
    public let tokens: AccessTokens
    public let dbfs: DBFSService
    public let workspace: WorkspaceService
    public let secrets: SecretService
    /// Tells whether a cached response is still valid.
    public let changes: any ChangeCounter
    /// Where the pages are, for `run_page_url`; known once the server listens.
    public let baseURL: @Sendable () -> String
    /// What `openapi.json` answers.
    public let description: OpenAPIDocument
    /// Endpoints of other modules: pages, health, metrics.
    public let more: [Endpoint]

    public init(
        jobs: JobService, runs: RunService, destinations: DestinationService, tokens: AccessTokens,
        dbfs: DBFSService, workspace: WorkspaceService, secrets: SecretService, changes: any ChangeCounter,
        baseURL: @escaping @Sendable () -> String, description: OpenAPIDocument,
        more: [Endpoint] = []
    ) {
        self.jobs = jobs
        self.runs = runs
        self.destinations = destinations
        self.tokens = tokens
        self.dbfs = dbfs
        self.workspace = workspace
        self.secrets = secrets
        self.changes = changes
        self.baseURL = baseURL
        self.description = description
        self.more = more
    }

    /// All endpoints, below /api/2.0 and elsewhere.
    public var endpoints: [Endpoint] {
        let cache = ResponseCache(counter: changes)
        return JobsRoutes(jobs: jobs, cache: cache).endpoints
            + RunsRoutes(runs: runs, cache: cache, baseURL: baseURL).endpoints
            + DestinationsRoutes(destinations: destinations).endpoints + DBFSRoutes(dbfs: dbfs).endpoints
            + WorkspaceRoutes(workspace: workspace).endpoints + SecretsRoutes(secrets: secrets).endpoints
            + DescriptionRoutes(document: description).endpoints + DiscoveryRoutes().endpoints + more
    }

    public func router() -> Router<APIContext> {
        let router = Router(context: APIContext.self)
        let endpoints = endpoints
        router.add(middleware: RequestLogMiddleware(logger: Logger(label: "lamplighter.http")))
        router.add(middleware: MetricsMiddleware())
        router.add(middleware: ErrorMiddleware(methods: AllowedMethods(endpoints)))
        let openPaths = Set(endpoints.filter { !$0.needsToken }.map(\.path))
        router.add(middleware: AuthenticationMiddleware(tokens: tokens, openPaths: openPaths))
        router.add(endpoints)
        return router
    }
}

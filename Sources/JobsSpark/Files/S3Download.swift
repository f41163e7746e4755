// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import AsyncHTTPClient
import Foundation
import JobsCompute
import NIOCore
import NIOHTTP1
import TaskProcesses

/// Fetches an object of S3 with the server's own keys. Without an SDK: it is a single request, and Amazon's SDK would
/// multiply what has to be built.
struct S3Download: Sendable {
    private let uri: String
    private let object: S3Object
    private let settings: SparkConfiguration.S3
    private let keys: (id: String, secret: String)
    /// Before each repetition.
    private let pauses: [Duration]

    private static let defaultRegion = "us-east-1"
    private static let maxErrorSize = 64 * 1024

    /// - Returns: nil when boto3 can do more: find keys elsewhere, go through a proxy, trust other certificates, or reach
    ///   a bucket of another kind.
    init?(
        _ uri: String, _ configuration: SparkConfiguration, pauses: [Duration] = [.milliseconds(100), .seconds(1)]
    ) throws(TaskFailure) {
        guard let object = S3Object(uri) else { throw TaskFailure("\(uri) is not of the form s3://bucket/key") }
        guard let settings = configuration.s3 else {
            throw TaskFailure("\(uri) cannot be fetched: no access to S3 is configured on this server")
        }
        guard let id = settings.accessKeyID, let secret = settings.secretAccessKey, !id.isEmpty, !secret.isEmpty,
            object.isInOrdinaryBucket,
            let location = S3Location(
                object, region: settings.region ?? Self.defaultRegion, endpoint: settings.endpoint),
            S3Connection.reaches(location, environment: configuration.inheritedEnvironment)
        else { return nil }
        self.uri = uri
        self.object = object
        self.settings = settings
        keys = (id, secret)
        self.pauses = pauses
    }

    func copy(to path: String) async throws {
        let draft = try await BlockingWork.run { try FileDraft(of: path, uri: uri) }
        do {
            try await fetch(into: draft)
            try await BlockingWork.run { try draft.finish() }
        } catch {
            await BlockingWork.run { draft.discard() }
            try Task.checkCancellation()
            throw error
        }
    }

    private func fetch(into draft: FileDraft) async throws {
        var region = settings.region ?? Self.defaultRegion
        var pauses = pauses[...]
        var mayBeRedirected = true
        while true {
            let failure: TaskFailure
            switch try await attempt(into: draft, region: region) {
            case .received: return
            case .unreachable(let reason):
                failure = TaskFailure("\(uri) cannot be fetched: S3 cannot be reached (\(reason))")
            case .refused(let refusal):
                failure = TaskFailure(refusal.message(for: uri))
                switch refusal.decide(askedIn: region) {
                case .redirect(let other) where mayBeRedirected:
                    region = other
                    mayBeRedirected = false
                    continue
                case .retry: break
                case .redirect, .fail: throw failure
                }
            }
            guard let pause = pauses.popFirst() else { throw failure }
            try await Task.sleep(for: pause)
        }
    }

    private enum Outcome {
        case received
        case refused(S3Refusal)
        /// The connection failed, at its beginning or later.
        case unreachable(String)
    }

    /// - Throws: `TaskFailure` when the file cannot be written, `CancellationError`.
    private func attempt(into draft: FileDraft, region: String) async throws -> Outcome {
        guard let location = S3Location(object, region: region, endpoint: settings.endpoint) else {
            throw TaskFailure("\(uri) cannot be fetched: nothing is known about the region \(region)")
        }
        do {
            let response = try await S3Connection.client.execute(
                request(to: location, region: region), deadline: .distantFuture)
            guard response.status == .ok else {
                let body = try? await response.body.collect(upTo: Self.maxErrorSize)
                return .refused(
                    S3Refusal(
                        status: response.status.code, bucketRegion: response.headers.first(name: "x-amz-bucket-region"),
                        body: body.map { String(buffer: $0) } ?? ""))
            }
            try await BlockingWork.run { try draft.restart() }
            for try await chunk in response.body {
                try await BlockingWork.run { try chunk.withUnsafeReadableBytes { try draft.append($0) } }
            }
            return .received
        } catch let error as TaskFailure {
            throw error
        } catch {
            try Task.checkCancellation()
            return .unreachable(S3Connection.reason(error))
        }
    }

    private func request(to location: S3Location, region: String) -> HTTPClientRequest {
        var headers = [
            "host": location.host, "x-amz-content-sha256": AWSSignature.emptyPayloadHash,
            "x-amz-date": AWSSignature.text(of: Date()),
        ]
        let signature = AWSSignature(
            accessKeyID: keys.id, secretAccessKey: keys.secret, region: region, service: "s3")
        headers["authorization"] = signature.authorization(
            "GET", path: location.path, headers: headers, payloadHash: AWSSignature.emptyPayloadHash)
        var request = HTTPClientRequest(url: location.url)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        return request
    }
}

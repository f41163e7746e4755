// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix

/// Connections to S3, which all downloads share.
enum S3Connection {
    /// Lives as long as the process.
    static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        // As `prepare.py` has them.
        configuration.timeout = .init(connect: .seconds(10), read: .seconds(30))
        // A redirect needs another signature.
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        // Repetitions are counted by the download.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
    }()

    /// Where the certificates are that NIOSSL trusts.
    private static let trustedCertificates = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
    ]

    /// Whether a connection is made as boto3 would make it: without a proxy, and with the certificates of the system.
    static func reaches(_ location: S3Location, environment: [String: String]) -> Bool {
        func isSet(_ name: String) -> Bool { environment[name]?.isEmpty == false }
        let proxy = location.scheme + "_proxy"
        guard !isSet(proxy), !isSet(proxy.uppercased()) else { return false }
        guard location.scheme == "https" else { return true }
        return !isSet("REQUESTS_CA_BUNDLE") && trustedCertificates.contains { access($0, R_OK) == 0 }
    }

    /// For the message of a run.
    static func reason(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError: error.shortDescription
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case let error as NIOConnectionError:
            error.connectionErrors.last.map { reason($0.error) } ?? "the name \(error.host) cannot be resolved"
        default: String(describing: type(of: error))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import ArgumentParser
import Foundation
import Hummingbird
import HummingbirdCore
import JobsHTTP
import NIOCore

/// Where and how the server listens, by its settings.
struct Listener {
    let host: String
    let port: Int
    let limits: ConnectionLimits
    let certificate: ServerCertificate?

    /// - Throws: `ValidationError` that names the setting.
    init(_ settings: Settings) throws {
        host = settings[.host]
        port = settings.integer(.port)
        limits = ConnectionLimits(
            maxConnections: settings.integer(.maxConnections),
            idleTimeout: settings.seconds(.connectionTimeout))
        switch (settings.optional(.tlsCert), settings.optional(.tlsKey)) {
        case (nil, nil): certificate = nil
        case (.some, .some):
            do {
                certificate = try ServerCertificate(
                    certificateFile: try settings.path(.tlsCert), keyFile: try settings.path(.tlsKey))
            } catch let error as ServerCertificateError {
                throw ValidationError("\(error)")
            }
        default: throw ValidationError("tls-cert and tls-key belong together: give both or none.")
        }
    }

    var server: HTTPServerBuilder { .guarded(limits, certificate: certificate) }

    var configuration: ApplicationConfiguration {
        ApplicationConfiguration(address: .hostname(host, port: port), serverName: "Lamplighter")
    }

    /// Why it cannot listen, if that is why the server has ended.
    func failure(_ error: any Error) -> CommandFailure? {
        let reason: String
        switch error {
        case let error as IOError: reason = String(cString: strerror(error.errnoCode))
        case SocketAddressError.unknown, is SocketAddressError.UnknownHost: reason = "there is no such host"
        default: return nil
        }
        return CommandFailure("The server cannot listen on \(host):\(port): \(reason).")
    }

    /// - Parameter port: the one that it got.
    func url(port: Int) -> String {
        let host = host.contains(":") ? "[\(host)]" : host
        return "\(certificate == nil ? "http" : "https")://\(host):\(port)"
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import NIOCore
import NIOSSL

/// What the server shows to be who it is, from files in PEM form.
public struct ServerCertificate: Sendable {
    let configuration: TLSConfiguration

    /// - Parameters:
    ///   - certificateFile: the server's certificate, then the intermediate ones (the chain).
    ///   - keyFile: its private key, without a passphrase.
    /// - Throws: `ServerCertificateError`.
    public init(certificateFile: String, keyFile: String) throws {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(certificateFile)
        } catch {
            throw ServerCertificateError.unreadable(certificateFile, what: "certificate", reason: "\(error)")
        }
        if chain.isEmpty {
            throw ServerCertificateError.unreadable(certificateFile, what: "certificate", reason: "it holds none")
        }
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: keyFile, format: .pem)
        } catch {
            throw ServerCertificateError.unreadable(keyFile, what: "private key", reason: "\(error)")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        // Clients that keep a connection open and do not answer close_notify delay the shutdown by at most this.
        configuration.shutdownTimeout = .milliseconds(500)
        self.configuration = configuration
        do {
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw ServerCertificateError.mismatch(certificateFile: certificateFile, keyFile: keyFile)
        }
    }
}

public enum ServerCertificateError: Error, Equatable, CustomStringConvertible {
    case unreadable(String, what: String, reason: String)
    case mismatch(certificateFile: String, keyFile: String)

    public var description: String {
        switch self {
        case .unreadable(let file, let what, let reason): "\(file) cannot be read as a \(what) in PEM form: \(reason)."
        case .mismatch(let certificate, let key):
            "The private key \(key) does not belong to the certificate \(certificate)."
        }
    }
}

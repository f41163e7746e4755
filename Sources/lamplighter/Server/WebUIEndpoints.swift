// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Hummingbird
import JobsHTTP
import JobsWebUI
import NIOCore

extension Endpoint {
    /// A file of the web UI; public.
    static func asset(_ asset: WebAsset) -> Endpoint {
        .open(asset.path) { _, _ in
            Response(
                status: .ok,
                headers: [
                    .contentType: asset.contentType, .cacheControl: "no-cache",
                    .contentSecurityPolicy: asset.contentSecurityPolicy, .xContentTypeOptions: "nosniff",
                ],
                body: .init(byteBuffer: ByteBuffer(bytes: asset.bytes)))
        }
    }
}

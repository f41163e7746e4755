// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Testing

@testable import JobsHTTP

@Suite("G1: multipart forms")
struct MultipartFormTests {
    @Test("a form without any boundary is not held in memory")
    func noBoundary() throws {
        var form = MultipartForm(boundary: "b")
        let piece = [UInt8](repeating: 65, count: 65536)
        for _ in 0..<64 { _ = try form.feed(piece) }
        let buffered = Mirror(reflecting: form).children.first { $0.label == "buffer" }?.value as? [UInt8]
        #expect((buffered?.count ?? 0) < 100_000)
    }
}

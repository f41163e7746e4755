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

    @Test("a file comes out as it went in, however the body is cut, also where it nearly holds the boundary")
    func pieces() throws {
        let file = Array("a\r\n--\r\r\n--bound\r\n\0--boundary\r\n--boundarX\r\n".utf8)
        let body =
            Array("--boundary\r\nContent-Disposition: form-data; name=\"path\"\r\n\r\n/x\r\n".utf8)
            + Array("--boundary\r\nContent-Disposition: form-data; name=\"content\"; filename=\"f\"\r\n\r\n".utf8)
            + file + Array("\r\n--boundary--\r\n".utf8)
        for size in 1...body.count {
            var form = MultipartForm(boundary: "boundary")
            var fields: [String: String] = [:]
            var content: [UInt8] = []
            for start in stride(from: 0, to: body.count, by: size) {
                for event in try form.feed(Array(body[start..<min(start + size, body.count)])) {
                    switch event {
                    case .field(let name, let value): fields[name] = value
                    case .file(let bytes): content += bytes
                    }
                }
            }
            #expect(form.isComplete && fields == ["path": "/x"] && content == file, "pieces of \(size)")
        }
    }
}

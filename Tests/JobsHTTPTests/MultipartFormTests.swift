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

    @Test(
        "the name of a part is what stands between its quotes, whatever that is",
        arguments: [
            (#"form-data; name="path""#, "path"), (#"form-data; name="a;b""#, "a;b"),
            (#"form-data; name="a; name=b""#, "a; name=b"), (#"form-data; name="a=b""#, "a=b"),
            (#"form-data; name="a\"b""#, #"a"b"#), (#"form-data; name="a%22b""#, "a%22b"),
            (#"form-data; x="name=y"; name=path"#, "path"), (#"form-data;name = "path""#, "path"),
            (#"form-data; NAME="path""#, "path"), (#"form-data; name=""#, ""),
        ])
    func names(_ disposition: String, _ name: String) throws {
        #expect(try events(disposition) == [.field(name: name, value: "x")])
    }

    @Test(
        "a file name makes a part the file, also one with a semicolon in it",
        arguments: [#"name="content"; filename="a;b.py""#, #"name="a; b"; filename="c""#, #"name="file""#])
    func files(_ parameters: String) throws {
        #expect(try events("form-data; " + parameters) == [.file(Array("x".utf8))])
    }

    private func events(_ disposition: String) throws -> [MultipartForm.Event] {
        var form = MultipartForm(boundary: "b")
        return try form.feed(Array("--b\r\nContent-Disposition: \(disposition)\r\n\r\nx\r\n--b--\r\n".utf8))
    }

    @Test(
        "the boundary is read with or without quotes, in which a semicolon is a part of it",
        arguments: [
            ("multipart/form-data; boundary=abc", "abc"), (#"multipart/form-data; boundary="abc""#, "abc"),
            (#"Multipart/Form-Data; charset="x;boundary=y"; Boundary="a;b c""#, "a;b c"),
            ("multipart/form-data", nil), ("multipart/form-data; boundary=", nil), ("text/plain; boundary=abc", nil),
        ])
    func boundaries(_ contentType: String, _ boundary: String?) {
        #expect(MultipartForm.boundary(in: contentType) == boundary)
    }
}

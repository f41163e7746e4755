// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsAPI

/// Reads a multipart/form-data body piece by piece (RFC 7578), so that a file of any size passes without being held in
/// memory.
///
/// Written by hand: vapor/multipart-kit 4 collects the headers of a part without a limit and reports to closures that
/// cannot throw, so a form could fill the memory; its version 5, which streams, is a beta.
struct MultipartForm {
    enum Event: Equatable {
        /// A part without a file name.
        case field(name: String, value: String)
        /// The next bytes of the part with the file: the one that is called `file` or has a file name.
        case file([UInt8])
    }

    private enum State {
        case preamble
        case headers
        case field(name: String)
        case file
        case end
    }

    private static let maxHeaderSize = 16 * 1024
    private static let maxFieldLength = 2 * 1024 * 1024

    /// What separates parts: CR LF, two hyphens, the boundary.
    private let delimiter: [UInt8]
    private var state = State.preamble
    private var buffer: [UInt8] = Array("\r\n".utf8)

    var isComplete: Bool { if case .end = state { true } else { false } }

    init(boundary: String) { delimiter = Array("\r\n--\(boundary)".utf8) }

    /// The boundary of a Content-Type; nil when it is not multipart/form-data.
    static func boundary(in contentType: String?) -> String? {
        guard let contentType, contentType.lowercased().hasPrefix("multipart/form-data") else { return nil }
        let boundary = HeaderParameters(contentType)["boundary"]
        return boundary?.isEmpty == true ? nil : boundary
    }

    /// - Throws: `APIError` when the body is not a form.
    mutating func feed(_ bytes: [UInt8]) throws(APIError) -> [Event] {
        buffer += bytes
        var events: [Event] = []
        while try step(&events) {}
        return events
    }

    /// Takes one piece off the buffer; false when more bytes are needed.
    private mutating func step(_ events: inout [Event]) throws(APIError) -> Bool {
        switch state {
        case .end:
            buffer.removeAll()
            return false
        case .preamble:
            guard let found = wholeDelimiter() else {
                // Only its end can be the beginning of a delimiter: a body without any is not kept.
                buffer.removeSubrange(..<max(0, buffer.count - delimiter.count - 1))
                return false
            }
            return try nextPart(after: found.upperBound)
        case .headers:
            guard let end = firstRange(of: Array("\r\n\r\n".utf8)) else {
                if buffer.count > Self.maxHeaderSize {
                    throw APIError(.malformedRequest, "A part of the form has endless headers.")
                }
                return false
            }
            state = try Self.part(String(decoding: buffer[..<end.lowerBound], as: UTF8.self))
            buffer.removeSubrange(..<end.upperBound)
            return true
        case .field(let name):
            guard let found = wholeDelimiter() else {
                if buffer.count > Self.maxFieldLength {
                    throw APIError(.malformedRequest, "The field \(name) of the form is too long.")
                }
                return false
            }
            events.append(.field(name: name, value: String(decoding: buffer[..<found.lowerBound], as: UTF8.self)))
            return try nextPart(after: found.upperBound)
        case .file:
            if let found = wholeDelimiter() {
                // Also without bytes: an empty file is a file.
                events.append(.file(Array(buffer[..<found.lowerBound])))
                return try nextPart(after: found.upperBound)
            }
            // The end of the buffer may be the beginning of a delimiter.
            let sure = buffer.count - delimiter.count - 1
            if sure > 0 {
                events.append(.file(Array(buffer[..<sure])))
                buffer.removeSubrange(..<sure)
            }
            return false
        }
    }

    /// A delimiter with the two bytes behind it, which tell what comes next.
    private func wholeDelimiter() -> Range<Int>? {
        guard let found = firstRange(of: delimiter), buffer.count >= found.upperBound + 2 else { return nil }
        return found
    }

    /// Behind a delimiter stands a line end, or two hyphens at the end of the form.
    private mutating func nextPart(after position: Int) throws(APIError) -> Bool {
        let end = buffer[position..<position + 2]
        if end.elementsEqual("--".utf8) {
            state = .end
        } else if end.elementsEqual("\r\n".utf8) {
            state = .headers
        } else {
            throw APIError(.malformedRequest, "The form is broken behind a boundary.")
        }
        buffer.removeSubrange(..<(position + 2))
        return true
    }

    private static func part(_ headers: String) throws(APIError) -> State {
        for line in headers.split(whereSeparator: \.isNewline) {
            guard line.lowercased().hasPrefix("content-disposition:") else { continue }
            let parameters = HeaderParameters(line)
            let name = parameters["name"]
            if name == "file" || parameters["filename"] != nil { return .file }
            if let name { return .field(name: name) }
        }
        throw APIError(.malformedRequest, "A part of the form has no name.")
    }

    /// From one line end to the next, by the C library's vectorized search.
    private func firstRange(of pattern: [UInt8]) -> Range<Int>? {
        guard let first = pattern.first else { return nil }
        return buffer.withUnsafeBytes { bytes in
            var start = 0
            while start + pattern.count <= bytes.count {
                let space = bytes.count - pattern.count - start + 1
                guard let base = bytes.baseAddress, let candidate = memchr(base + start, Int32(first), space) else {
                    return nil
                }
                if memcmp(candidate, pattern, pattern.count) == 0 {
                    start = UnsafeRawPointer(candidate) - base
                    return start..<start + pattern.count
                }
                start = UnsafeRawPointer(candidate) - base + 1
            }
            return nil
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON
import JobsTesting
import Testing

@Suite("JSON: what is read and what is refused")
struct JSONParserTests {
    @Test(
        "values come back as they were",
        arguments: [
            "{}", "[]", "null", "true", "-0.5", "[1,2,[3,{\"a\":[]}]]", "\"\\u00e9\\ud83d\\ude00\\n\\\"\"",
            "{\"a\":{\"b\":\"c\"},\"d\":[true,false,null]}", "9223372036854775807", "-9223372036854775808",
        ])
    func roundTrip(_ text: String) throws {
        let value = try JSONParser.parse(text)
        let written = JSONWriter.text { $0.value(value) }
        #expect(try JSONParser.parse(written) == value)
    }

    @Test(
        "numbers",
        arguments: [
            ("1", JSONValue.integer(1)), ("-0", .integer(0)), ("1.0", .integer(1)), ("1e3", .integer(1000)),
            ("1.5", .number(1.5)), ("0.0e5", .integer(0)), ("-0E-9", .integer(0)),
            ("9007199254740993", .integer(9_007_199_254_740_993)),
            ("18446744073709551616", .number(18_446_744_073_709_551_616)),
        ])
    func numbers(_ text: String, _ value: JSONValue) throws { #expect(try JSONParser.parse(text) == value) }

    @Test(
        "broken documents are refused, without a crash",
        arguments: [
            "", "{", "[1,]", "{\"a\":1,}", "{a:1}", "01", "1.", ".5", "+1", "1e", "nul", "tru", "\"", "\"\\x\"",
            "\"\\u12\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\u0000\"", "\"\u{01}\"", "{} {}", "[1 2]", "{\"a\" 1}",
            "{\"a\":1,\"a\":2}", "1e999", "1e-999", "'a'", "NaN", String(repeating: "[", count: 100_000),
            String(repeating: "{\"a\":", count: 100_000), String(repeating: "9", count: 10_000),
        ])
    func broken(_ text: String) { #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(text) } }

    @Test(
        "what programs have written is repaired where that is asked for",
        arguments: [
            (#""a\u0000b""#, "a\u{FFFD}b"), (#""\ud800""#, "\u{FFFD}"), (#""\udc00x""#, "\u{FFFD}x"),
            (#""\ud800\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ud800\n""#, "\u{FFFD}\n"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
        ])
    func repaired(_ text: String, _ value: String) throws {
        #expect(try JSONParser.parse(Array(text.utf8), repairing: true) == .string(value))
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(text) }
    }

    @Test("of a doubled name the last value counts where that is asked for")
    func doubledName() throws {
        let value = try JSONParser.parse(Array(#"{"a":1,"b":2,"a":3}"#.utf8), repairing: true)
        #expect(value == .object(["a": .integer(3), "b": .integer(2)]))
    }

    @Test(
        "broken UTF-8 is refused",
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xC0, 0x80, 0x22],
        ] as [[UInt8]])
    func brokenUTF8(_ bytes: [UInt8]) { #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(bytes) } }

    @Test("random bytes and mutilated documents never crash the reader", arguments: [TestSeed()])
    func fuzz(_ seed: TestSeed) {
        var generator = seed.generator
        let document = Array("{\"a\":[1,2.5e3,\"\\u00e9x\"],\"b\":{\"c\":null,\"d\":true}}".utf8)
        for _ in 0..<20_000 {
            var bytes = document
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: index)
                default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
                }
            }
            if let value = try? JSONParser.parse(bytes) {
                #expect((try? JSONParser.parse(JSONWriter.text { $0.value(value) })) == value)
            }
        }
    }
}

@Suite("A1: lenient reading that names the field")
struct ObjectReaderTests {
    private func reader(_ text: String) throws -> ObjectReader {
        let object = try #require(
            { if case .object(let object) = try JSONParser.parse(text) { object } else { nil } }())
        return ObjectReader(object, path: "new_cluster", report: ReadingReport())
    }

    @Test("integers as numbers or decimal strings, booleans as words")
    func lenient() throws {
        let reader = try reader(
            #"{"a": "12", "b": 12, "c": "True", "d": "false", "e": true, "f": null, "g": [1, true, "x"], "h": "-3"}"#)
        #expect(reader.int32("a") == 12)
        #expect(reader.int64("b") == 12)
        #expect(reader.bool("c") == true)
        #expect(reader.bool("d") == false)
        #expect(reader.bool("e") == true)
        #expect(reader.string("f") == nil)
        #expect(reader.strings("g") == ["1", "true", "x"])
        #expect(reader.int64("h") == -3)
        #expect(reader.report.faults.isEmpty)
    }

    @Test(
        "a wrong type is a fault that names path, expectation and what was found",
        arguments: [
            (#"{"a": "x"}"#, "INT32"), (#"{"a": 2147483648}"#, "INT32"), (#"{"a": 1.5}"#, "INT32"),
            (#"{"a": true}"#, "INT32"),
            (#"{"a": " 1"}"#, "INT32"), (#"{"a": "+1"}"#, "INT32"), (#"{"a": {}}"#, "INT32"), (#"{"a": ""}"#, "INT32"),
        ])
    func wrongInteger(_ text: String, _ expected: String) throws {
        let reader = try reader(text)
        #expect(reader.int32("a") == nil)
        guard case .malformed(let message)? = reader.report.faults.first else {
            Issue.record("no fault")
            return
        }
        #expect(message.contains("Expected \(expected) for field new_cluster.a, found "))
    }

    @Test("members that nobody asked for are reported by path")
    func unknown() throws {
        let reader = try reader(#"{"a": 1, "b": 2}"#)
        _ = reader.int32("a")
        reader.noteUnknownFields()
        #expect(reader.report.unknownFields == ["new_cluster.b"])
    }
}

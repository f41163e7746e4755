// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import Testing

@Suite("bytes as text")
struct BytesTests {
    @Test("letters and digits of ASCII, and none of their neighbours")
    func classes() {
        let allowed = (UInt8.min...UInt8.max).filter(\.isASCIILetterOrDigit)
        #expect(
            String(decoding: allowed, as: UTF8.self) == "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        )
    }

    @Test("each byte is two hexadecimal digits in lower case")
    func hexadecimal() {
        #expect([0, 1, 15, 16, 0xAB, 255].hexadecimal == "00010f10abff")
        #expect([UInt8]().hexadecimal == "")
    }
}

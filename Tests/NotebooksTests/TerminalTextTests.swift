// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Notebooks
import Testing

@Suite("Texts of terminals")
struct TerminalTextTests {
    @Test(
        "what a terminal would show in the end",
        arguments: [
            ("a\nb", "a\nb"), ("a\r\nb\r\n", "a\nb\n"), ("\r 50%\r100%\n", "100%\n"), ("long\rab", "abng"),
            ("long\r\u{1B}[Kab", "ab"), ("long\u{1B}[2K\rab", "ab  "), ("abc\u{8}\u{8}x", "axc"), ("\u{8}a", "a"),
            ("\u{1B}[1;38;2;1;2;3mred\u{1B}[0m\u{1B}[?25l", "red"),
            ("\u{1B}]0;title\u{7}a\u{1B}]8;;http://x\u{1B}\\b", "ab"), ("\u{1B}(Bx\u{1B}=y", "xy"),
            ("\u{1B}", ""), ("a\u{1B}[", "a"), ("\u{1B}[3\nb", "\nb"), ("\u{1B}]0;endless", "]0;endless"),
        ])
    func plain(text: String, shown: String) {
        #expect(TerminalText.plain(text) == shown)
    }
}

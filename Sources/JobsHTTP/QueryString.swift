// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation

/// Reads query strings as forms are encoded (application/x-www-form-urlencoded): `+` is a space, a plus itself is `%2B`.
/// Clients in Python, the legacy command line among them, send spaces so.
enum QueryString {
    /// In the order given; a missing value is empty. Invalid percent-encoding is taken literally.
    static func parameters(_ query: String) -> [(name: String, value: String)] {
        query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(parts[0]), parts.count == 2 ? decoded(parts[1]) : "")
        }
    }

    private static func decoded(_ text: Substring) -> String {
        let spaced = text.contains("+") ? String(text.map { $0 == "+" ? " " : $0 }) : String(text)
        return spaced.removingPercentEncoding ?? spaced
    }
}

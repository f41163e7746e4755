// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The parameters of a header such as Content-Disposition: `; name=value; name="quoted; value"` (RFC 9110, 5.6.6).
struct HeaderParameters {
    /// By name in lower case.
    private var values: [String: String] = [:]

    init(_ header: some StringProtocol) {
        var rest = Substring(header).drop { $0 != ";" }
        while !rest.isEmpty {
            rest.removeFirst()
            let name = rest.prefix { $0 != "=" && $0 != ";" }
            rest.removeFirst(name.count)
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst().drop(while: \.isWhitespace)
            let value = rest.first == "\"" ? Self.quoted(&rest) : Self.trimmed(rest.prefix { $0 != ";" })
            rest = rest.drop { $0 != ";" }
            let key = Self.trimmed(name).lowercased()
            if values[key] == nil { values[key] = value }
        }
    }

    /// - Parameter name: in lower case.
    subscript(name: String) -> String? { values[name] }

    /// Takes a quoted text; one without a closing quote ends with the header. A backslash escapes quotes and backslashes
    /// alone, because some clients send Windows paths unescaped.
    private static func quoted(_ rest: inout Substring) -> String {
        rest.removeFirst()
        var text = ""
        while let character = rest.popFirst(), character != "\"" {
            if character == "\\", let next = rest.first, next == "\"" || next == "\\" {
                text.append(rest.removeFirst())
            } else {
                text.append(character)
            }
        }
        return text
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

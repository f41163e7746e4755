// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

extension Setting {
    /// What a setting may be.
    enum Allowed {
        case text
        /// Relative to the working directory, or to the home directory after `~`.
        case path
        case integer(ClosedRange<Int>)
        /// A fraction is allowed.
        case number(ClosedRange<Int>)
        case bool
        /// A flag without a value; in the file and the environment like `bool`.
        case flag
        case oneOf([String])

        /// For people; nil: anything.
        var text: String? {
            switch self {
            case .text, .path: nil
            case .integer(let range): "\(range.lowerBound) to \(range.upperBound)"
            case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
            case .bool, .flag: "true or false"
            case .oneOf(let values): values.joined(separator: ", ")
            }
        }

        /// nil when the text is not allowed.
        func value(_ text: String) -> Value? {
            switch self {
            case .text, .path: .text(text)
            case .integer(let range): Int(text).flatMap { range.contains($0) ? .integer($0) : nil }
            case .number(let range):
                Double(text).flatMap {
                    Double(range.lowerBound)...Double(range.upperBound) ~= $0 ? .number($0) : nil
                }
            case .bool, .flag: Self.bool(text).map(Value.bool)
            case .oneOf(let values): values.contains(text) ? .text(text) : nil
            }
        }

        private static func bool(_ text: String) -> Bool? {
            switch text.lowercased() {
            case "true", "yes", "1": true
            case "false", "no", "0": false
            default: nil
            }
        }
    }

    /// A value that is allowed.
    enum Value {
        case text(String)
        case integer(Int)
        case number(Double)
        case bool(Bool)
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// What reading a document found.
public final class ReadingReport {
    public enum Fault: Equatable, Sendable {
        /// The JSON type is wrong: the value was not checked.
        case malformed(String)
        /// The type is right, the value is not allowed.
        case invalid(String)

        public var message: String {
            switch self {
            case .malformed(let message), .invalid(let message): message
            }
        }
    }

    public private(set) var faults: [Fault] = []
    /// Paths of members that no structure knows.
    public private(set) var unknownFields: [String] = []

    /// Elements that an array may have; more are a fault, and none of them is read.
    let maxElements: Int
    private var unnamed = 0

    /// - Parameter maxElements: what is stored already has no limit.
    public init(maxElements: Int = .max) { self.maxElements = maxElements }

    public func malformed(_ message: String) { add(.malformed(message)) }

    public func invalid(_ message: String) { add(.invalid(message)) }

    func unknown(_ path: String) {
        if unknownFields.count < Self.most { unknownFields.append(path) }
    }

    private func add(_ fault: Fault) {
        // A million wrong elements are not listed one by one, only counted.
        if faults.count < Self.most { return faults.append(fault) }
        unnamed += 1
    }

    /// How many faults are not among `faults`; nil: none.
    public var more: Fault? { unnamed > 0 ? .invalid("\(unnamed) more faults are not named here.") : nil }

    private static let most = 20
}

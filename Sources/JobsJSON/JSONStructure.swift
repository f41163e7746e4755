// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// A value with one JSON form, the specification's, on the wire and in the store.
public protocol JSONStructure {
    /// The structure's name in the specification, "NewCluster".
    static var schemaName: String { get }
    /// Reads the members it knows; what is wrong goes to the reader's report and a neutral value takes its place, so
    /// that one pass finds every fault. The value is valid only when the report has no fault.
    init(reading reader: ObjectReader)
    /// Writes its members between the braces that the caller sets.
    func write(to writer: inout JSONWriter)
}

extension JSONStructure {
    public static var schemaName: String { String(describing: Self.self) }
}

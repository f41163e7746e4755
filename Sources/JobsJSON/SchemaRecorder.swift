// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Finds out what structures read by letting them read, so that a description of the wire cannot differ from it.
public final class SchemaRecorder {
    public enum ValueType {
        case string, int32, int64, bool
        case strings, stringMap
        case structure(any JSONStructure.Type)
        case structures(any JSONStructure.Type)
    }

    public struct Member {
        public let name: String
        public let type: ValueType
        public internal(set) var isRequired = false
    }

    /// In the order in which they are read.
    public private(set) var members: [Member] = []

    private init() {}

    /// The members that `read` asks a reader for.
    public static func members(_ read: (ObjectReader) -> Void) -> [Member] {
        let recorder = SchemaRecorder()
        read(ObjectReader(recordingTo: recorder))
        return recorder.members
    }

    public static func members(of type: any JSONStructure.Type) -> [Member] {
        members { reader in _ = type.init(reading: reader) }
    }

    func note(_ name: String, _ type: ValueType) {
        if !members.contains(where: { $0.name == name }) { members.append(Member(name: name, type: type)) }
    }

    func noteRequired(_ name: String) {
        if let index = members.firstIndex(where: { $0.name == name }) { members[index].isRequired = true }
    }
}

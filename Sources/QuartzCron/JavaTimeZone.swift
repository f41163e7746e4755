// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// A time zone by an id that `java.util.TimeZone.getTimeZone` knows, with the offsets that Java 17 gives it.
///
/// Known are the ids of the IANA database (those in Foundation's ICU), Java's three-letter ids (`PST`) and custom ids
/// (`GMT+8`, `GMT-03:30`, `GMT+0530`). Upper and lower case differ. Where Java falls back to GMT, there is an error.
public struct JavaTimeZone: Hashable, Sendable, CustomStringConvertible {
    /// The id as it was given.
    public let id: String
    let offsets: ZoneOffsets

    /// - Throws: where the id is none that Java knows.
    public init(_ id: String) throws(JavaTimeZoneError) {
        guard let offsets = Self.offsets(of: id) else { throw JavaTimeZoneError(unknownID: id) }
        self.id = id
        self.offsets = offsets
    }

    private init(id: String, fixedOffset: Int) {
        self.id = id
        offsets = ZoneOffsets(first: fixedOffset)
    }

    public static let utc = JavaTimeZone(id: "UTC", fixedOffset: 0)

    /// Seconds by which the zone's clocks are ahead of UTC (negative to the west).
    /// - Parameter milliseconds: since 1970-01-01T00:00:00Z.
    public func offset(at milliseconds: Int64) -> Int {
        offsets.offset(at: CivilDay.floorDivide(Int(milliseconds), 1000))
    }

    public var description: String { id }

    public static func == (left: Self, right: Self) -> Bool { left.id == right.id }

    public func hash(into hasher: inout Hasher) { hasher.combine(id) }

    private static func offsets(of id: String) -> ZoneOffsets? {
        if let offset = customOffset(of: id) { return ZoneOffsets(first: offset) }
        switch shortIDs[id] {
        case .offset(let hours): return ZoneOffsets(first: hours * 3600)
        case .region(let region): return ZoneOffsetsCache.shared.offsets(ofRegion: region)
        case nil: return isRegion(id) ? ZoneOffsetsCache.shared.offsets(ofRegion: id) : nil
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

extension JavaTimeZone {
    /// What to call the zone at the end of a sentence: "Los Angeles time", "UTC", else the id.
    var nameInSentence: String {
        if Self.namesOfUTC.contains(id) { return "UTC" }
        let parts = id.split(separator: "/")
        guard let continent = parts.first, let place = parts.last, parts.count > 1,
            Self.continents.contains(String(continent)), !Self.regions.contains(String(place))
        else { return id }
        return place.split(separator: "_").joined(separator: " ") + " time"
    }

    private static let namesOfUTC: Set<String> = [
        "UTC", "UCT", "Universal", "Zulu", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu",
    ]
    private static let continents: Set<String> = [
        "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
    ]
    /// Old ids that say no city: `Australia/North`.
    private static let regions: Set<String> = ["ACT", "LHI", "NSW", "North", "South", "West"]
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

// Java 17 keeps single changes until 2037 and goes on with a rule of two changes a year. Where the database has more,
// as for Ramadan, Java's clocks differ from the database's.
extension ZoneOffsets {
    /// The changes as Java 17 has them.
    static func asInJava(_ changes: [Change], of id: String) -> [Change] {
        switch id {
        case "Africa/Casablanca", "Africa/El_Aaiun": changes.filter { $0.start < endOf2037 }
        case "Africa/Windhoek": changes + [Change(start: noonOfNewYear2037, before: 7200, after: 3600)]
        case "Asia/Gaza", "Asia/Hebron": changes.filter { $0.start < endOf2037 } + palestinianChanges
        default: changes
        }
    }

    /// 2038-01-01T00:00:00Z.
    private static let endOf2037 = 2_145_916_800
    /// 2037-01-01T12:00:00Z.
    private static let noonOfNewYear2037 = 2_114_377_200

    /// Clocks go forward on the last Saturday of March at 00:00 UTC, and back an hour before that of October begins.
    /// Java has October 2037 twice: the change of the database on the 9th, taken back a second later, and the rule's.
    private static let palestinianChanges: [Change] = {
        let takenBack = 2_138_742_001
        var changes = [Change(start: takenBack, before: 7200, after: 10_800), octoberChange(2037)]
        for year in 2038...CronExpression.latestYear + 1 {
            changes.append(
                Change(start: lastSaturday(ofMonth: 3, year: year) * 86_400, before: 7200, after: 10_800))
            changes.append(octoberChange(year))
        }
        return changes
    }()

    private static func octoberChange(_ year: Int) -> Change {
        Change(start: lastSaturday(ofMonth: 10, year: year) * 86_400 - 3600, before: 10_800, after: 7200)
    }

    private static func lastSaturday(ofMonth month: Int, year: Int) -> Int {
        let last = CivilDay.number(
            year: year, month: month, day: CivilDay.lastDay(ofMonth: month, year: year))
        return last - CivilDay.dayOfWeek(number: last) % 7
    }
}

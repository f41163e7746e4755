// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsTesting
import QuartzCron
import Testing

@Suite("what a schedule does, in English")
struct CronDescriptionTests {
    @Test(
        "times of day",
        arguments: [
            ("0 * * * * ?", "Every minute"),
            ("* * * * * ?", "Every second"),
            ("0/10 * * * * ?", "Every 10 seconds"),
            ("0/7 * * * * ?", "Every 7 seconds from 0 through 56 past every minute"),
            ("5/10 * * * * ?", "Every 10 seconds, starting at 5 seconds past every minute"),
            ("30 * * * * ?", "At 30 seconds past every minute"),
            ("10,20 * * * * ?", "At 10 and 20 seconds past every minute"),
            ("10-20 * * * * ?", "Every second from 10 through 20 past every minute"),
            ("30 15 * * * ?", "At 15 minutes and 30 seconds past every hour"),
            ("30 0 * * * ?", "At 30 seconds past every hour"),
            ("0 1 * * * ?", "At 1 minute past every hour"),
            ("0 15 8-18/2 * * ?", "Every 2 hours from 08:15 through 18:15, every day"),
            ("0 0 9-17 * * ?", "Every hour from 09:00 through 17:00, every day"),
            ("0 0 22-4 * * ?", "Every hour from 22:00 through 04:00, every day"),
            ("0 0/15 * * * ?", "Every 15 minutes"),
            ("0 2/15 * * * ?", "Every 15 minutes, starting at 2 minutes past every hour"),
            ("30 2/15 * * * ?", "At 30 seconds past every 15th minute from minute 2 through 47 of every hour"),
            ("30 0/15 * * * ?", "At 30 seconds past every 15th minute from minute 0 through 45 of every hour"),
            ("0 0/7 * * * ?", "Every 7 minutes from 0 through 56 past every hour"),
            ("0 10-20 * * * ?", "Every minute from 10 through 20 past every hour"),
            ("0 50-10 * * * ?", "At 0 through 10 and 50 through 59 minutes past every hour"),
            ("0 0,15,40 * * * ?", "At 0, 15 and 40 minutes past every hour"),
            ("0 0,15,40 9,12,15 * * ?", "At 0, 15 and 40 minutes past the hour, in the hours 9, 12 and 15, every day"),
            ("0 0 9,12,15 * * ?", "At 09:00, 12:00 and 15:00, every day"),
            ("0 0,30 9,12,15 * * ?", "Every 30 minutes, in the hours 9, 12 and 15, every day"),
            ("0 0 9,12,13,15,16,19 * * ?", "On the hour, in the hours 9, 12, 13, 15, 16 and 19, every day"),
            ("0 0/10 14 * * ?", "Every 10 minutes, between 14:00 and 14:59, every day"),
            (
                "0 0/10 8-11,13-17 * * ?",
                "Every 10 minutes, between 08:00 and 11:59 and between 13:00 and 17:59, every day"
            ),
            ("0 0/10 8-11,13 * * ?", "Every 10 minutes, in the hours 8 through 11 and 13, every day"),
            ("0 0/10 0/3 * * ?", "Every 10 minutes, in the hours 0, 3, 6, 9, 12, 15, 18 and 21, every day"),
            ("0 * 14 * * ?", "Every minute, between 14:00 and 14:59, every day"),
            ("* 5 14 * * ?", "Every second, between 14:05:00 and 14:05:59, every day"),
            ("* 5-9 14 * * ?", "Every second, between 14:05:00 and 14:09:59, every day"),
            ("0/30 5-9 14 * * ?", "Every 30 seconds, between 14:05:00 and 14:09:59, every day"),
            ("0/30 5-9 * * * ?", "Every 30 seconds, in minutes 5 through 9 of every hour"),
            ("* 0/15 * * * ?", "Every second, in every 15th minute from minute 0 through 45 of every hour"),
            ("* 0,15 8 * * ?", "Every second, in minutes 0 and 15 of the hour, between 08:00 and 08:59, every day"),
            ("0,30 0 9 * * ?", "Every 30 seconds, between 09:00:00 and 09:00:59, every day"),
            ("0 0/5 * * JAN ?", "Every 5 minutes, in January"),
        ])
    func times(_ text: String, _ sentence: String) throws {
        #expect(CronDescription(try CronExpression(text)).text == sentence)
    }

    @Test(
        "days",
        arguments: [
            ("0 0 0 L * ?", "At 00:00, on the last day of the month"),
            ("0 0 12 1 * ?", "At 12:00, on the 1st of the month"),
            ("0 0 12 1,15 * ?", "At 12:00, on the 1st and 15th of the month"),
            ("0 0 12 1-7 * ?", "At 12:00, on the 1st through 7th of the month"),
            ("0 0 12 1/5 * ?", "At 12:00, on every 5th day of the month from the 1st through the 31st"),
            ("0 0 12 */2 * ?", "At 12:00, on every 2nd day of the month from the 1st through the 31st"),
            ("0 0 12 L-1 * ?", "At 12:00, 1 day before the last day of the month"),
            ("0 0 12 L-3 * ?", "At 12:00, 3 days before the last day of the month"),
            ("0 0 12 LW * ?", "At 12:00, on the last weekday of the month"),
            ("0 0 12 L-3W * ?", "At 12:00, on the weekday nearest to 3 days before the last day of the month"),
            ("0 0 12 15W * ?", "At 12:00, on the weekday nearest to the 15th of the month"),
            ("0 0 12 1W,15W * ?", "At 12:00, on the weekday nearest to the 1st of the month"),
            ("0 0 12 ? * MON", "At 12:00, every Monday"),
            ("0 0 12 ? * MON,WED,FRI", "At 12:00, every Monday, Wednesday and Friday"),
            ("0 0 12 ? * SAT,SUN", "At 12:00, every Saturday and Sunday"),
            ("0 0 12 ? * FRI-MON", "At 12:00, Friday through Monday"),
            ("0 0 12 ? * 6L", "At 12:00, on the last Friday of the month"),
            ("0 0 12 ? * 6#3", "At 12:00, on the third Friday of the month"),
            ("0 0 12 ? * L", "At 12:00, every Saturday"),
            ("0 0 12 ? * 0#1", "At 12:00, on the first Saturday of the month"),
            ("0 0 12 ? * MON#5", "At 12:00, on the fifth Monday of the month"),
            ("0 0 0 0W * ?", "At 00:00, on the weekday nearest to the day before the 1st of the month"),
            ("0 0 12 ? * SUN-SAT", "At 12:00, every day"),
            ("0 0 12 ? * 2-6/2", "At 12:00, every Monday, Wednesday and Friday"),
            ("0 0 0 ? * MON-FRI/2", "At 00:00, Monday through Friday"),
        ])
    func days(_ text: String, _ sentence: String) throws {
        #expect(CronDescription(try CronExpression(text)).text == sentence)
    }

    @Test(
        "months and years",
        arguments: [
            ("0 0 12 1 1 ?", "At 12:00, on January 1"),
            ("0 0 12 1,15 1 ?", "At 12:00, on the 1st and 15th of January"),
            ("0 0 12 1 1,7 ?", "At 12:00, on the 1st of January and July"),
            ("0 0 12 1 JUN-AUG ?", "At 12:00, on the 1st of each month from June through August"),
            ("0 0 12 29 2 ?", "At 12:00, on February 29"),
            ("0 0 12 L 2 ?", "At 12:00, on the last day of February"),
            ("0 0 12 1W 1 ?", "At 12:00, on the weekday nearest to the 1st of January"),
            ("0 0 12 ? JAN MON-FRI", "At 12:00, Monday through Friday, in January"),
            ("0 0 12 * JAN ?", "At 12:00, every day, in January"),
            ("0 0 12 * JUN-AUG ?", "At 12:00, every day, from June through August"),
            ("0 0 12 * NOV-FEB ?", "At 12:00, every day, from November through February"),
            ("0 0 12 * 1,4,7,10 ?", "At 12:00, every day, in January, April, July and October"),
            ("0 0 12 * * ? 2026", "At 12:00, every day, in 2026"),
            ("0 0 12 * * ? 2026-2030", "At 12:00, every day, from 2026 through 2030"),
            ("0 0 12 * * ? 2026/1", "At 12:00, every day, from 2026 on"),
            ("0 0 12 * * ? 2026/2", "At 12:00, every day, in every 2nd year from 2026 on"),
            ("0 0 12 * * ? 2026,2028", "At 12:00, every day, in 2026 and 2028"),
            ("0 0 12 * * ? */2", "At 12:00, every day, in every 2nd year from 1970 on"),
            ("0 0 12 * * ? 2027-2035/2", "At 12:00, every day, in every 2nd year from 2027 through 2035"),
        ])
    func months(_ text: String, _ sentence: String) throws {
        #expect(CronDescription(try CronExpression(text)).text == sentence)
    }

    @Test(
        "zones: the city, UTC, else the id",
        arguments: [
            ("0 15 22 * * ?", "America/Los_Angeles", "At 22:15, every day, Los Angeles time"),
            (
                "0 0/5 9-17 ? * MON-FRI", "Europe/Berlin",
                "Every 5 minutes, between 09:00 and 17:59, Monday through Friday, Berlin time"
            ),
            ("0 0 * * * ?", "UTC", "Every hour, UTC"),
            ("0 15 * * * ?", "Etc/UTC", "At 15 minutes past every hour, UTC"),
            ("0 0 0/2 * * ?", "GMT+8", "Every 2 hours, starting at 00:00, every day, GMT+8"),
            ("0 15 1/2 * * ?", "PST", "Every 2 hours, starting at 01:15, every day, PST"),
            (
                "0 0 6 ? * MON-THU,SAT", "America/Argentina/Buenos_Aires",
                "At 06:00, every Monday through Thursday and Saturday, Buenos Aires time"
            ),
            ("0 0 6 * * ?", "US/Pacific", "At 06:00, every day, US/Pacific"),
        ])
    func zones(_ text: String, _ zone: String, _ sentence: String) throws {
        #expect(CronDescription(try CronExpression(text), in: try JavaTimeZone(zone)).text == sentence)
    }

    @Test(
        "what never fires says so",
        arguments: [
            ("0 0 12 30 2 ?", "At 12:00, on February 30, which never comes"),
            (
                "0 0 12 ? * 9#1",
                "At 12:00, on the first day of the week beyond the seventh of the month, which never comes"
            ),
            ("0 0 12 29 2 ? 2027", "At 12:00, on February 29, in 2027, which never comes"),
            (", 0 12 * * ?", "Never: the field of the second holds no value"),
            ("0 0 0 * * ? 3000", "Never: the field of the year holds no value up to 2126"),
        ])
    func never(_ text: String, _ sentence: String) throws {
        #expect(CronDescription(try CronExpression(text)).text == sentence)
    }

    @Test("every valid expression has a sentence of its own kind, without loose ends")
    func everyExpression() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            let text = RandomSchedule(using: &generator).text
            let sentence = CronDescription(try CronExpression(text), in: .utc).text
            #expect(sentence.hasSuffix(", UTC") && sentence.first?.isUppercase == true, "\(text): \(sentence)")
            for fault in ["  ", ", ,", " ,", "through through", "and and", "Optional"] {
                #expect(!sentence.contains(fault), "\(text): \(sentence)")
            }
        }
    }
}

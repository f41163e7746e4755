// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// A calendar that is set field by field, like Java's `GregorianCalendar` in its lenient mode, on which Quartz walks.
///
/// A field takes any value. They become a real date when one is read: day 32 is one of the next month, a time that
/// clocks skip lies behind the change, one that comes twice is the second. Quartz's behaviour at both changes of
/// daylight saving follows from when exactly it sets and reads.
struct LenientClock {
    private let offsets: ZoneOffsets
    private var fields: Fields
    private var isSettled = false
    /// Whether year, month and day are a real date, and `dayNumber` is its number. Times of day are set far more often.
    private var isDateSettled = false
    private var steady: (range: Range<Int>, offset: Int) = (0..<0, 0)

    /// Not settled: an instant in the first of two equal hours is read as the second.
    init(second: Int, in offsets: ZoneOffsets) {
        self.offsets = offsets
        fields = Fields(wallSecond: second + offsets.offset(at: second))
    }

    var year: Int {
        mutating get {
            settle()
            return fields.year
        }
        set {
            if fields.year != newValue { (isSettled, isDateSettled) = (false, false) }
            fields.year = newValue
        }
    }
    var month: Int {
        mutating get {
            settle()
            return fields.month
        }
        set {
            if fields.month != newValue { (isSettled, isDateSettled) = (false, false) }
            fields.month = newValue
        }
    }
    var day: Int {
        mutating get {
            settle()
            return fields.day
        }
        set {
            if fields.day != newValue { (isSettled, isDateSettled) = (false, false) }
            fields.day = newValue
        }
    }
    var hour: Int {
        mutating get {
            settle()
            return fields.hour
        }
        set {
            if fields.hour != newValue { isSettled = false }
            fields.hour = newValue
        }
    }
    var minute: Int {
        mutating get {
            settle()
            return fields.minute
        }
        set {
            if fields.minute != newValue { isSettled = false }
            fields.minute = newValue
        }
    }
    var second: Int {
        mutating get {
            settle()
            return fields.second
        }
        set {
            if fields.second != newValue { isSettled = false }
            fields.second = newValue
        }
    }
    var dayNumber: Int {
        mutating get {
            settle()
            return fields.dayNumber
        }
    }
    /// 1 is Sunday.
    var dayOfWeek: Int { mutating get { CivilDay.dayOfWeek(number: dayNumber) } }
    var lastDayOfMonth: Int { mutating get { CivilDay.lastDay(ofMonth: month, year: year) } }

    /// The instant, in seconds since 1970-01-01T00:00:00Z.
    var instant: Int {
        let wall = wallSecond
        return wall - offsets.offset(atWall: wall)
    }

    /// Sets the date and the time to 00:00:00.
    mutating func setMidnight(year: Int? = nil, month: Int, day: Int) {
        if let year { self.year = year }
        self.month = month
        self.day = day
        (hour, minute, second) = (0, 0, 0)
    }

    @inline(__always)
    private mutating func settle() { if !isSettled { makeReal() } }

    private mutating func makeReal() {
        let wall = wallSecond
        if !(steady.range ~= wall) { steady = offsets.steadyStretch(aroundWall: wall) ?? (0..<0, 0) }
        if steady.range ~= wall {
            fields.settle(at: wall, isDateReal: isDateSettled)
        } else {
            let instant = wall - offsets.offset(atWall: wall)
            fields = Fields(wallSecond: instant + offsets.offset(at: instant))
        }
        (isSettled, isDateSettled) = (true, true)
    }

    /// What clocks show, counted as if it were UTC.
    private var wallSecond: Int {
        let day =
            isDateSettled
            ? fields.dayNumber : CivilDay.number(year: fields.year, month: fields.month, day: fields.day)
        return day * 86_400 + fields.hour * 3600 + fields.minute * 60 + fields.second
    }
}

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
    private var steady: (range: Range<Int>, offset: Int) = (0..<0, 0)

    fileprivate struct Fields {
        var year = 1970
        var month = 1
        var day = 1
        var hour = 0
        var minute = 0
        var second = 0
        /// Of the settled date.
        var dayNumber = 0
    }

    /// Not settled: an instant in the first of two equal hours is read as the second.
    init(second: Int, in offsets: ZoneOffsets) {
        self.offsets = offsets
        fields = Fields(wallSecond: second + offsets.offset(at: second))
    }

    var year: Int {
        mutating get { settled().year }
        set { set(\.year, newValue) }
    }
    var month: Int {
        mutating get { settled().month }
        set { set(\.month, newValue) }
    }
    var day: Int {
        mutating get { settled().day }
        set { set(\.day, newValue) }
    }
    var hour: Int {
        mutating get { settled().hour }
        set { set(\.hour, newValue) }
    }
    var minute: Int {
        mutating get { settled().minute }
        set { set(\.minute, newValue) }
    }
    var second: Int {
        mutating get { settled().second }
        set { set(\.second, newValue) }
    }
    var dayNumber: Int { mutating get { settled().dayNumber } }
    /// 1 is Sunday.
    var dayOfWeek: Int { mutating get { CivilDay.dayOfWeek(number: settled().dayNumber) } }
    var lastDayOfMonth: Int { mutating get { CivilDay.lastDay(ofMonth: month, year: year) } }

    /// The instant, in seconds since 1970-01-01T00:00:00Z.
    var instant: Int { fields.wallSecond - offsets.offset(atWall: fields.wallSecond) }

    /// Sets the date and the time to 00:00:00.
    mutating func setMidnight(year: Int? = nil, month: Int, day: Int) {
        if let year { self.year = year }
        self.month = month
        self.day = day
        (hour, minute, second) = (0, 0, 0)
    }

    private mutating func set(_ field: WritableKeyPath<Fields, Int>, _ value: Int) {
        guard fields[keyPath: field] != value else { return }
        fields[keyPath: field] = value
        isSettled = false
    }

    private mutating func settled() -> Fields {
        if isSettled { return fields }
        let wall = fields.wallSecond
        if !(steady.range ~= wall) { steady = offsets.steadyStretch(aroundWall: wall) ?? (0..<0, 0) }
        if steady.range ~= wall {
            fields = Fields(wallSecond: wall)
        } else {
            let instant = wall - offsets.offset(atWall: wall)
            fields = Fields(wallSecond: instant + offsets.offset(at: instant))
        }
        isSettled = true
        return fields
    }
}

extension LenientClock.Fields {
    /// What clocks show, counted as if it were UTC.
    fileprivate var wallSecond: Int {
        CivilDay.number(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
    }

    fileprivate init(wallSecond: Int) {
        dayNumber = CivilDay.floorDivide(wallSecond, 86_400)
        let date = CivilDay(number: dayNumber)
        (year, month, day) = (date.year, date.month, date.day)
        let time = wallSecond - dayNumber * 86_400
        (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60)
    }
}

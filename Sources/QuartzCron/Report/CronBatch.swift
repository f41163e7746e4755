// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The lines of `lamplighter cron --batch`, one answer each.
public struct CronBatch: Sequence, IteratorProtocol {
    /// A line's answer, or what is wrong with it.
    public struct Answer: Sendable {
        /// From 1 on.
        public let lineNumber: Int
        /// What became of it.
        public let line: Result<CronBatchLine, CronBatchLine.Fault>
        /// The line that answers it, also of a faulty one.
        public let output: String
    }

    private var rest: ArraySlice<Substring>
    private let count: Int
    private var lineNumber = 0

    /// - Parameters:
    ///   - text: of the whole file.
    ///   - count: how many fire times are wanted.
    public init(_ text: String, count: Int = 5) {
        self.count = count
        rest = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)[...]
        // The last line has an end of its own.
        if rest.last?.isEmpty == true { rest.removeLast() }
    }

    public mutating func next() -> Answer? {
        guard let line = rest.popFirst() else { return nil }
        lineNumber += 1
        let count = count
        let result = Result { () throws(CronBatchLine.Fault) in try CronBatchLine(String(line), count: count) }
        let output =
            switch result {
            case .success(let answer): answer.output
            case .failure(let fault): fault.output(String(line))
            }
        return Answer(lineNumber: lineNumber, line: result, output: output)
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Who a process is: a pid alone may be reused.
public struct ProcessIdentity: Hashable, Sendable {
    public let pid: Int32
    /// Clock ticks since boot.
    public let startTicks: Int64
    public let bootID: String

    public init(pid: Int32, startTicks: Int64, bootID: String) {
        self.pid = pid
        self.startTicks = startTicks
        self.bootID = bootID
    }

    /// Holds the claim of a directory in which nothing is to be started any more; no process is called so.
    public static let nobody = ProcessIdentity(pid: 0, startTicks: 0, bootID: "-")
}

/// What can be seen of a process tree whose supervisor outlives the server: two files, and who has the pid now.
public struct ProcessEvidence<Exit: Sendable>: Sendable {
    /// The supervisor that took the directory; nil: none so far.
    public var claim: ProcessIdentity?
    /// The process that has the claim's pid now; nil: none.
    public var holderOfPID: ProcessIdentity?
    /// The exit record, and the supervisor that wrote it; nil: there is none that can be read.
    public var exit: (writer: ProcessIdentity, record: Exit)?

    public init(
        claim: ProcessIdentity?, holderOfPID: ProcessIdentity?, exit: (writer: ProcessIdentity, record: Exit)?
    ) {
        self.claim = claim
        self.holderOfPID = holderOfPID
        self.exit = exit
    }

    /// True when the process that has the claim's pid is the supervisor, and not one that was started later.
    public var isAlive: Bool { claim != nil && holderOfPID == claim }

    /// The exit record, when the supervisor that holds the claim wrote it.
    public var trustedExit: Exit? {
        guard let claim, let exit, exit.writer == claim else { return nil }
        return exit.record
    }

    public var verdict: ProcessVerdict<Exit> {
        if claim == nil { return .neverLaunched }
        // A supervisor that is there may still write.
        if isAlive { return .running }
        return trustedExit.map(ProcessVerdict.ended) ?? .lost
    }
}

/// What became of a supervised process tree.
public enum ProcessVerdict<Exit: Sendable>: Sendable {
    /// No supervisor has taken the directory: nothing was started.
    case neverLaunched
    case running
    case ended(Exit)
    /// It was started, and its supervisor is gone without a record: nobody knows how it ended.
    case lost
}

extension ProcessVerdict: Equatable where Exit: Equatable {}

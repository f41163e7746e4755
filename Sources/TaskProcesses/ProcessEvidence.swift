// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The identity of a process: a pid alone may be reused.
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

    /// Claims a directory in which nothing may be started any more (a fence); no process has this identity.
    public static let nobody = ProcessIdentity(pid: 0, startTicks: 0, bootID: "-")
}

/// The observable state of a process tree whose supervisor outlives the server: two files, and the pid's process.
public struct ProcessEvidence<Exit: Sendable>: Sendable {
    /// The supervisor that claimed the directory; nil: none so far.
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

    /// True when the process with the claim's pid is the supervisor, and not a later one that reuses the pid.
    public var isAlive: Bool { claim != nil && holderOfPID == claim }

    /// The exit record, when the supervisor that holds the claim wrote it.
    public var trustedExit: Exit? {
        guard let claim, let exit, exit.writer == claim else { return nil }
        return exit.record
    }

    public var verdict: ProcessVerdict<Exit> {
        if claim == nil { return .neverLaunched }
        // A living supervisor may still write its record.
        if isAlive { return .running }
        return trustedExit.map(ProcessVerdict.ended) ?? .lost
    }
}

/// The outcome of a supervised process tree.
public enum ProcessVerdict<Exit: Sendable>: Sendable {
    /// No supervisor has claimed the directory: nothing was started.
    case neverLaunched
    case running
    case ended(Exit)
    /// It was started, and its supervisor is gone without an exit record: how it ended is unknown.
    case lost
}

extension ProcessVerdict: Equatable where Exit: Equatable {}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CLinuxProcess
import Foundation
import JobsCompute
import JobsDomain
import JobsJSON
import Synchronization

/// A process tree in the care of a `task-supervisor`, which outlives the server. All that is known of it stands in one
/// directory: `claim` (who supervises; made once, so that nothing is started twice), `task`, `stdout`, `stderr`, and at
/// the end `exit`, before that `main-exit` where the main process has left others behind.
package struct SupervisedProcess: Sendable {
    package let directory: String
    package let supervisors: Supervisors

    package init(directory: String, supervisors: Supervisors) {
        self.directory = directory
        self.supervisors = supervisors
    }

    package enum End: Equatable, Sendable {
        case exited(ProcessExitRecord)
        /// The supervisor was killed, or the machine was restarted: how it ended is unknown.
        case lost
        case neverLaunched
    }

    package var standardOutput: String { directory + "/stdout" }
    package var standardError: String { directory + "/stderr" }

    /// True when a supervisor has claimed the directory, even if it has ended, and when the claim cannot be read.
    package var isClaimed: Bool { access(claimFile, F_OK) == 0 && (try? readClaim()) != .nobody }

    /// - Throws: `UnreadableEvidence`.
    package var isAlive: Bool {
        get throws {
            try look().0.isAlive
        }
    }

    /// Starts the program under a supervisor; a directory that is claimed already is left as it is.
    /// - Parameter endAfter: The directory of another supervised process; once that has ended for so long, this one is
    ///   ended, also where no server does it.
    /// - Returns: false when it was claimed.
    /// - Throws: `TaskFailure`.
    @discardableResult
    package func launch(
        _ command: ProcessCommand, grace: Duration, outputCap: Int, endAfter: (directory: String, Duration)? = nil
    ) throws -> Bool {
        if isClaimed { return false }
        try makeDirectory(directory)
        unfence()
        var options = [
            "--dir", directory, "--cwd", command.workingDirectory, "--grace-ms", String(grace.wholeMilliseconds),
            "--output-cap", String(outputCap),
        ]
        if let (other, delay) = endAfter {
            options += ["--end-after", other, "--end-after-ms", String(delay.wholeMilliseconds)]
        }
        let arguments = [supervisors.program] + options + ["--"] + command.arguments
        try supervisors.spawn(arguments, command.environment, directory: directory)
        return true
    }

    /// Waits until no process of the tree is left.
    /// - Throws: `CancellationError`, `UnreadableEvidence`; the processes are left alone.
    package func end() async throws -> End {
        if let child = supervisors.child(of: directory) {
            try await child.waitForExit()
            supervisors.forget(directory)
        }
        // Not ours, or another supervisor had claimed the directory before the one that we started.
        var (evidence, handle) = try look()
        if case .running = evidence.verdict {
            try await handle?.waitForExit()
            // Read again: the record was written meanwhile.
            evidence = ProcessEvidence(claim: try readClaim(), holderOfPID: nil, exit: try writtenExit())
        }
        switch evidence.verdict {
        case .ended(let record): return .exited(record)
        case .neverLaunched: return .neverLaunched
        case .lost, .running: return .lost
        }
    }

    /// Asks the tree to end; the supervisor kills it after the grace period. Returns when it is gone.
    package func stop() async {
        if let child = supervisors.child(of: directory) { child.signal(SIGTERM) }
        guard let (evidence, handle) = await patientLook() else { return }
        if evidence.isAlive, let handle {
            handle.signal(SIGTERM)
            try? await handle.waitForExit()
        } else if let child = supervisors.child(of: directory) {
            // Just started, not yet claimed.
            try? await child.waitForExit()
        }
        await endOrphans()
    }

    /// When a supervisor is killed, the task's first process is killed with it, but none of that process's children.
    private func endOrphans() async {
        guard let (evidence, _) = await patientLook(), evidence.claim != nil, evidence.claim != .nobody,
            !evidence.isAlive, evidence.trustedExit?.treeHasEnded != true
        else { return }
        // The supervisor has given this variable to the task.
        let entry = "LAMPLIGHTER_SUPERVISED=" + directory
        for _ in 0..<30 where !Task.isCancelled {
            if await BlockingWork.run({ lp_kill_by_environment(entry) == 0 }) { return }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// Retries `look()` until the evidence can be read; nil when the Swift task is cancelled meanwhile.
    private func patientLook() async -> (ProcessEvidence<ProcessExitRecord>, ProcessHandle?)? {
        while !Task.isCancelled {
            if let seen = try? look() { return seen }
            try? await Task.sleep(for: .seconds(1))
        }
        return nil
    }

    /// Claims the directory, unless a supervisor has: from now on nothing is started in it, not even by a supervisor
    /// that the previous server started right before it died and that has not claimed it yet.
    package func fence() {
        if isClaimed || access(directory, F_OK) != 0 { return }
        let nobody = ProcessIdentity.nobody
        let temporary = claimFile + ".fence.tmp"
        let text = Array("\(nobody.pid) \(nobody.startTicks) \(nobody.bootID)\n".utf8)
        // A file that a killed server left may be hard-linked to the claim, which must not be rewritten.
        unlink(temporary)
        guard lp_write_file(temporary, text, text.count, 0o600) == 0 else { return }
        // Unlike rename, link fails when a supervisor was faster.
        _ = link(temporary, claimFile)
        unlink(temporary)
    }

    /// Removes the fence of a previous server, which gave the run up and died before it recorded that.
    package func unfence() {
        if (try? readClaim()) == .nobody { unlink(claimFile) }
    }

    private var claimFile: String { directory + "/claim" }

    /// The evidence of the supervisor, and the process that has its pid now.
    /// - Throws: `UnreadableEvidence`: that something cannot be read does not mean that it is not there.
    private func look() throws -> (ProcessEvidence<ProcessExitRecord>, ProcessHandle?) {
        let claim = try readClaim()
        let holder = try claim.flatMap { try ProcessHandle.open($0.pid) }
        let evidence = ProcessEvidence(claim: claim, holderOfPID: holder?.identity, exit: try writtenExit())
        return (evidence, holder?.handle)
    }

    private func readClaim() throws -> ProcessIdentity? {
        guard let bytes = try UnreadableEvidence.contents(of: claimFile) else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard parts.count == 3, let pid = Int32(parts[0]), let ticks = Int64(parts[1]) else { return nil }
        return ProcessIdentity(pid: pid, startTicks: ticks, bootID: String(parts[2]))
    }

    /// The exit record of the supervisor that holds the claim; it is there when the main process has ended.
    /// - Throws: `UnreadableEvidence`.
    package var exitRecord: ProcessExitRecord? {
        get throws {
            ProcessEvidence(claim: try readClaim(), holderOfPID: nil, exit: try writtenExit()).trustedExit
        }
    }

    /// The exit record, whoever wrote it, or that of the main process alone while there is no other.
    private func writtenExit() throws -> (writer: ProcessIdentity, record: ProcessExitRecord)? {
        try writtenRecord("/exit") ?? writtenRecord("/main-exit")
    }

    private func writtenRecord(_ name: String) throws -> (writer: ProcessIdentity, record: ProcessExitRecord)? {
        guard let bytes = try UnreadableEvidence.contents(of: directory + name),
            case .object(let object)? = try? JSONParser.parse(bytes)
        else { return nil }
        let reader = ObjectReader(object, report: ReadingReport())
        guard let startedAt = reader.int64("started_at"), let endedAt = reader.int64("ended_at") else { return nil }
        let writer = ProcessIdentity(
            pid: reader.int32("supervisor_pid") ?? 0, startTicks: reader.int64("supervisor_start_ticks") ?? 0,
            bootID: reader.string("boot_id") ?? "")
        let record = ProcessExitRecord(
            exitCode: reader.int32("exit_code"), signal: reader.int32("signal"),
            execError: reader.string("exec_error"), startedAt: Timestamp(milliseconds: startedAt),
            endedAt: Timestamp(milliseconds: endedAt), cpuTime: .milliseconds(reader.int64("cpu_ms") ?? 0),
            peakMemory: reader.int64("peak_memory_bytes") ?? 0,
            stopRequested: reader.bool("stop_requested") ?? false,
            treeHasEnded: reader.int64("tree_ended_at") != nil)
        return (writer, record)
    }
}

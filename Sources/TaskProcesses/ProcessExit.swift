// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CLinuxProcess
import Dispatch
import Foundation
import JobsCompute
import Synchronization

/// A process handle that pid reuse cannot redirect: a pidfd, open as long as the handle is referenced.
package final class ProcessHandle: Sendable {
    package let pidfd: Int32

    /// The process that has a pid now, and its identity; nil when there is none, and when it has exited: init may leave
    /// the zombie of an orphaned supervisor unreaped for a long time.
    /// - Throws: `UnreadableEvidence`.
    package static func open(_ pid: Int32) throws -> (handle: ProcessHandle, identity: ProcessIdentity)? {
        guard pid > 0 else { return nil }
        let descriptor = lp_pidfd_open(pid)
        if [-EMFILE, -ENFILE, -ENOMEM].contains(descriptor) {
            throw UnreadableEvidence(path: "process \(pid)", code: -descriptor)
        }
        guard descriptor >= 0 else { return nil }
        let handle = ProcessHandle(pidfd: descriptor)
        // Read after opening: unless the process has exited by then, the pid is still its own.
        let startTicks = lp_process_start_ticks(pid)
        if handle.hasExited { return nil }
        guard startTicks >= 0 else {
            throw UnreadableEvidence(path: "/proc/\(pid)/stat", code: EMFILE)
        }
        return (handle, ProcessIdentity(pid: pid, startTicks: startTicks, bootID: ProcessIdentity.currentBootID))
    }

    package init(pidfd: Int32) { self.pidfd = pidfd }

    deinit { close(pidfd) }

    /// True for a zombie as well.
    package var hasExited: Bool {
        var state = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
        return poll(&state, 1, 0) > 0
    }

    package func signal(_ signal: Int32) { _ = lp_pidfd_send_signal(pidfd, signal) }

    /// Returns when the process has ended; a child of this server is reaped.
    /// - Throws: `CancellationError`; the process is left alone.
    package func waitForExit() async throws {
        let waiter = ExitWaiter(pidfd: pidfd)
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter.start($0) }
        } onCancel: {
            waiter.finish()
        }
        try Task.checkCancellation()
        _ = lp_reap(pidfd)
    }
}

extension ProcessIdentity {
    package static let currentBootID: String = {
        var buffer = [CChar](repeating: 0, count: 64)
        guard lp_boot_id(&buffer, buffer.count) == 0 else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }()
}

/// Waits on epoll, through Dispatch, until a pidfd becomes readable: no thread and no polling per process.
private final class ExitWaiter: Sendable {
    /// Proof of Sendable: Dispatch's objects may be used from every thread.
    private struct Source: @unchecked Sendable {
        let source: any DispatchSourceRead
    }

    private enum State {
        case idle
        case waiting(Source)
        case finished
    }

    private static let queue = DispatchQueue(label: "lamplighter.process-exits")
    private let pidfd: Int32
    private let state = Mutex(State.idle)

    init(pidfd: Int32) { self.pidfd = pidfd }

    /// Resumes from the source's cancel handler only: until that has run the descriptor must stay open, or events of
    /// the next descriptor with its number would be lost.
    func start(_ continuation: CheckedContinuation<Void, Never>) {
        let source = DispatchSource.makeReadSource(fileDescriptor: pidfd, queue: Self.queue)
        source.setEventHandler { self.finish() }
        source.setCancelHandler { continuation.resume() }
        let box = Source(source: source)
        let isFinished = state.withLock { state in
            if case .finished = state { return true }
            state = .waiting(box)
            return false
        }
        source.activate()
        if isFinished { source.cancel() }
    }

    func finish() {
        let box: Source? = state.withLock { state in
            defer { state = .finished }
            if case .waiting(let box) = state { return box }
            return nil
        }
        box?.source.cancel()
    }
}

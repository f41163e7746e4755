// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CLinuxProcess
import Foundation
import JobsCompute
import Synchronization

/// Starts supervisors and keeps those that are children of this server, which has to reap them.
package final class Supervisors: Sendable {
    /// The path of the `task-supervisor` program.
    package let program: String
    private let children = Mutex<[String: ProcessHandle]>([:])

    package init(program: String) {
        self.program = program
        // Read while there are descriptors.
        _ = ProcessIdentity.currentBootID
    }

    package func child(of directory: String) -> ProcessHandle? { children.withLock { $0[directory] } }

    package func forget(_ directory: String) {
        children.withLock { $0[directory] = nil }
    }

    /// Forgets all processes of a run; they have ended.
    package func forget(below directory: String) {
        children.withLock { children in
            children = children.filter { !$0.key.hasPrefix(directory + "/") }
        }
    }

    package func spawn(_ arguments: [String], _ environment: [String: String], directory: String) throws {
        let variables = environment.map { "\($0.key)=\($0.value)" }
        var pid: Int32 = 0
        let failure = withCStrings(arguments, variables) { lp_spawn_detached(program, $0, $1, &pid) }
        guard failure == 0 else {
            throw TaskFailure(
                "The task supervisor \(program) could not be started: \(String(cString: strerror(failure)))")
        }
        let descriptor = lp_pidfd_open(pid)
        // Without a descriptor (table full) the claim file still leads to the process.
        guard descriptor >= 0 else { return }
        children.withLock { $0[directory] = ProcessHandle(pidfd: descriptor) }
    }
}

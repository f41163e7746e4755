// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsStore
import NIOCore
import Synchronization

/// Answers to GET requests, good until anything is written. Clients and pages poll: between two changes they ask the
/// same questions again and again.
///
/// The counter is read before an answer is made and grows before a change is acknowledged, so nobody who has seen a
/// change gets an answer from before it.
final class ResponseCache: Sendable {
    private static let maxBytes = 16 * 1024 * 1024

    private struct State {
        var changeCount: UInt64 = 0
        var answers: [String: ByteBuffer] = [:]
        var bytes = 0
    }

    private let counter: any ChangeCounter
    private let state = Mutex(State())

    init(counter: any ChangeCounter) { self.counter = counter }

    var changeCount: UInt64 { counter.changeCount }

    func answer(_ uri: String) -> ByteBuffer? {
        let now = counter.changeCount
        return state.withLock { state in
            state.changeCount == now ? state.answers[uri] : nil
        }
    }

    /// - Parameter changeCount: as it was before the answer was made.
    func keep(_ answer: ByteBuffer, for uri: String, madeAt changeCount: UInt64) {
        guard counter.changeCount == changeCount else { return }
        state.withLock { state in
            if state.changeCount != changeCount || state.bytes + answer.readableBytes > Self.maxBytes {
                state = State(changeCount: changeCount)
            }
            if state.answers.updateValue(answer, forKey: uri) == nil { state.bytes += answer.readableBytes }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// A one-shot event that tasks can wait for.
///
/// Proof of Sendable: used on the world's thread only.
final class OneShot: @unchecked Sendable {
    private(set) var hasFired = false
    private var waiting: [(id: Int, continuation: CheckedContinuation<Void, Never>)] = []
    private var nextID = 0

    func fire() {
        hasFired = true
        let all = waiting
        waiting = []
        for (_, continuation) in all { continuation.resume() }
    }

    /// Returns when it has happened or the task is cancelled.
    func wait() async {
        nextID += 1
        let id = nextID
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if hasFired || Task.isCancelled { return continuation.resume() }
                waiting.append((id, continuation))
            }
        } onCancel: {
            guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
            waiting.remove(at: index).continuation.resume()
        }
    }
}

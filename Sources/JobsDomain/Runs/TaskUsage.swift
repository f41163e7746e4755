// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// How a task's processes ended and what they used.
public struct TaskUsage: Equatable, Sendable {
    /// nil when a signal ended the task.
    public var exitCode: Int32?
    public var signal: Int32?
    public var cpuTime: Duration
    /// Bytes of resident memory of the largest process.
    public var peakMemory: Int64

    public init(exitCode: Int32?, signal: Int32?, cpuTime: Duration, peakMemory: Int64) {
        self.exitCode = exitCode
        self.signal = signal
        self.cpuTime = cpuTime
        self.peakMemory = peakMemory
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// How many revisions of a notebook are kept: the newest always, and of the others so many and so much of them.
public struct RevisionRetention: Equatable, Sendable {
    public var count: Int
    /// Of the contents, the newest's included.
    public var bytes: Int

    public init(count: Int = 500, bytes: Int = 512 * 1024 * 1024) {
        self.count = count
        self.bytes = bytes
    }

    /// - Parameter sizes: of all revisions, the newest first, in bytes.
    /// - Returns: how many of them stay; the older ones go.
    public func keeps(_ sizes: [Int]) -> Int {
        var total = 0
        for (index, size) in sizes.enumerated() {
            total += size
            if index > 0, index >= count || total > bytes { return index }
        }
        return sizes.count
    }
}

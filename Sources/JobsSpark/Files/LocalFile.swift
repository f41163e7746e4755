// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsCompute
import TaskProcesses

/// A file of this machine, by its URI: `file:/path`, `file:///path` or `file://localhost/path`.
struct LocalFile: Sendable {
    let uri: String
    /// Decoded.
    let path: String

    private static let blockSize = 1024 * 1024

    init(_ uri: String) throws(TaskFailure) {
        self.uri = uri
        var rest = uri.dropFirst("file:".count).prefix { $0 != "?" && $0 != "#" }
        if rest.hasPrefix("//") {
            let host = rest.dropFirst(2).prefix { $0 != "/" }
            guard ["", "localhost"].contains(host) else {
                throw TaskFailure("\(uri) names another machine; write file:/path")
            }
            rest = rest.dropFirst(2 + host.count)
        }
        path = rest.removingPercentEncoding ?? String(rest)
        guard !path.utf8.contains(0) else { throw TaskFailure("\(uri) does not exist") }
    }

    func copy(to target: String) async throws {
        try await BlockingWork.run {
            // O_NONBLOCK: opening a FIFO would wait for a writer.
            let source = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            if source < 0, errno == ENOENT { throw TaskFailure("\(uri) does not exist") }
            guard source >= 0 else { throw unreadable() }
            defer { close(source) }
            var status = stat()
            guard fstat(source, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                let isDirectory = status.st_mode & S_IFMT == S_IFDIR
                throw TaskFailure("\(uri) is \(isDirectory ? "a directory, not a file" : "not a regular file")")
            }
            let draft = try FileDraft(of: target, uri: uri)
            do {
                try copyBlocks(from: source, to: draft)
                try draft.finish()
            } catch {
                draft.discard()
                throw error
            }
        }
    }

    private func copyBlocks(from source: Int32, to draft: FileDraft) throws(TaskFailure) {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.blockSize, alignment: 16)
        defer { block.deallocate() }
        while true {
            let count = read(source, block.baseAddress, block.count)
            if count == 0 { return }
            guard count > 0 else { throw unreadable() }
            try draft.append(UnsafeRawBufferPointer(rebasing: block[..<count]))
        }
    }

    private func unreadable() -> TaskFailure {
        TaskFailure("\(uri) cannot be read: \(String(cString: strerror(errno)))")
    }
}

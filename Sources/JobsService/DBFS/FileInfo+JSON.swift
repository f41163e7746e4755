// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON
import JobsWorkspace

extension FileInfo {
    /// The members of "FileInfo".
    public func write(to writer: inout JSONWriter) {
        writer.member("path", path.description)
        writer.member("is_dir", isDirectory)
        writer.member("file_size", fileSize)
        writer.member("modification_time", modificationTime)
    }
}

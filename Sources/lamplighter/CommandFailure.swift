// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsStoreSQLite

/// Why a command could not do what it was rightly asked for: printed as `Error: ...`, with exit status 1. What is wrong
/// with the arguments is a `ValidationError`, whose usage text and status 64 would only distract here.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// - Parameter path: what `errno` is about.
    static func system(_ path: String, _ what: String, code: Int32 = errno) -> CommandFailure {
        CommandFailure("\(path) \(what): \(String(cString: strerror(code))).")
    }
}

extension CommandFailure {
    /// - Parameter error: why a database was not opened or copied.
    init(opening error: any Error) {
        var advice = ""
        if case .damaged? = error as? DatabaseOpeningError { advice = " " + DataDirectory.restoreAdvice }
        self.init("\(error)\(advice)")
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// What the operating system can start: names of variables end at their first `=`. (NUL characters never get here.)
extension ShellCommandTask {
    func validate(_ context: RuleContext) {
        if command.first == "" {
            context.invalid("command[0]", given: "\"\"", allowed: "the name or path of a program")
        }
        context.executable("command", command)
        for name in (envVars ?? [:]).keys.sorted() where name.isEmpty || name.utf8.contains(UInt8(ascii: "=")) {
            context.invalid("env_vars", given: "the name \"\(name)\"", allowed: "names without =, and not empty")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// What the operating system can start: texts end at their first NUL, names of variables at their first `=`.
extension ShellCommandTask {
    func validate(_ context: RuleContext) {
        if command.first == "" {
            context.invalid("command[0]", given: "\"\"", allowed: "the name or path of a program")
        }
        for (index, argument) in command.enumerated() where argument.utf8.contains(0) {
            context.invalid("command[\(index)]", given: "a NUL character", allowed: "any other characters")
        }
        for (name, value) in (envVars ?? [:]).sorted(by: { $0.key < $1.key }) {
            if name.isEmpty || name.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "=") }) {
                context.invalid(
                    "env_vars", given: "the name \"\(name)\"", allowed: "names without = and NUL, and not empty")
            } else if value.utf8.contains(0) {
                context.invalid("env_vars.\(name)", given: "a NUL character", allowed: "any other characters")
            }
        }
    }
}

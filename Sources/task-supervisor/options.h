// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#ifndef SUPERVISOR_OPTIONS_H
#define SUPERVISOR_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct options {
    const char *directory;
    const char *working_directory;
    const char *stdout_name;
    int64_t grace_ms;
    int64_t output_cap;
    /// The directory of another supervised task, whose end is followed by the end of this one; NULL: of none.
    const char *end_after;
    /// How long after.
    int64_t end_after_ms;
    /// The program and its arguments, ended by NULL; NULL when a process is adopted.
    char **command;
    /// A child of this process that waits to become the task; 0 when a program is to be started.
    int64_t adopted;
};

/// Returns what is wrong, or NULL.
const char *parse_options(int argc, char **argv, struct options *options);

#endif

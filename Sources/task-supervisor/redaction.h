// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#ifndef SUPERVISOR_REDACTION_H
#define SUPERVISOR_REDACTION_H

#include <stdbool.h>
#include <stddef.h>

/// Values that no output of the task may show: what the variables LAMPLIGHTER_REDACT_0, _1 ... hold.
struct secrets {
    /// The longest first: one may hold another.
    const char **values;
    size_t count;
    size_t longest;
};

/// Of this process's environment, which the values stay in. False when there is no memory.
bool secrets_find(struct secrets *secrets);

/// One stream on its way: what may be the beginning of a value is held back until the rest has come.
struct redaction {
    const struct secrets *secrets;
    /// Room for the longest value and a chunk.
    char *buffer;
    size_t held;
};

/// Takes what has passed.
typedef void redaction_sink(void *context, const char *bytes, size_t count);

/// For chunks of at most `chunk` bytes. Where there are no secrets nothing is needed, and `buffer` stays NULL. False
/// when there is no memory.
bool redaction_begin(struct redaction *redaction, const struct secrets *secrets, size_t chunk);

/// Passes a chunk on with [REDACTED] in place of each value. `is_last`: nothing is held back.
void redaction_pass(
    struct redaction *redaction, const char *bytes, size_t count, bool is_last, redaction_sink *sink, void *context);

#endif

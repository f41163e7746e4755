// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#ifndef SUPERVISOR_REDACTION_H
#define SUPERVISOR_REDACTION_H

#include <stdbool.h>
#include <stddef.h>

struct secret {
    const char *bytes;
    size_t length;
};

/// Values that no output of the task may show: what the variables LAMPLIGHTER_REDACT_0, _1 ... hold, and what is added.
struct secrets {
    /// The longest first: one may hold another.
    struct secret *values;
    size_t count;
    size_t longest;
    /// The bytes that values begin with.
    bool begins[256];
    /// Memory for a value could not be allocated.
    bool is_incomplete;
};

/// Of this process's environment, which the values stay in.
void secrets_find(struct secrets *secrets);

/// One more. The bytes are copied.
void secrets_add(struct secrets *secrets, const char *bytes, size_t length);

/// One stream on its way: what may be the beginning of a value is held back until the rest has come.
struct redaction {
    const struct secrets *secrets;
    /// Space for the longest value and a chunk.
    char *buffer;
    size_t space;
    size_t held;
};

/// Takes what has passed.
typedef void redaction_sink(void *context, const char *bytes, size_t count);

/// For chunks of at most `chunk` bytes; to be called again when there are more secrets. Where there are none nothing is
/// needed, and `buffer` stays NULL. False when there is no memory: then nothing is held any more, and nothing redacted.
bool redaction_make_room(struct redaction *redaction, size_t chunk);

/// Passes a chunk on with [REDACTED] in place of each value. `is_last`: nothing is held back.
void redaction_pass(
    struct redaction *redaction, const char *bytes, size_t count, bool is_last, redaction_sink *sink, void *context);

#endif

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#ifndef SUPERVISOR_FOLLOWER_H
#define SUPERVISOR_FOLLOWER_H

#include <stdbool.h>
#include <stdint.h>

#include "claim.h"

/// Looks whether another supervised task has ended, and says when it has for long enough.
struct follower {
    /// The other task's, -1 when none is followed.
    int directory;
    int64_t delay_ms;
    /// When to look next, and since when the other task has ended, in monotonic_ms.
    int64_t look_at;
    int64_t ended_since;
};

/// `directory` may be NULL; one that cannot be opened is not followed.
struct follower follow(const char *directory, int64_t delay_ms);

/// True once: when the other task was first seen to have ended `delay_ms` ago. To be called at `look_at`.
bool follower_is_due(struct follower *follower, const struct identity *self);

#endif

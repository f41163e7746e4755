// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#define _GNU_SOURCE 1
#include "follower.h"

#include <fcntl.h>

#include "clock.h"

/// A quarter of the delay passes between two looks, within these.
static const int64_t min_pause_ms = 10;
static const int64_t max_pause_ms = 15000;

struct follower follow(const char *directory, int64_t delay_ms) {
    struct follower follower = {.directory = -1, .delay_ms = delay_ms, .look_at = NEVER, .ended_since = NEVER};
    if (directory != NULL) follower.directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (follower.directory >= 0) follower.look_at = monotonic_ms();
    return follower;
}

static int64_t pause_of(const struct follower *follower) {
    const int64_t pause = follower->delay_ms / 4;
    if (pause < min_pause_ms) return min_pause_ms;
    return pause < max_pause_ms ? pause : max_pause_ms;
}

bool follower_is_due(struct follower *follower, const struct identity *self) {
    const int64_t now = monotonic_ms();
    if (now < follower->look_at) return false;
    if (!claimant_has_ended(follower->directory, self)) follower->ended_since = NEVER;
    else if (follower->ended_since == NEVER) follower->ended_since = now;
    const bool is_due = follower->ended_since != NEVER && now - follower->ended_since >= follower->delay_ms;
    follower->look_at = is_due ? NEVER : now + pause_of(follower);
    return is_due;
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#ifndef SUPERVISOR_CLOCK_H
#define SUPERVISOR_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t clock_ms(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/// Of a timer that is not set.
static const int64_t NEVER = INT64_MAX;

/// For timers.
static inline int64_t monotonic_ms(void) {
    return clock_ms(CLOCK_MONOTONIC);
}

/// The wall clock was read once; later times are that plus what has elapsed, so they cannot run backwards. Elapsed
/// time includes the time a machine was suspended.
struct wall_clock {
    int64_t epoch_ms;
    int64_t boot_ms;
};

static inline struct wall_clock start_wall_clock(void) {
    return (struct wall_clock){clock_ms(CLOCK_REALTIME), clock_ms(CLOCK_BOOTTIME)};
}

static inline int64_t wall_clock_now(const struct wall_clock *clock) {
    return clock->epoch_ms + (clock_ms(CLOCK_BOOTTIME) - clock->boot_ms);
}

#endif

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#ifndef SUPERVISOR_PROCESS_STAT_H
#define SUPERVISOR_PROCESS_STAT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/// What /proc/PID/stat tells about a process.
struct process_stat {
    pid_t parent;
    int64_t threads;
    /// In clock ticks since boot. With the pid and the boot id it names one process for ever.
    int64_t start_ticks;
    char state;
};

/// False when there is no such process.
bool read_process_stat(pid_t pid, struct process_stat *stat);

/// Ended but not yet waited for. A leader that has left its other threads running is not dead, though it shows as Z.
bool is_dead(const struct process_stat *stat);

#endif

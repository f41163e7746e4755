// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#ifndef SUPERVISOR_RECORD_H
#define SUPERVISOR_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "claim.h"
#include "output.h"
#include "task.h"

/// How the task went. Times are in milliseconds since the epoch.
struct outcome {
    int64_t started_at;
    int64_t ended_at;
    /// 0 while something of it is left.
    int64_t tree_ended_at;
    /// Of the main process, as wait4 gives it.
    int status;
    bool stop_requested;
    bool killed;
    int64_t orphans;
};

/// Tells readers who the task is while it runs. Of no use after a power loss, and so not kept through one.
bool write_task_record(int directory, const struct task *task, int64_t started_at);

struct exit_facts {
    const struct identity *self;
    const struct task *task;
    const struct outcome *outcome;
    const struct output *standard_output;
    const struct output *standard_error;
};

/// Writes DIR/main-exit: the main process has ended so, and what it left behind is still to end. The members are those of
/// DIR/exit; `tree_ended_at` is null. Tries once.
void write_main_exit_record(int directory, const struct exit_facts *facts);

/// Writes DIR/exit, the one word that the task has ended and how. Tries every second for a day if the disk does not
/// take it; gives up earlier only when DIR itself was removed. Call it when all children have been waited for.
bool write_exit_record(int directory, const struct exit_facts *facts);

#endif

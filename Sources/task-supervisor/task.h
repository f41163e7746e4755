// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#ifndef SUPERVISOR_TASK_H
#define SUPERVISOR_TASK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/// Where a start can fail.
enum start_stage { STARTED, PIPE_STAGE, FORK_STAGE, WORKING_DIRECTORY_STAGE, EXEC_STAGE };

struct start_failure {
    enum start_stage stage;
    int error;
};

/// The main process of the task as it was started.
struct task {
    /// 0 when there never was one.
    pid_t pid;
    int64_t start_ticks;
    /// The supervisor's ends of its pipes, non-blocking.
    int stdout_pipe;
    int stderr_pipe;
    /// Brings a `start_failure` if the program cannot be executed, and ends without one if it can.
    int report_pipe;
    struct start_failure failure;
};

/// Starts the program in its own session, to die with this process. Returns at once: whether the program could be
/// executed is learnt from the report pipe.
void start_task(struct task *task, const char *working_directory, char **command);

/// The descriptors that come with a process to adopt: what it waits on, and what it writes to.
enum adoption_descriptors { ADOPTION_GO = 3, ADOPTION_STDOUT, ADOPTION_STDERR, AFTER_ADOPTION };

/// Whether that process is a child of this one.
bool is_own_child(pid_t pid);

/// Takes a child that was forked before this program was executed, and tells it to go on. It has seen to its own
/// session and to dying with this process.
void adopt_task(struct task *task, pid_t pid);

/// Reads the report if there is one by now.
void take_start_report(struct task *task);

/// What went wrong, in words; NULL when nothing did. Valid until the next call.
const char *describe_start_failure(const struct task *task);

#endif

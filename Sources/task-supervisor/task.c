// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#define _GNU_SOURCE 1
#include "task.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "files.h"
#include "process_stat.h"
#include "text.h"

/// When memory runs out, a task goes before the supervisor that reports it and the server.
static const int64_t oom_score_raise = 200;
static const int64_t highest_oom_score = 1000;

enum { READ_END = 0, WRITE_END = 1 };

struct task_pipes {
    int output[2];
    int error[2];
    int report[2];
};

// MARK: In the child

static void raise_oom_score(void) {
    static const char path[] = "/proc/self/oom_score_adj";
    char present[32];
    if (!read_small_file(path, present, sizeof present)) return;
    int64_t score = strtoll(present, NULL, 10) + oom_score_raise;
    struct text text = {0};
    text_append_number(&text, score < highest_oom_score ? score : highest_oom_score);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    write_all(file, text.bytes, text.length);
    close(file);
}

static void reset_signals(void) {
    const struct sigaction by_default = {.sa_handler = SIG_DFL};
    for (int signal = 1; signal < NSIG; signal++) sigaction(signal, &by_default, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void give_up(int report, enum start_stage stage) {
    const struct start_failure failure = {stage, errno};
    write_all(report, (const char *)&failure, sizeof failure);
    _exit(127);
}

static _Noreturn void become_task(
    pid_t supervisor, const struct task_pipes *pipes, const char *working_directory, char **command) {
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // It may have died before it could take effect.
    if (getppid() != supervisor) _exit(127);
    // The pipes close with exec; standard input is the supervisor's own, /dev/null.
    dup2(pipes->output[WRITE_END], STDOUT_FILENO);
    dup2(pipes->error[WRITE_END], STDERR_FILENO);
    const struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    raise_oom_score();
    if (chdir(working_directory) != 0) give_up(pipes->report[WRITE_END], WORKING_DIRECTORY_STAGE);
    reset_signals();
    execvp(command[0], command);
    give_up(pipes->report[WRITE_END], EXEC_STAGE);
}

// MARK: In the supervisor

static void close_pair(const int pair[2]) {
    for (int end = READ_END; end <= WRITE_END; end++)
        if (pair[end] >= 0) close(pair[end]);
}

static void close_pipes(const struct task_pipes *pipes) {
    close_pair(pipes->output);
    close_pair(pipes->error);
    close_pair(pipes->report);
}

/// Only our end must not block: the task may well wait until we have taken its output.
static bool make_pipe(int pair[2]) {
    return pipe2(pair, O_CLOEXEC) == 0 && fcntl(pair[READ_END], F_SETFL, O_NONBLOCK) == 0;
}

static bool make_pipes(struct task_pipes *pipes) {
    *pipes = (struct task_pipes){{-1, -1}, {-1, -1}, {-1, -1}};
    return make_pipe(pipes->output) && make_pipe(pipes->error) && make_pipe(pipes->report);
}

static void fail(struct task *task, enum start_stage stage, const struct task_pipes *pipes) {
    task->failure = (struct start_failure){stage, errno};
    close_pipes(pipes);
}

static void keep_read_ends(struct task *task, const struct task_pipes *pipes) {
    close(pipes->output[WRITE_END]);
    close(pipes->error[WRITE_END]);
    close(pipes->report[WRITE_END]);
    task->stdout_pipe = pipes->output[READ_END];
    task->stderr_pipe = pipes->error[READ_END];
    task->report_pipe = pipes->report[READ_END];
}

void start_task(struct task *task, const char *working_directory, char **command) {
    *task = (struct task){.stdout_pipe = -1, .stderr_pipe = -1, .report_pipe = -1};
    struct task_pipes pipes;
    if (!make_pipes(&pipes)) {
        fail(task, PIPE_STAGE, &pipes);
        return;
    }
    const pid_t self = getpid();
    pid_t child = fork();
    if (child == 0) become_task(self, &pipes, working_directory, command);
    if (child < 0) {
        fail(task, FORK_STAGE, &pipes);
        return;
    }
    keep_read_ends(task, &pipes);
    struct process_stat stat = {0};
    read_process_stat(child, &stat);  // also there if it has ended already: it is a zombie until wait4
    task->start_ticks = stat.start_ticks;
    task->pid = child;
}

bool is_own_child(pid_t pid) {
    struct process_stat stat = {0};
    return read_process_stat(pid, &stat) && stat.parent == getpid();
}

void adopt_task(struct task *task, pid_t pid) {
    *task = (struct task){.pid = pid, .stdout_pipe = ADOPTION_STDOUT, .stderr_pipe = ADOPTION_STDERR, .report_pipe = -1};
    for (int descriptor = ADOPTION_GO; descriptor < AFTER_ADOPTION; descriptor++)
        fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    fcntl(ADOPTION_STDOUT, F_SETFL, O_NONBLOCK);
    fcntl(ADOPTION_STDERR, F_SETFL, O_NONBLOCK);
    struct process_stat stat = {0};
    read_process_stat(pid, &stat);
    task->start_ticks = stat.start_ticks;
    // It may have exited by itself; wait4 reports that, as for any task.
    write_all(ADOPTION_GO, "g", 1);
    close(ADOPTION_GO);
}

void take_start_report(struct task *task) {
    if (task->report_pipe < 0) return;
    struct start_failure failure;
    ssize_t length = read(task->report_pipe, &failure, sizeof failure);
    if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (length == (ssize_t)sizeof failure) task->failure = failure;
    close(task->report_pipe);
    task->report_pipe = -1;
}

static const char *stage_prefix(enum start_stage stage) {
    switch (stage) {
    case PIPE_STAGE: return "pipe: ";
    case FORK_STAGE: return "fork: ";
    case WORKING_DIRECTORY_STAGE: return "working directory: ";
    case STARTED:
    case EXEC_STAGE: break;
    }
    return "";
}

const char *describe_start_failure(const struct task *task) {
    static struct text description;
    if (task->failure.stage == STARTED) return NULL;
    description.length = 0;
    text_append(&description, stage_prefix(task->failure.stage));
    text_append(&description, strerror(task->failure.error));
    return description.bytes;
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

// Owns the process tree of one task and outlives the server that started it. All it tells is in files in DIR:
//   claim   who supervises; its existence means that the task was, or is about to be, started: once, ever
//   task    the task's pid while it runs
//   stdout, stderr (and their .tail0, .tail1)   what the task wrote, as it comes
//   main-exit   how its main process ended, where that has left processes behind, which are ended now
//   exit    how it ended, when nothing of it is left
//   redact  a socket that takes, while the task runs, values that its output must not show
// Values in the environment variables LAMPLIGHTER_REDACT_0, _1 ..., and those that come by the socket, are shown as
// [REDACTED] in the task's output.
// With --end-after DIR the task serves that of another supervisor, and is stopped some time (--end-after-ms) after that
// one has ended and nobody else has stopped this one.
// SIGTERM to this process stops the task: it has the grace period to end by itself, however often it is asked.
//
// The task is a program to start, or (--adopt PID) a child that is there already: who forked it and then executed this
// program, so that it is the same process still, has left three descriptors. Once the directory is claimed a byte is
// written to 3, for which the child waits; its output is read from 4 and 5. The fork_server of notebook kernels does so.

#define _GNU_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "claim.h"
#include "clock.h"
#include "files.h"
#include "follower.h"
#include "options.h"
#include "output.h"
#include "process_tree.h"
#include "record.h"
#include "secret_socket.h"
#include "task.h"
#include "text.h"

enum exit_status {
    STATUS_RECORDED = 0,
    STATUS_CLAIMED_BY_ANOTHER = 17,
    STATUS_USAGE = 64,
    STATUS_NO_SYSTEM = 71,
    STATUS_NO_CLAIM = 73,
    STATUS_NOT_RECORDED = 74,
};

/// What the main process leaves behind had its time while it ran.
static const int64_t max_orphan_grace_ms = 2000;
static const int64_t first_kill_pause_ms = 2;
static const int64_t max_kill_pause_ms = 250;
static const int64_t max_poll_ms = 3600000;

struct supervision {
    const struct identity *self;
    int directory;
    int signals;
    int64_t grace_ms;
    struct wall_clock clock;
    struct task task;
    struct secrets *secrets;
    int secret_socket;
    struct output standard_output;
    struct output standard_error;
    struct outcome outcome;
    struct tree_census census;
    struct follower follower;
    /// When to kill next, in monotonic_ms; NEVER while there is no reason to.
    int64_t kill_at;
    int64_t kill_pause_ms;
    bool main_ended;
    bool tree_ended;
};

// MARK: Ending the tree

static void kill_no_later_than(struct supervision *supervision, int64_t time) {
    if (time < supervision->kill_at) supervision->kill_at = time;
}

static void stop_was_requested(struct supervision *supervision) {
    // Servers ask again after a restart, and to be sure: that takes nothing from the task's time.
    if (supervision->outcome.stop_requested) return;
    supervision->outcome.stop_requested = true;
    terminate_tree(&supervision->census);
    kill_no_later_than(supervision, monotonic_ms() + supervision->grace_ms);
}

static struct exit_facts exit_facts(const struct supervision *supervision) {
    return (struct exit_facts){
        .self = supervision->self,
        .task = &supervision->task,
        .outcome = &supervision->outcome,
        .standard_output = &supervision->standard_output,
        .standard_error = &supervision->standard_error,
    };
}

/// The task's end is known before its orphans are ended, which may take longer than the task had time.
static void end_orphans(struct supervision *supervision) {
    const struct exit_facts facts = exit_facts(supervision);
    write_main_exit_record(supervision->directory, &facts);
    int64_t grace =
        supervision->grace_ms < max_orphan_grace_ms ? supervision->grace_ms : max_orphan_grace_ms;
    supervision->census.counting_orphans = true;
    terminate_tree(&supervision->census);
    kill_no_later_than(supervision, monotonic_ms() + grace);
}

/// Goes round as long as there is a tree: quickly while new processes turn up, ever more slowly when it only takes
/// time for the killed ones to go (one may hang in the kernel).
static void kill_if_due(struct supervision *supervision) {
    if (supervision->tree_ended || monotonic_ms() < supervision->kill_at) return;
    struct kill_result result = kill_tree(&supervision->census);
    supervision->outcome.killed |= result.found;
    int64_t pause = result.grew ? first_kill_pause_ms : supervision->kill_pause_ms * 2;
    supervision->kill_pause_ms = pause < max_kill_pause_ms ? pause : max_kill_pause_ms;
    supervision->kill_at = monotonic_ms() + supervision->kill_pause_ms;
}

// MARK: Events

static void main_process_ended(struct supervision *supervision, int status) {
    supervision->main_ended = true;
    supervision->outcome.status = status;
    supervision->outcome.ended_at = wall_clock_now(&supervision->clock);
}

/// Waits for every child that has ended: the main process, and adopted orphans.
static void reap_children(struct supervision *supervision) {
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0)
        if (pid == supervision->task.pid && !supervision->main_ended) main_process_ended(supervision, status);
    // Every orphan of the tree is reparented to this process (subreaper), so without children there is no tree.
    supervision->tree_ended = pid < 0 && errno == ECHILD;
    if (supervision->main_ended && !supervision->tree_ended && !supervision->census.counting_orphans)
        end_orphans(supervision);
}

static void take_signals(struct supervision *supervision) {
    struct signalfd_siginfo infos[4];
    ssize_t length = read(supervision->signals, infos, sizeof infos);
    bool child_changed = false;
    for (size_t index = 0; length > 0 && index < (size_t)length / sizeof *infos; index++) {
        if (infos[index].ssi_signo == SIGCHLD) child_changed = true;
        else stop_was_requested(supervision);
    }
    if (child_changed) reap_children(supervision);
}

static int poll_timeout(const struct supervision *supervision) {
    const int64_t look_at = supervision->follower.look_at;
    const int64_t next = supervision->kill_at < look_at ? supervision->kill_at : look_at;
    if (next == NEVER) return -1;
    int64_t rest = next - monotonic_ms();
    if (rest < 0) return 0;
    return (int)(rest < max_poll_ms ? rest : max_poll_ms);
}

static void take_secret(struct supervision *supervision) {
    struct secret_sender sender;
    if (!secret_socket_receive(supervision->secret_socket, supervision->secrets, &sender)) return;
    output_learn(&supervision->standard_output);
    output_learn(&supervision->standard_error);
    secret_socket_answer(supervision->secret_socket, &sender);
}

/// One chunk of each stream a round, so that a talkative task cannot hold up a stop request. Secrets before output: then
/// a value is also redacted in what is in the pipe when the value arrives.
static void handle_next_events(struct supervision *supervision) {
    struct pollfd events[] = {
        {.fd = supervision->signals, .events = POLLIN},
        {.fd = supervision->standard_output.pipe, .events = POLLIN},
        {.fd = supervision->standard_error.pipe, .events = POLLIN},
        {.fd = supervision->task.report_pipe, .events = POLLIN},
        {.fd = supervision->secret_socket, .events = POLLIN},
    };
    int ready = poll(events, sizeof events / sizeof *events, poll_timeout(supervision));
    if (ready > 0) {
        if (events[4].revents != 0) take_secret(supervision);
        if (events[1].revents != 0) output_pump(&supervision->standard_output);
        if (events[2].revents != 0) output_pump(&supervision->standard_error);
        if (events[3].revents != 0) take_start_report(&supervision->task);
        if (events[0].revents != 0) take_signals(supervision);
    }
    if (follower_is_due(&supervision->follower, supervision->self)) stop_was_requested(supervision);
    kill_if_due(supervision);
}

// MARK: The course of a task

static void start(struct supervision *supervision, const struct options *options) {
    const int directory = supervision->directory;
    // Should this process be killed, the server finds by it what is left of the task.
    setenv("LAMPLIGHTER_SUPERVISED", options->directory, 1);
    supervision->clock = start_wall_clock();
    supervision->outcome.started_at = supervision->clock.epoch_ms;
    supervision->secret_socket = secret_socket_open(directory);
    if (options->adopted != 0) adopt_task(&supervision->task, (pid_t)options->adopted);
    else start_task(&supervision->task, options->working_directory, options->command);
    if (supervision->task.pid > 0)
        write_task_record(directory, &supervision->task, supervision->outcome.started_at);
    uint64_t cap = (uint64_t)options->output_cap;
    struct secrets *secrets = supervision->secrets;
    output_open(
        &supervision->standard_output, directory, options->stdout_name, supervision->task.stdout_pipe, cap, secrets);
    output_open(&supervision->standard_error, directory, "stderr", supervision->task.stderr_pipe, cap, secrets);
}

static void watch(struct supervision *supervision) {
    if (supervision->task.pid == 0) {
        supervision->tree_ended = true;
        supervision->outcome.ended_at = wall_clock_now(&supervision->clock);
    } else {
        reap_children(supervision);  // an adopted child may have ended before its signal could reach us
    }
    while (!supervision->tree_ended) handle_next_events(supervision);
    supervision->outcome.tree_ended_at = wall_clock_now(&supervision->clock);
    supervision->outcome.orphans = supervision->census.orphans;
    take_start_report(&supervision->task);
    output_finish(&supervision->standard_output);
    output_finish(&supervision->standard_error);
}

static int run_claimed(
    int directory, int signals, struct secrets *secrets, const struct identity *self,
    const struct options *options) {
    static struct supervision supervision;
    supervision = (struct supervision){
        .self = self, .directory = directory, .signals = signals, .grace_ms = options->grace_ms, .kill_at = NEVER,
        .kill_pause_ms = first_kill_pause_ms, .secrets = secrets,
        .follower = follow(options->end_after, options->end_after_ms)};
    start(&supervision, options);
    watch(&supervision);
    secret_socket_close(supervision.secret_socket, directory);
    const struct exit_facts facts = exit_facts(&supervision);
    return write_exit_record(directory, &facts) ? STATUS_RECORDED : STATUS_NOT_RECORDED;
}

// MARK: Becoming a supervisor

static void complain(const char *what, const char *why) {
    struct text line = {0};
    text_append(&line, "task-supervisor: ");
    text_append(&line, what);
    text_append(&line, why);
    text_append(&line, "\n");
    write_all(STDERR_FILENO, line.bytes, line.length);
}

/// Lets go of what belongs to the server from a descriptor on, all but standard error, which is there until the claim.
static bool let_go(unsigned first_descriptor) {
    close_range(first_descriptor, ~0U, 0);
    int null;
    do null = open("/dev/null", O_RDWR);
    while (null >= 0 && null <= STDERR_FILENO);  // a standard descriptor that was closed is filled too
    if (null < 0) return false;
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    close(null);
    if (getsid(0) != getpid()) setsid();
    umask(077);
    return chdir("/") == 0;
}

static void silence(void) {
    dup2(STDIN_FILENO, STDERR_FILENO);
}

/// Everything is blocked, so only SIGKILL ends this process; what it wants to know of comes through the signalfd.
static int take_over_signals(void) {
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    const struct sigaction by_default = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDSTOP};
    sigset_t all, wanted;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    sigaction(SIGHUP, &ignore, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGCHLD, &by_default, NULL);  // ignoring it may be inherited and would lose exit statuses
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGCHLD);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGINT);
    return signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
}

int main(int argc, char **argv) {
    struct options options;
    const char *wrong = parse_options(argc, argv, &options);
    if (wrong == NULL && options.adopted != 0 && !is_own_child((pid_t)options.adopted))
        wrong = "the process to adopt is no child of this one";
    bool ready = let_go(wrong == NULL && options.adopted != 0 ? AFTER_ADOPTION : 3);
    if (wrong != NULL) {
        complain(wrong, "\nusage: task-supervisor --dir DIR [--cwd DIR] [--grace-ms N] [--output-cap BYTES]"
                        " [--stdout-name NAME] [--end-after DIR [--end-after-ms N]]"
                        " (-- PROGRAM [ARGUMENT...] | --adopt PID)");
        return STATUS_USAGE;
    }
    struct identity self;
    struct secrets secrets;
    int signals = take_over_signals();
    secrets_find(&secrets);
    if (!ready || signals < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) != 0 || !identify_self(&self)) {
        complain("cannot supervise: ", strerror(errno));
        return STATUS_NO_SYSTEM;
    }
    int directory = open(options.directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum claim_result claim = directory < 0 ? CLAIM_FAILED : claim_directory(directory, &self);
    if (claim == CLAIMED_BY_ANOTHER) return STATUS_CLAIMED_BY_ANOTHER;
    if (claim == CLAIM_FAILED) {
        complain("cannot claim the directory: ", strerror(errno));
        return STATUS_NO_CLAIM;
    }
    silence();
    return run_claimed(directory, signals, &secrets, &self, &options);
}

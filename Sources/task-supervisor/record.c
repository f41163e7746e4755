// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#define _GNU_SOURCE 1
#include "record.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "clock.h"
#include "files.h"
#include "text.h"

static const int64_t retry_every_ms = 1000;
static const int64_t retry_for_ms = INT64_C(24) * 60 * 60 * 1000;

static void begin_member(struct text *text, const char *name) {
    text_append(text, text->length == 0 ? "{" : ",");
    text_append_json(text, name);
    text_append(text, ":");
}

static void add_number(struct text *text, const char *name, int64_t number) {
    begin_member(text, name);
    text_append_number(text, number);
}

static void add_number_if(struct text *text, const char *name, bool present, int64_t number) {
    begin_member(text, name);
    if (present) text_append_number(text, number);
    else text_append(text, "null");
}

static void add_string(struct text *text, const char *name, const char *string) {
    begin_member(text, name);
    text_append_json(text, string);
}

static void add_flag(struct text *text, const char *name, bool flag) {
    begin_member(text, name);
    text_append(text, flag ? "true" : "false");
}

bool write_task_record(int directory, const struct task *task, int64_t started_at) {
    struct text text = {0};
    add_number(&text, "task_pid", task->pid);
    add_number(&text, "task_start_ticks", task->start_ticks);
    add_number(&text, "started_at", started_at);
    text_append(&text, "}\n");
    return replace_file(directory, "task", &text, false);
}

static void add_status(struct text *text, const struct exit_facts *facts) {
    const char *failure = describe_start_failure(facts->task);
    int status = facts->outcome->status;
    bool exited = failure != NULL || WIFEXITED(status);
    add_number_if(text, "exit_code", exited, failure != NULL ? 127 : WEXITSTATUS(status));
    add_number_if(text, "signal", !exited, WTERMSIG(status));
    add_string(text, "exec_error", failure);
}

static int64_t microseconds(struct timeval time) {
    return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

/// The usage of all that was waited for, by us or by those we waited for.
static void add_usage(struct text *text) {
    struct rusage usage = {0};
    getrusage(RUSAGE_CHILDREN, &usage);
    add_number(text, "cpu_ms", (microseconds(usage.ru_utime) + microseconds(usage.ru_stime)) / 1000);
    add_number(text, "peak_memory_bytes", (int64_t)usage.ru_maxrss * 1024);
}

static void add_dropped(struct text *text, const struct exit_facts *facts) {
    add_number(text, "stdout_dropped_bytes", (int64_t)facts->standard_output->dropped);
    add_number(text, "stderr_dropped_bytes", (int64_t)facts->standard_error->dropped);
}

static void add_newest_tail(struct text *text, const char *name, const struct output *output) {
    int tail = output_newest_tail(output);
    add_number_if(text, name, tail >= 0, tail);
}

static struct text exit_text(const struct exit_facts *facts) {
    const struct outcome *outcome = facts->outcome;
    struct text text = {0};
    add_number(&text, "supervisor_pid", facts->self->pid);
    add_number(&text, "supervisor_start_ticks", facts->self->start_ticks);
    add_string(&text, "boot_id", facts->self->boot_id);
    add_number_if(&text, "task_pid", facts->task->pid > 0, facts->task->pid);
    add_status(&text, facts);
    add_number(&text, "started_at", outcome->started_at);
    add_number(&text, "ended_at", outcome->ended_at);
    add_number_if(&text, "tree_ended_at", outcome->tree_ended_at != 0, outcome->tree_ended_at);
    add_usage(&text);
    add_number(&text, "stdout_bytes", (int64_t)facts->standard_output->bytes);
    add_number(&text, "stderr_bytes", (int64_t)facts->standard_error->bytes);
    add_dropped(&text, facts);
    add_newest_tail(&text, "stdout_newest_tail", facts->standard_output);
    add_newest_tail(&text, "stderr_newest_tail", facts->standard_error);
    add_flag(&text, "stop_requested", outcome->stop_requested);
    add_flag(&text, "killed", outcome->killed);
    add_number(&text, "orphans", outcome->orphans);
    text_append(&text, "}\n");
    return text;
}

void write_main_exit_record(int directory, const struct exit_facts *facts) {
    const struct text text = exit_text(facts);
    replace_file(directory, "main-exit", &text, true);
}

bool write_exit_record(int directory, const struct exit_facts *facts) {
    const struct text text = exit_text(facts);
    const int64_t give_up_at = monotonic_ms() + retry_for_ms;
    while (!replace_file(directory, "exit", &text, true)) {
        if (is_removed(directory) || monotonic_ms() >= give_up_at) return false;
        poll(NULL, 0, (int)retry_every_ms);
    }
    return true;
}

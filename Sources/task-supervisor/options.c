// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#include "options.h"

#include <stddef.h>
#include <string.h>

/// A day: no one waits longer for a task to end, and sums of times cannot overflow.
static const int64_t max_wait_ms = 86400000;
/// The tail segments, a quarter of it, must hold something.
static const int64_t min_cap = 4;
static const int64_t max_cap = INT64_C(1) << 50;
static const int64_t max_pid = INT32_MAX;

static bool parse_number(const char *text, int64_t least, int64_t most, int64_t *number) {
    int64_t value = 0;
    if (*text == '\0') return false;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9' || value > most) return false;
        value = value * 10 + (*text - '0');
    }
    *number = value;
    return value >= least && value <= most;
}

/// Whether a file of this name, or its tails, would be one of our own files.
static bool is_reserved(const char *name) {
    static const char *const own[] = {"claim", "task", "main-exit", "exit", "redact", "stderr"};
    for (size_t index = 0; index < sizeof own / sizeof *own; index++) {
        size_t length = strlen(own[index]);
        if (strncmp(name, own[index], length) == 0 && (name[length] == '\0' || name[length] == '.')) return true;
    }
    return false;
}

static bool is_file_name(const char *name) {
    return *name != '\0' && *name != '.' && strchr(name, '/') == NULL && strlen(name) <= 200 && !is_reserved(name);
}

static const char *take_path(const char *value, const char **path) {
    *path = value;
    // The supervisor's working directory is "/", so relative paths would be resolved against the wrong directory.
    return *value == '/' ? NULL : "--dir, --cwd and --end-after must be absolute paths";
}

static const char *take_option(const char *name, const char *value, struct options *options) {
    if (strcmp(name, "--dir") == 0) return take_path(value, &options->directory);
    if (strcmp(name, "--cwd") == 0) return take_path(value, &options->working_directory);
    if (strcmp(name, "--grace-ms") == 0)
        return parse_number(value, 0, max_wait_ms, &options->grace_ms)
            ? NULL : "--grace-ms must be a number from 0 to 86400000";
    if (strcmp(name, "--end-after") == 0) return take_path(value, &options->end_after);
    if (strcmp(name, "--end-after-ms") == 0)
        return parse_number(value, 0, max_wait_ms, &options->end_after_ms)
            ? NULL : "--end-after-ms must be a number from 0 to 86400000";
    if (strcmp(name, "--output-cap") == 0)
        return parse_number(value, min_cap, max_cap, &options->output_cap)
            ? NULL : "--output-cap must be a number of bytes, 4 or more";
    if (strcmp(name, "--adopt") == 0)
        return parse_number(value, 1, max_pid, &options->adopted) ? NULL : "--adopt must be a process id";
    if (strcmp(name, "--stdout-name") == 0) {
        options->stdout_name = value;
        return is_file_name(value) ? NULL : "--stdout-name must be a file name that is not one of the supervisor's";
    }
    return "unknown option";
}

const char *parse_options(int argc, char **argv, struct options *options) {
    *options = (struct options){
        .working_directory = "/", .stdout_name = "stdout", .grace_ms = 10000, .output_cap = 33554432,
        .end_after_ms = 600000};
    int at = 1;
    while (at < argc && strcmp(argv[at], "--") != 0) {
        if (at + 1 >= argc) return "an option without its value";
        const char *wrong = take_option(argv[at], argv[at + 1], options);
        if (wrong != NULL) return wrong;
        at += 2;
    }
    bool has_program = at + 1 < argc;
    if (options->adopted != 0 && at < argc) return "--adopt takes no program";
    if (options->adopted == 0 && !has_program) return "no program given after --";
    if (options->directory == NULL) return "--dir is missing";
    if (has_program) options->command = argv + at + 1;
    return NULL;
}

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#define _GNU_SOURCE 1
#include "process_stat.h"

#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "text.h"

/// Fields are numbered as in proc(5).
enum { FIELD_STATE = 3, FIELD_PARENT = 4, FIELD_THREADS = 20, FIELD_START_TICKS = 22 };

static void take_field(struct process_stat *stat, int field, const char *value) {
    switch (field) {
    case FIELD_STATE: stat->state = *value; break;
    case FIELD_PARENT: stat->parent = (pid_t)strtol(value, NULL, 10); break;
    case FIELD_THREADS: stat->threads = strtoll(value, NULL, 10); break;
    case FIELD_START_TICKS: stat->start_ticks = strtoll(value, NULL, 10); break;
    default: break;
    }
}

bool read_process_stat(pid_t pid, struct process_stat *stat) {
    struct text path = {0};
    text_append(&path, "/proc/");
    text_append_number(&path, pid);
    text_append(&path, "/stat");
    char line[1024];
    if (!read_small_file(path.bytes, line, sizeof line)) return false;

    // The name in field 2 is the process's own choice and may hold spaces and ')': the fields begin after the last one.
    const char *at = strrchr(line, ')');
    for (int field = FIELD_STATE; at != NULL && field <= FIELD_START_TICKS; field++) {
        at = strchr(at, ' ');
        if (at == NULL) return false;
        take_field(stat, field, ++at);
    }
    return at != NULL;
}

bool is_dead(const struct process_stat *stat) {
    return (stat->state == 'Z' || stat->state == 'X') && stat->threads <= 1;
}

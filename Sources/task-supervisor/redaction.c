// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#include "redaction.h"

#include <stdlib.h>
#include <string.h>

extern char **environ;

static const char variable[] = "LAMPLIGHTER_REDACT_";
static const char mark[] = "[REDACTED]";

/// The value of one of the variables, or NULL.
static const char *value_of(const char *entry) {
    if (strncmp(entry, variable, sizeof variable - 1) != 0) return NULL;
    const char *sign = strchr(entry, '=');
    return sign != NULL && sign[1] != '\0' ? sign + 1 : NULL;
}

static int longer_first(const void *one, const void *other) {
    size_t length = strlen(*(const char *const *)one), other_length = strlen(*(const char *const *)other);
    return length < other_length ? 1 : length > other_length ? -1 : 0;
}

bool secrets_find(struct secrets *secrets) {
    *secrets = (struct secrets){0};
    for (char **entry = environ; entry != NULL && *entry != NULL; entry++)
        if (value_of(*entry) != NULL) secrets->count++;
    if (secrets->count == 0) return true;
    secrets->values = malloc(secrets->count * sizeof *secrets->values);
    if (secrets->values == NULL) return false;
    size_t index = 0;
    for (char **entry = environ; *entry != NULL; entry++)
        if (value_of(*entry) != NULL) secrets->values[index++] = value_of(*entry);
    qsort(secrets->values, secrets->count, sizeof *secrets->values, longer_first);
    secrets->longest = strlen(secrets->values[0]);
    return true;
}

bool redaction_begin(struct redaction *redaction, const struct secrets *secrets, size_t chunk) {
    *redaction = (struct redaction){.secrets = secrets};
    if (secrets->count == 0) return true;
    redaction->buffer = malloc(secrets->longest + chunk);
    return redaction->buffer != NULL;
}

enum finding { NOTHING, BEGINNING, WHOLE };

/// What stands at a place: the longest value, or what may become one. `length`: of the value found.
static enum finding look(const struct secrets *secrets, const char *bytes, size_t count, bool is_last, size_t *length) {
    for (size_t index = 0; index < secrets->count; index++) {
        const char *value = secrets->values[index];
        if (value[0] != bytes[0]) continue;
        *length = strlen(value);
        if (*length <= count && memcmp(bytes, value, *length) == 0) return WHOLE;
        if (*length > count && !is_last && memcmp(bytes, value, count) == 0) return BEGINNING;
    }
    return NOTHING;
}

void redaction_pass(
    struct redaction *redaction, const char *bytes, size_t count, bool is_last, redaction_sink *sink, void *context) {
    if (redaction->buffer == NULL) {
        if (count > 0) sink(context, bytes, count);
        return;
    }
    char *buffer = redaction->buffer;
    memcpy(buffer + redaction->held, bytes, count);
    const size_t end = redaction->held + count;
    size_t sent = 0, place = 0;
    while (place < end) {
        size_t length = 0;
        enum finding found = look(redaction->secrets, buffer + place, end - place, is_last, &length);
        if (found == BEGINNING) break;
        if (found == NOTHING) {
            place++;
            continue;
        }
        if (place > sent) sink(context, buffer + sent, place - sent);
        sink(context, mark, sizeof mark - 1);
        sent = place += length;
    }
    if (place > sent) sink(context, buffer + sent, place - sent);
    redaction->held = end - place;
    memmove(buffer, buffer + place, redaction->held);
}

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
    return sign != NULL ? sign + 1 : NULL;
}

void secrets_find(struct secrets *secrets) {
    *secrets = (struct secrets){0};
    for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
        const char *value = value_of(*entry);
        if (value != NULL) secrets_add(secrets, value, strlen(value));
    }
}

static bool is_known(const struct secrets *secrets, const char *bytes, size_t length) {
    for (size_t index = 0; index < secrets->count; index++) {
        const struct secret *value = &secrets->values[index];
        if (value->length == length && memcmp(value->bytes, bytes, length) == 0) return true;
    }
    return false;
}

void secrets_add(struct secrets *secrets, const char *bytes, size_t length) {
    if (length == 0 || is_known(secrets, bytes, length)) return;
    struct secret *values = realloc(secrets->values, (secrets->count + 1) * sizeof *values);
    if (values != NULL) secrets->values = values;
    char *copy = values != NULL ? malloc(length) : NULL;
    if (copy == NULL) {
        secrets->is_incomplete = true;
        return;
    }
    memcpy(copy, bytes, length);
    size_t place = secrets->count++;
    for (; place > 0 && values[place - 1].length < length; place--) values[place] = values[place - 1];
    values[place] = (struct secret){copy, length};
    secrets->longest = values[0].length;
    secrets->begins[(unsigned char)bytes[0]] = true;
}

bool redaction_make_room(struct redaction *redaction, size_t chunk) {
    const struct secrets *secrets = redaction->secrets;
    const size_t space = secrets->longest + chunk;
    if (secrets->count == 0 || redaction->space >= space) return !secrets->is_incomplete;
    char *buffer = realloc(redaction->buffer, space);
    if (buffer == NULL) {
        free(redaction->buffer);
        *redaction = (struct redaction){.secrets = secrets};
        return false;
    }
    redaction->buffer = buffer;
    redaction->space = space;
    return !secrets->is_incomplete;
}

enum finding { NOTHING, BEGINNING, WHOLE };

/// What stands at a place: the longest value, or what may become one. `length`: of the value found.
static enum finding look(const struct secrets *secrets, const char *bytes, size_t count, bool is_last, size_t *length) {
    if (!secrets->begins[(unsigned char)bytes[0]]) return NOTHING;
    for (size_t index = 0; index < secrets->count; index++) {
        const struct secret *value = &secrets->values[index];
        *length = value->length;
        if (*length <= count && memcmp(bytes, value->bytes, *length) == 0) return WHOLE;
        if (*length > count && !is_last && memcmp(bytes, value->bytes, count) == 0) return BEGINNING;
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

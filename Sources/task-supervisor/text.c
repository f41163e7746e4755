// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#include "text.h"

static void append_byte(struct text *text, char byte) {
    if (text->length + 1 >= sizeof text->bytes) return;
    text->bytes[text->length++] = byte;
    text->bytes[text->length] = '\0';
}

void text_append(struct text *text, const char *string) {
    while (*string != '\0') append_byte(text, *string++);
}

void text_append_number(struct text *text, int64_t number) {
    char digits[20];
    int count = 0;
    // Not negated as a signed value: the smallest one has no positive counterpart.
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do digits[count++] = (char)('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (number < 0) append_byte(text, '-');
    while (count > 0) append_byte(text, digits[--count]);
}

static void append_escaped(struct text *text, unsigned char byte) {
    static const char hex[] = "0123456789abcdef";
    if (byte == '"' || byte == '\\') {
        append_byte(text, '\\');
        append_byte(text, (char)byte);
    } else if (byte < 0x20 || byte >= 0x7f) {
        // Also bytes that may not be UTF-8: the line stays valid JSON for any input.
        text_append(text, "\\u00");
        append_byte(text, hex[byte >> 4]);
        append_byte(text, hex[byte & 15]);
    } else {
        append_byte(text, (char)byte);
    }
}

void text_append_json(struct text *text, const char *string) {
    if (string == NULL) {
        text_append(text, "null");
        return;
    }
    append_byte(text, '"');
    while (*string != '\0') append_escaped(text, (unsigned char)*string++);
    append_byte(text, '"');
}

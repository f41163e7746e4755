// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#ifndef SUPERVISOR_TEXT_H
#define SUPERVISOR_TEXT_H

#include <stddef.h>
#include <stdint.h>

/// A short text on the stack. Standing in for stdio, which would cost each of hundreds of supervisors its pages.
/// What does not fit is cut off; every text made here is bounded far below the size.
struct text {
    size_t length;
    char bytes[1536];
};

void text_append(struct text *text, const char *string);
void text_append_number(struct text *text, int64_t number);

/// Appends a JSON string with its quotes, or `null`.
void text_append_json(struct text *text, const char *string);

#endif

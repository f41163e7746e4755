// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#ifndef SUPERVISOR_FILES_H
#define SUPERVISOR_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "text.h"

/// Writes as much as the file takes; fewer than `count` bytes only after an error.
size_t write_all(int file, const char *bytes, size_t count);

/// Reads the beginning of a small file as a C string. False when it cannot be read or is empty.
bool read_small_file(const char *path, char *buffer, size_t size);

/// Makes a new file of mode 0600 whose content is on the disk when this returns true.
bool write_durably(int directory, const char *name, const struct text *text);

/// Puts `text` at `name`: a reader finds the old file or the whole new one. `durable` outlives a power loss too.
bool replace_file(int directory, const char *name, const struct text *text, bool durable);

/// Whether the directory was removed, so that nobody will ever read what is written there.
bool is_removed(int directory);

#endif

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#define _GNU_SOURCE 1
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

size_t write_all(int file, const char *bytes, size_t count) {
    size_t done = 0;
    while (done < count) {
        ssize_t written = write(file, bytes + done, count - done);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) break;
        done += (size_t)written;
    }
    return done;
}

bool read_small_file(const char *path, char *buffer, size_t size) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    ssize_t length = read(file, buffer, size - 1);
    close(file);
    if (length <= 0) return false;
    buffer[length] = '\0';
    return true;
}

static bool write_file(int directory, const char *name, const struct text *text, bool durable) {
    int file = openat(directory, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) return false;
    bool written = write_all(file, text->bytes, text->length) == text->length;
    if (written && durable) written = fsync(file) == 0;
    int error = errno;
    if (close(file) != 0 && written) return false;
    errno = error;
    return written;
}

bool write_durably(int directory, const char *name, const struct text *text) {
    return write_file(directory, name, text, true);
}

bool replace_file(int directory, const char *name, const struct text *text, bool durable) {
    struct text temporary = {0};
    text_append(&temporary, name);
    text_append(&temporary, ".tmp");
    bool replaced = write_file(directory, temporary.bytes, text, durable)
        && renameat(directory, temporary.bytes, directory, name) == 0;
    if (!replaced) {
        unlinkat(directory, temporary.bytes, 0);
        return false;
    }
    return !durable || fsync(directory) == 0;
}

bool is_removed(int directory) {
    struct stat stat;
    return fstat(directory, &stat) == 0 && stat.st_nlink == 0;
}

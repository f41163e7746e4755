// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#define _GNU_SOURCE 1
#include "output.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "files.h"
#include "text.h"

enum { CHUNK = 65536 };
enum { HEAD = 0, FIRST_TAIL = 1, SECOND_TAIL = 2, FILES = 3 };

int output_newest_tail(const struct output *output) {
    return output->current - FIRST_TAIL;
}

static void open_current(struct output *output) {
    struct text name = {0};
    text_append(&name, output->name);
    if (output->current != HEAD) {
        text_append(&name, ".tail");
        text_append_number(&name, output_newest_tail(output));
    }
    const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW | O_CLOEXEC;
    output->files[output->current] = openat(output->directory, name.bytes, flags, 0600);
}

static void close_descriptor(int *descriptor) {
    if (*descriptor >= 0) close(*descriptor);
    *descriptor = -1;
}

void output_open(
    struct output *output, int directory, const char *name, int pipe, uint64_t cap, const struct secrets *secrets) {
    *output = (struct output){
        .name = name, .cap = cap, .directory = directory, .pipe = pipe, .files = {-1, -1, -1}, .space = cap};
    open_current(output);
    output->redaction.secrets = secrets;
    output_learn(output);
}

void output_learn(struct output *output) {
    output->is_hidden |= !redaction_make_room(&output->redaction, CHUNK);
}

/// Tails stay open while they take turns: ext4 writes a file that was emptied to the disk when it is closed, which
/// would make the disk set the pace of a task that talks too much.
static void turn_to_next_tail(struct output *output) {
    close_descriptor(&output->files[HEAD]);
    output->current = output->current == FIRST_TAIL ? SECOND_TAIL : FIRST_TAIL;
    output->space = output->cap / 4;
    int *file = &output->files[output->current];
    if (*file >= 0 && ftruncate(*file, 0) != 0) close_descriptor(file);
    if (*file < 0) open_current(output);
}

/// A sink of redaction, which may make a text longer than the space that was left.
static void store(void *context, const char *bytes, size_t count) {
    struct output *output = context;
    output->bytes += count;
    while (count > 0) {
        if (output->space == 0) turn_to_next_tail(output);
        size_t piece = count < output->space ? count : (size_t)output->space;
        size_t kept = output->is_hidden ? 0 : write_all(output->files[output->current], bytes, piece);
        output->space -= kept;
        if (kept < piece) {
            output->dropped += count - kept;
            return;
        }
        bytes += piece;
        count -= piece;
    }
}

static void store_held(struct output *output) {
    if (output->redaction.held > 0) redaction_pass(&output->redaction, "", 0, true, store, output);
}

/// The bytes taken, 0 at the end of the stream, -1 when there is nothing now. They leave the pipe also when the disk
/// is full, or the task would stand still; what is dropped takes no space, so the file goes on once there is space.
/// (splice was measured: it is no faster, and slower for small writes.)
static ssize_t move_chunk(struct output *output) {
    static char buffer[CHUNK];
    size_t limit = output->space < CHUNK ? (size_t)output->space : CHUNK;
    ssize_t taken = read(output->pipe, buffer, limit);
    if (taken <= 0) return taken;
    output->taken += (uint64_t)taken;
    redaction_pass(&output->redaction, buffer, (size_t)taken, false, store, output);
    return taken;
}

/// Makes space for the next chunk. False when none has come: at the end of the stream the old tails are worth keeping.
static bool prepare_file(struct output *output) {
    if (output->space > 0) {
        if (output->files[output->current] < 0) open_current(output);
        return true;
    }
    struct pollfd pipe = {.fd = output->pipe, .events = POLLIN};
    poll(&pipe, 1, 0);
    if ((pipe.revents & POLLIN) == 0) {
        if (pipe.revents != 0) close_descriptor(&output->pipe);
        return false;
    }
    turn_to_next_tail(output);
    return true;
}

bool output_pump(struct output *output) {
    if (output->pipe < 0 || !prepare_file(output)) return false;
    ssize_t taken = move_chunk(output);
    if (taken == 0) close_descriptor(&output->pipe);
    return taken > 0;
}

void output_finish(struct output *output) {
    // A pipe's fill at most: its other end may have been handed to a process outside the tree that goes on writing.
    uint64_t most = output->taken + (output->pipe < 0 ? 0 : (uint64_t)fcntl(output->pipe, F_GETPIPE_SZ));
    while (output->taken < most && output_pump(output)) continue;
    close_descriptor(&output->pipe);
    store_held(output);
    for (int file = HEAD; file < FILES; file++) close_descriptor(&output->files[file]);
}

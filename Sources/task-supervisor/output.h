// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#ifndef SUPERVISOR_OUTPUT_H
#define SUPERVISOR_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "redaction.h"

/// One output stream of the task on its way into DIR. The first `cap` bytes go to the file NAME. What comes later goes
/// to NAME.tail0 and NAME.tail1 in turn, at most a quarter of the cap each: when one is full the other is emptied and
/// used, so the last quarter of a cap is always there and the disk holds at most one and a half caps.
struct output {
    const char *name;
    uint64_t cap;
    int directory;
    /// The supervisor's end of the pipe, -1 once the stream has ended.
    int pipe;
    /// The head and the tails; -1 while not open.
    int files[3];
    /// Which of them is being written.
    int current;
    /// What the file being written may still take.
    uint64_t space;
    /// All that came, as it is shown, and the part of it that no file took.
    uint64_t bytes;
    uint64_t dropped;
    /// What was taken from the pipe.
    uint64_t taken;
    struct redaction redaction;
    /// Nothing is kept.
    bool is_hidden;
};

/// The number of the tail that was written last, -1 when all output is in the head.
int output_newest_tail(const struct output *output);

/// Without memory for redaction nothing of the stream is kept.
void output_open(
    struct output *output, int directory, const char *name, int pipe, uint64_t cap, const struct secrets *secrets);

/// Must be called when there are more secrets.
void output_learn(struct output *output);

/// Moves one chunk if there is one. False when there is nothing now, or nothing ever more (then `pipe` is -1).
/// Never waits for the task, and takes its bytes also when no file will have them.
bool output_pump(struct output *output);

/// Takes what is in the pipe now, without waiting for its end, and closes.
void output_finish(struct output *output);

#endif

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#ifndef SUPERVISOR_CLAIM_H
#define SUPERVISOR_CLAIM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/// Names this process for ever, also after its pid is used again.
struct identity {
    pid_t pid;
    int64_t start_ticks;
    char boot_id[64];
};

enum claim_result { CLAIMED, CLAIMED_BY_ANOTHER, CLAIM_FAILED };

bool identify_self(struct identity *identity);

/// Takes DIR for this supervisor. There is one CLAIMED per directory, ever, also over a power loss; whoever gets it may
/// start the task. The file `claim` is never seen half-written: "PID START-TICKS BOOT-ID" and a newline.
/// CLAIM_FAILED leaves no claim behind and errno set.
enum claim_result claim_directory(int directory, const struct identity *self);

/// Whether some supervisor has taken DIR and is gone, so that nothing of its task is left; also when DIR was removed.
/// False when that cannot be seen, and when nobody has taken it so far.
bool claimant_has_ended(int directory, const struct identity *self);

#endif

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#define _GNU_SOURCE 1
#include "claim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "process_stat.h"
#include "text.h"

static const char claim_name[] = "claim";

bool identify_self(struct identity *identity) {
    struct process_stat stat;
    identity->pid = getpid();
    if (!read_process_stat(identity->pid, &stat)) return false;
    identity->start_ticks = stat.start_ticks;
    if (!read_small_file("/proc/sys/kernel/random/boot_id", identity->boot_id, sizeof identity->boot_id)) return false;
    identity->boot_id[strcspn(identity->boot_id, "\n")] = '\0';
    return true;
}

static struct text claim_text(const struct identity *self) {
    struct text text = {0};
    text_append_number(&text, self->pid);
    text_append(&text, " ");
    text_append_number(&text, self->start_ticks);
    text_append(&text, " ");
    text_append(&text, self->boot_id);
    text_append(&text, "\n");
    return text;
}

/// link, unlike rename, fails when the name is taken; and what it links is complete.
static enum claim_result link_claim(int directory, const char *temporary) {
    if (linkat(directory, temporary, directory, claim_name, 0) == 0) return CLAIMED;
    return errno == EEXIST ? CLAIMED_BY_ANOTHER : CLAIM_FAILED;
}

enum claim_result claim_directory(int directory, const struct identity *self) {
    // Spares the usual second supervisor from touching anything; the decision is the link's.
    if (faccessat(directory, claim_name, F_OK, 0) == 0) return CLAIMED_BY_ANOTHER;

    struct text temporary = {0};
    text_append(&temporary, "claim.");
    text_append_number(&temporary, self->pid);
    text_append(&temporary, ".tmp");
    struct text text = claim_text(self);
    enum claim_result result = CLAIM_FAILED;
    if (write_durably(directory, temporary.bytes, &text)) result = link_claim(directory, temporary.bytes);
    int error = errno;
    unlinkat(directory, temporary.bytes, 0);
    if (result == CLAIMED && fsync(directory) != 0) {
        // It might be gone after a power loss and the task start again, so it does not start now.
        error = errno;
        unlinkat(directory, claim_name, 0);
        result = CLAIM_FAILED;
    }
    errno = error;
    return result;
}

static bool read_claim(int directory, char *claim, size_t size) {
    struct text path = {0};
    text_append(&path, "/proc/self/fd/");
    text_append_number(&path, directory);
    text_append(&path, "/");
    text_append(&path, claim_name);
    return read_small_file(path.bytes, claim, size);
}

bool claimant_has_ended(int directory, const struct identity *self) {
    char claim[128];
    if (is_removed(directory)) return true;
    if (!read_claim(directory, claim, sizeof claim)) return false;
    struct identity holder = *self;  // of this boot
    holder.pid = (pid_t)strtol(claim, NULL, 10);
    struct process_stat stat;
    errno = 0;
    if (!read_process_stat(holder.pid, &stat)) return errno == ENOENT || errno == ESRCH;
    holder.start_ticks = stat.start_ticks;
    return is_dead(&stat) || strcmp(claim, claim_text(&holder).bytes) != 0;
}

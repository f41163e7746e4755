// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#ifndef SUPERVISOR_PROCESS_TREE_H
#define SUPERVISOR_PROCESS_TREE_H

#include <stdbool.h>
#include <stdint.h>

/// A subreaper gets every orphan below it, so whatever a descendant does (double fork, setsid, another process group),
/// the chain of parents leads here. That is what finds them; "none is left" is known from wait4's ECHILD alone.

struct tree_census {
    /// Whether what is found now counts as left over by the main process.
    bool counting_orphans;
    int64_t orphans;
};

/// Asks every descendant to end: SIGTERM, and SIGCONT so that a stopped one gets it. Repeated until no new one turns
/// up, and a process that was asked once is never asked again: to many programs a second SIGTERM means "at once".
void terminate_tree(struct tree_census *census);

struct kill_result {
    /// There was something to kill.
    bool found;
    /// Some of it had not been seen by an earlier round: the tree still grows.
    bool grew;
};

/// Kills every descendant found. To be repeated until none is left: some may have been born meanwhile.
struct kill_result kill_tree(struct tree_census *census);

#endif

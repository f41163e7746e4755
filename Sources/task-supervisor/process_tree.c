// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#define _GNU_SOURCE 1
#include "process_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "process_stat.h"
#include "text.h"

/// Static tables cost address space only; the pages that are touched are as few as the task's processes.
enum { QUEUE_SIZE = 32768, KNOWN_SIZE = 32768, KNOWN_PROBES = 8 };

/// A tree that grows faster than it is walked must not hold up the deadline that ends it.
enum { MAX_TERMINATE_PASSES = 16, MAX_FREEZE_PASSES = 64 };

enum mark { ASKED_TO_END = 1, FROZEN = 2, ORPHAN = 4 };

struct relation {
    pid_t process;
    pid_t parent;
};

struct known_process {
    pid_t process;
    unsigned marks;
    int64_t start_ticks;
};

/// One walk over the tree, parents before their children.
struct sweep {
    int signal;
    enum mark mark;
    struct tree_census *census;
    size_t alive;
    size_t fresh;
};

static struct relation queue[QUEUE_SIZE];
static size_t queue_length;
static struct known_process known[KNOWN_SIZE];

/// The memory of what was done to a process. A re-used pid has another start time and so a clean record. In a table
/// that is too full a record may be lost; then a process may be signalled or counted twice, nothing worse.
static struct known_process *record_of(pid_t process, int64_t start_ticks) {
    struct known_process *place = NULL;
    for (unsigned probe = 0; probe < KNOWN_PROBES; probe++) {
        struct known_process *candidate = &known[((unsigned)process + probe) % KNOWN_SIZE];
        if (candidate->process == process || candidate->process == 0) {
            place = candidate;
            break;
        }
    }
    if (place == NULL) place = &known[(unsigned)process % KNOWN_SIZE];
    if (place->process != process || place->start_ticks != start_ticks)
        *place = (struct known_process){.process = process, .start_ticks = start_ticks};
    return place;
}

static void enqueue(pid_t process, pid_t parent) {
    // What does not fit is found in a later pass, when others are gone.
    if (queue_length < QUEUE_SIZE) queue[queue_length++] = (struct relation){process, parent};
}

// MARK: Finding children

typedef void (*number_visitor)(pid_t number, pid_t owner);

/// Calls `visit` for each entry of a directory of /proc whose name is a number.
static void for_each_number(const char *path, number_visitor visit, pid_t owner) {
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return;
    _Alignas(struct dirent64) char entries[2048];
    ssize_t length;
    while ((length = getdents64(directory, entries, sizeof entries)) > 0) {
        for (ssize_t at = 0; at < length;) {
            const struct dirent64 *entry = (const struct dirent64 *)(entries + at);
            at += entry->d_reclen;
            pid_t number = (pid_t)strtol(entry->d_name, NULL, 10);
            if (number > 0) visit(number, owner);
        }
    }
    close(directory);
}

static void children_path(struct text *path, pid_t process, pid_t thread) {
    text_append(path, "/proc/");
    text_append_number(path, process);
    text_append(path, "/task/");
    text_append_number(path, thread);
    text_append(path, "/children");
}

/// Children are listed with the thread that made them.
static void enqueue_children_of_thread(pid_t thread, pid_t process) {
    struct text path = {0};
    children_path(&path, process, thread);
    int file = open(path.bytes, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    char chunk[1024];
    ssize_t length;
    pid_t number = 0;
    while ((length = read(file, chunk, sizeof chunk)) > 0) {
        for (ssize_t at = 0; at < length; at++) {
            if (chunk[at] >= '0' && chunk[at] <= '9') {
                number = number * 10 + (chunk[at] - '0');
            } else if (number > 0) {
                enqueue(number, process);
                number = 0;
            }
        }
    }
    close(file);
}

/// The other way, for a kernel without those lists: every process of the machine and its parent, read once a sweep.
static struct relation snapshot[QUEUE_SIZE];
static size_t snapshot_length;

static void add_to_snapshot(pid_t process, pid_t unused) {
    (void)unused;
    struct process_stat stat;
    if (snapshot_length < QUEUE_SIZE && read_process_stat(process, &stat))
        snapshot[snapshot_length++] = (struct relation){process, stat.parent};
}

static void enqueue_children_from_snapshot(pid_t parent) {
    for (size_t index = 0; index < snapshot_length; index++)
        if (snapshot[index].parent == parent) enqueue(snapshot[index].process, parent);
}

/// Whether the kernel lists children (CONFIG_PROC_CHILDREN).
static bool kernel_lists_children(void) {
#ifdef SUPERVISOR_WITHOUT_PROC_CHILDREN  // lets the tests take the fallback path
    return false;
#else
    static int answer = -1;
    if (answer < 0) {
        struct text path = {0};
        children_path(&path, getpid(), getpid());
        answer = access(path.bytes, R_OK) == 0;
    }
    return answer != 0;
#endif
}

/// With the kernel's lists a walk costs by the size of the tree, not of the machine: hundreds may be stopped at once.
static void enqueue_children(pid_t process, int64_t threads) {
    if (!kernel_lists_children()) {
        enqueue_children_from_snapshot(process);
        return;
    }
    if (threads <= 1) {
        enqueue_children_of_thread(process, process);
        return;
    }
    struct text path = {0};
    text_append(&path, "/proc/");
    text_append_number(&path, process);
    text_append(&path, "/task");
    for_each_number(path.bytes, enqueue_children_of_thread, process);
}

// MARK: Signalling

static int open_process(pid_t process) {
    return (int)syscall(SYS_pidfd_open, process, 0);
}

/// Our own children keep their pid until we wait for them, others are addressed by a pidfd.
static void send_signal(pid_t process, int handle, int signal) {
    if (handle >= 0) syscall(SYS_pidfd_send_signal, handle, signal, NULL, 0);
    else kill(process, signal);
}

static void signal_process(pid_t process, int handle, int signal) {
    send_signal(process, handle, signal);
    if (signal == SIGTERM) send_signal(process, handle, SIGCONT);
}

static void take_census(struct tree_census *census, struct known_process *record) {
    if (!census->counting_orphans || (record->marks & ORPHAN) != 0) return;
    record->marks |= ORPHAN;
    census->orphans++;
}

static void treat(struct sweep *sweep, pid_t process, int handle, const struct process_stat *stat) {
    struct known_process *record = record_of(process, stat->start_ticks);
    bool fresh = (record->marks & sweep->mark) == 0;
    record->marks |= sweep->mark;
    take_census(sweep->census, record);
    sweep->alive++;
    sweep->fresh += fresh;

    bool wanted = fresh || sweep->signal != SIGTERM;
    // A process that is to be frozen is stopped before its children are read, so that there are no more of them
    // afterwards; one that is to die is read first, as its children change their parent with its death.
    if (wanted && sweep->signal == SIGSTOP) signal_process(process, handle, sweep->signal);
    enqueue_children(process, stat->threads);
    if (wanted && sweep->signal != SIGSTOP) signal_process(process, handle, sweep->signal);
}

/// The relation was read a moment ago. Its pid may since belong to a stranger, which must never be hit: the parent is
/// asked for again AFTER the pidfd was opened, so both speak of the same process.
static void visit(struct sweep *sweep, struct relation relation) {
    const pid_t self = getpid();
    int handle = relation.parent == self ? -1 : open_process(relation.process);
    if (handle < 0 && relation.parent != self && errno == ESRCH) return;
    struct process_stat stat;
    if (read_process_stat(relation.process, &stat) && !is_dead(&stat)
        && (stat.parent == relation.parent || stat.parent == self))
        treat(sweep, relation.process, handle, &stat);
    if (handle >= 0) close(handle);
}

static struct sweep sweep_tree(int signal, enum mark mark, struct tree_census *census) {
    struct sweep sweep = {.signal = signal, .mark = mark, .census = census};
    queue_length = 0;
    snapshot_length = 0;
    if (!kernel_lists_children()) for_each_number("/proc", add_to_snapshot, 0);
    enqueue_children(getpid(), 1);
    for (size_t next = 0; next < queue_length; next++) visit(&sweep, queue[next]);
    return sweep;
}

void terminate_tree(struct tree_census *census) {
    for (int pass = 0; pass < MAX_TERMINATE_PASSES; pass++)
        if (sweep_tree(SIGTERM, ASKED_TO_END, census).fresh == 0) return;
}

/// Stopped processes keep their place in the process table and cannot fork. Killing at once would free places that a
/// fork bomb fills faster than we free them.
static bool freeze_tree(struct tree_census *census) {
    bool grew = false;
    for (int pass = 0; pass < MAX_FREEZE_PASSES; pass++) {
        if (sweep_tree(SIGSTOP, FROZEN, census).fresh == 0) break;
        grew = true;
    }
    return grew;
}

struct kill_result kill_tree(struct tree_census *census) {
    bool grew = freeze_tree(census);
    struct sweep sweep = sweep_tree(SIGKILL, FROZEN, census);
    return (struct kill_result){.found = sweep.alive > 0, .grew = grew || sweep.fresh > 0};
}

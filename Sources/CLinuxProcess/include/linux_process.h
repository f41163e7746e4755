// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#ifndef LAMPLIGHTER_LINUX_PROCESS_H
#define LAMPLIGHTER_LINUX_PROCESS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// What Swift cannot call itself (syscall, parts of posix_spawn) or would do at greater cost. A negative answer is an
/// errno with its sign changed, so that nothing depends on the thread's errno after the call.

/// Starts `path` in a session of its own: no signal handling, blocked signal or descriptor of the caller reaches it,
/// its standard streams are /dev/null. `argv` and `envp` end with NULL. Returns 0 and the pid in `out_pid`, or errno;
/// that the file cannot be executed is such an error too. The new process is a child: it has to be reaped.
int lp_spawn_detached(const char *path, char *const argv[], char *const envp[], int *out_pid);

/// As `lp_spawn_detached`, but standard input is a pipe, whose other end comes in `out_pipe` and is closed on exec, so that
/// the new process sees its end when the caller's last descriptor of it is gone, that is at the latest with the caller;
/// standard output and error are the file `log`, which is emptied.
int lp_spawn_reading(
    const char *path, char *const argv[], char *const envp[], const char *log, int *out_pid, int *out_pipe);

/// Opens a descriptor for the process that has `pid` now; it never comes to mean another one. It is closed on exec and
/// becomes readable when the process ends. Returns it or -errno (-ESRCH when there is none).
int lp_pidfd_open(int pid);

/// Sends a signal to the process behind a descriptor. Returns 0 or -errno (-ESRCH when it has ended and was reaped).
int lp_pidfd_send_signal(int pidfd, int signal);

/// Takes the end of a child out of the process table without waiting for it. Returns 1 when that was done, 0 when it
/// still runs, -errno otherwise (-ECHILD when it is not a child of ours, or was reaped before).
int lp_reap(int pidfd);

/// Kills every process that was started with an environment variable, given as `NAME=value`: what is left of a process
/// tree whose owner died. Goes on until none is found; one that changed its environment before it started a program is
/// not found. Returns 0, or -EAGAIN when there are still some, or another -errno.
int lp_kill_by_environment(const char *entry);

/// When a process was started, in clock ticks since boot, or -1 when there is none with this pid. A pid, its start and
/// the boot id together name one process for ever.
int64_t lp_process_start_ticks(int pid);

/// Writes the id of this boot, without a line end, as a C string. Returns 0 or -errno (-ERANGE: 37 bytes are needed).
int lp_boot_id(char *buffer, size_t size);

/// Takes an exclusive lock on a file, which is made if need be, and writes our pid into it for people to read. The lock
/// lasts until the returned descriptor is closed, at the latest with the process; children do not inherit it over exec.
/// Returns -EWOULDBLOCK when another process has it, or another -errno.
int lp_lock_file(const char *path);

/// Writes a file, with these permissions, in place: unlike Foundation's ways it leaves no file of another name behind
/// when the process is killed meanwhile. Returns 0 or -errno.
int lp_write_file(const char *path, const void *bytes, size_t length, mode_t permissions);

/// Whether a path is on a file system whose files are in memory and on no disk (tmpfs): 1 or 0, or -errno.
int lp_is_in_memory(const char *path);

/// Raises the soft limit of open descriptors to the hard one. Returns the limit now in force (INT_MAX at most), or
/// -errno.
int lp_raise_descriptor_limit(void);

/// The memory of the calling process that is in RAM now, or -errno.
int64_t lp_resident_bytes(void);

/// Makes the entries of a directory (files made, renamed, removed in it) outlive a power loss. Returns 0 or -errno.
int lp_sync_directory(const char *path);

/// Renames like renameat(2), but never replaces what has the new name: then -EEXIST. Returns 0 or -errno.
int lp_rename_new(int old_directory, const char *old_name, int new_directory, const char *new_name);

#endif

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#define _GNU_SOURCE 1
#include "linux_process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// MARK: Small files

/// Reads the beginning of a file as a C string. Returns its length or -errno.
static ssize_t read_small_file(const char *path, char *buffer, size_t size) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    ssize_t length = read(file, buffer, size - 1);
    ssize_t result = length < 0 ? -errno : length;
    close(file);
    buffer[length < 0 ? 0 : length] = '\0';
    return result;
}

// MARK: Starting

/// - `input`: a descriptor, or -1 for /dev/null; `log`: a file for both outputs, or NULL for /dev/null.
static int add_file_actions(posix_spawn_file_actions_t *actions, int input, const char *log) {
    const char *output = log == NULL ? "/dev/null" : log;
    int flags = log == NULL ? O_WRONLY : O_WRONLY | O_CREAT | O_TRUNC | O_APPEND;
    int error = input < 0 ? posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
                          : posix_spawn_file_actions_adddup2(actions, input, STDIN_FILENO);
    if (error == 0) error = posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, output, flags, 0600);
    if (error == 0) error = posix_spawn_file_actions_adddup2(actions, STDOUT_FILENO, STDERR_FILENO);
    // A socket that some library opened without CLOEXEC must not live on in a process that outlives the server.
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
    return error;
}

static int set_attributes(posix_spawnattr_t *attributes) {
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    int error = posix_spawnattr_setsigdefault(attributes, &all);
    if (error == 0) error = posix_spawnattr_setsigmask(attributes, &none);
    if (error == 0)
        error = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    return error;
}

static int spawn(
    const char *path, char *const argv[], char *const envp[], int input, const char *log, int *out_pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return error;
    error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return error;
    }
    pid_t pid = 0;
    error = add_file_actions(&actions, input, log);
    if (error == 0) error = set_attributes(&attributes);
    if (error == 0) error = posix_spawn(&pid, path, &actions, &attributes, argv, envp);
    if (error == 0) *out_pid = pid;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int lp_spawn_detached(const char *path, char *const argv[], char *const envp[], int *out_pid) {
    return spawn(path, argv, envp, -1, NULL, out_pid);
}

int lp_spawn_reading(
    const char *path, char *const argv[], char *const envp[], const char *log, int *out_pid, int *out_pipe) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    int error = spawn(path, argv, envp, ends[0], log, out_pid);
    close(ends[0]);
    if (error == 0) *out_pipe = ends[1];
    else close(ends[1]);
    return error;
}

// MARK: Process descriptors

int lp_pidfd_open(int pid) {
    long descriptor = syscall(SYS_pidfd_open, pid, 0);  // the kernel sets CLOEXEC by itself
    return descriptor < 0 ? -errno : (int)descriptor;
}

int lp_pidfd_send_signal(int pidfd, int signal) {
    return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) < 0 ? -errno : 0;
}

int lp_reap(int pidfd) {
    siginfo_t info = {0};
    int result;
    do result = waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG);
    while (result < 0 && errno == EINTR);
    if (result < 0) return -errno;
    return info.si_pid != 0 ? 1 : 0;
}

// MARK: Identity

int64_t lp_process_start_ticks(int pid) {
    char path[32], line[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    if (read_small_file(path, line, sizeof line) <= 0) return -1;
    // The name in field 2 is the process's own choice and may hold spaces and ')': field 3 follows the last one.
    const char *at = strrchr(line, ')');
    for (int field = 3; at != NULL && field <= 22; field++) {
        at = strchr(at, ' ');
        if (at != NULL) at++;
    }
    return at == NULL ? -1 : strtoll(at, NULL, 10);
}

int lp_boot_id(char *buffer, size_t size) {
    char line[64];
    ssize_t length = read_small_file("/proc/sys/kernel/random/boot_id", line, sizeof line);
    if (length < 0) return (int)length;
    size_t count = strcspn(line, "\n");
    if (count >= size) return -ERANGE;
    memcpy(buffer, line, count);
    buffer[count] = '\0';
    return 0;
}

// MARK: Files and limits

/// The lock is what counts: on a full disk the file may as well stay empty.
static void write_own_pid(int file) {
    char line[16];
    int length = snprintf(line, sizeof line, "%d\n", (int)getpid());
    if (ftruncate(file, 0) == 0 && pwrite(file, line, (size_t)length, 0) < 0) return;
}

int lp_lock_file(const char *path) {
    int file = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0) return -errno;
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        int error = -errno;
        close(file);
        return error;
    }
    write_own_pid(file);
    return file;
}

int lp_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -errno;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return -errno;
    return limit.rlim_cur > INT_MAX ? INT_MAX : (int)limit.rlim_cur;
}

int64_t lp_resident_bytes(void) {
    char line[128];
    ssize_t length = read_small_file("/proc/self/statm", line, sizeof line);
    if (length < 0) return length;
    const char *resident = strchr(line, ' ');
    return resident == NULL ? -EIO : strtoll(resident, NULL, 10) * sysconf(_SC_PAGESIZE);
}

int lp_sync_directory(const char *path) {
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return -errno;
    int result = fsync(directory) != 0 ? -errno : 0;
    close(directory);
    return result;
}

int lp_rename_new(int old_directory, const char *old_name, int new_directory, const char *new_name)
{
    const unsigned int no_replace = 1; /* RENAME_NOREPLACE, which older headers hide */
    if (syscall(SYS_renameat2, old_directory, old_name, new_directory, new_name, no_replace) == 0)
        return 0;
    return -errno;
}

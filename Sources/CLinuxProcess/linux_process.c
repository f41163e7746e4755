// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

#define _GNU_SOURCE 1
#include "linux_process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
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

// MARK: Orphans

enum { MAX_KILL_PASSES = 200 };

/// Reads a whole file of /proc. Returns its length, with the bytes in `out`, to be freed; or -errno.
static ssize_t read_whole_file(const char *path, char **out) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    size_t length = 0, size = 0;
    char *bytes = NULL;
    ssize_t got;
    do {
        if (length == size) {
            size = size == 0 ? 16384 : size * 2;
            char *more = realloc(bytes, size);
            if (more == NULL) {
                got = -1;
                errno = ENOMEM;
                break;
            }
            bytes = more;
        }
        got = read(file, bytes + length, size - length);
        if (got > 0) length += (size_t)got;
    } while (got > 0 || (got < 0 && errno == EINTR));
    int error = errno;
    close(file);
    if (got < 0) {
        free(bytes);
        return -error;
    }
    *out = bytes;
    return (ssize_t)length;
}

static int was_started_with(int pid, const char *entry) {
    char path[32], *environment;
    snprintf(path, sizeof path, "/proc/%d/environ", pid);
    ssize_t length = read_whole_file(path, &environment);
    if (length < 0) return 0;
    int found = 0;
    const size_t wanted = strlen(entry);
    for (ssize_t at = 0; at < length && !found;) {
        size_t here = strnlen(environment + at, (size_t)(length - at));
        found = here == wanted && memcmp(environment + at, entry, wanted) == 0;
        at += (ssize_t)here + 1;
    }
    free(environment);
    return found;
}

/// Returns 1 when the process was one of those. Asked again with its descriptor open: now the pid cannot change hands.
static int kill_if_started_with(int pid, const char *entry) {
    if (!was_started_with(pid, entry)) return 0;
    int pidfd = lp_pidfd_open(pid);
    if (pidfd < 0) return pidfd != -ESRCH;
    int is_one = was_started_with(pid, entry);
    if (is_one) lp_pidfd_send_signal(pidfd, SIGKILL);
    close(pidfd);
    return is_one;
}

int lp_kill_by_environment(const char *entry) {
    const int self = (int)getpid();
    for (int pass = 0; pass < MAX_KILL_PASSES; pass++) {
        DIR *processes = opendir("/proc");
        if (processes == NULL) return -errno;
        int found = 0;
        for (struct dirent *process; (process = readdir(processes)) != NULL;) {
            int pid = atoi(process->d_name);
            if (pid > 0 && pid != self) found += kill_if_started_with(pid, entry);
        }
        closedir(processes);
        if (found == 0) return 0;
        const struct timespec pause = {.tv_nsec = 2000000};
        nanosleep(&pause, NULL);
    }
    return -EAGAIN;
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

static int write_all(int file, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = write(file, bytes, length);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return -errno;
        bytes += written;
        length -= (size_t)written;
    }
    return 0;
}

int lp_write_file(const char *path, const void *bytes, size_t length, mode_t permissions) {
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, permissions);
    if (file < 0) return -errno;
    // It may be one that a killed server left.
    int result = fchmod(file, permissions) != 0 ? -errno : write_all(file, bytes, length);
    if (close(file) != 0 && result == 0) result = -errno;
    return result;
}

int lp_is_in_memory(const char *path) {
    struct statfs system;
    if (statfs(path, &system) != 0) return -errno;
    return system.f_type == TMPFS_MAGIC;
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

// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

// Runs a command that finds the files of DBFS at /dbfs, and a directory of its own at /databricks:
//
//   dbfs-exec DBFS DATABRICKS COMMAND [ARGUMENT...]
//
// DBFS and DATABRICKS are directories; DATABRICKS is made when it is missing, with a link `python` to the runtime's
// Python. Only the command and what it starts see the two paths; everything else is as it was: user, working directory,
// processes, all other files. DB_HOME says where DATABRICKS is, unless the caller has set it.
//
// This takes a mount namespace of the command's own: as root a plain one, otherwise one below a user namespace with the
// same user in it. Where the system has no directories /dbfs and /databricks to mount on, the root directory is
// replaced by one in memory that has them, and everything else of the old one. It is read-only.
//
// Where namespaces are forbidden, the command runs all the same, without the two paths, after a message on stderr. With
// LAMPLIGHTER_DBFS=if-possible in the environment there is no message: the command may have no use for them.
// Compiled with DBFS_EXEC_LIBRARY it is a library for the kernels of notebooks, which are forked and not executed.
//
// Exit status: the command's; 126 or 127 when it cannot be executed, 64 for wrong usage, 70 for anything else.

#define _GNU_SOURCE 1

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STATUS_USAGE = 64, STATUS_BROKEN = 70, STATUS_NOT_EXECUTABLE = 126, STATUS_NOT_FOUND = 127 };

/// Where the old root directory stands while the new one is being made.
#define OLD_ROOT "/.lamplighter-old-root"

static const char dbfs_path[] = "/dbfs";
static const char databricks_path[] = "/databricks";

/// What the command shall find at the two paths; absolute, without links.
static char dbfs[PATH_MAX];
static char databricks[PATH_MAX];
static char working_directory[PATH_MAX];

// MARK: Failing

/// The step that failed last; errno says why.
static const char *failed_step;

static bool failed(const char *step) {
    failed_step = step;
    return false;
}

_Noreturn static void give_up(const char *what) {
    fprintf(stderr, "dbfs-exec: %s: %s\n", what, strerror(errno));
    exit(STATUS_BROKEN);
}

static void explain_absence(void) {
    fprintf(
        stderr,
        "dbfs-exec: this task has no /dbfs and no /databricks, because the system does not allow it a mount namespace "
        "(%s: %s). The files of DBFS are in %s (DBFS_ROOT). An administrator can allow user namespaces "
        "(kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns, "
        "in a container the capability SYS_ADMIN), or make /dbfs a link to that directory.\n",
        failed_step, strerror(errno), dbfs);
}

// MARK: Looking

static bool is_directory(const char *path) {
    struct stat status;
    return lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/// True where the path leads to that directory already: in a command that was started by another dbfs-exec, or where an
/// administrator has made a link.
static bool leads_to(const char *path, const char *directory) {
    struct stat one, other;
    return stat(path, &one) == 0 && stat(directory, &other) == 0 && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

static void joined(char *result, const char *first, const char *second) {
    if (snprintf(result, PATH_MAX, "%s%s", first, second) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        give_up(second);
    }
}

// MARK: The namespace

static bool write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return false;
    bool whole = write(file, text, strlen(text)) == (ssize_t)strlen(text);
    close(file);
    return whole;
}

/// In it, users are who they were.
static bool enter_user_namespace(void) {
    char user[64], group[64];
    snprintf(user, sizeof user, "%u %u 1\n", (unsigned)geteuid(), (unsigned)geteuid());
    snprintf(group, sizeof group, "%u %u 1\n", (unsigned)getegid(), (unsigned)getegid());
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return failed("unshare");
    return (write_file("/proc/self/setgroups", "deny") && write_file("/proc/self/uid_map", user) &&
            write_file("/proc/self/gid_map", group)) ||
           failed("mapping the user");
}

/// A child tries it first: Ubuntu's AppArmor allows the namespace and then forbids to map the user, and from a namespace
/// without its user there is no way back.
static bool user_namespace_works(void) {
    pid_t child = fork();
    if (child < 0) return failed("fork");
    if (child == 0) _exit(enter_user_namespace() ? 0 : errno);
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) give_up("waiting for a child");
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
    errno = WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
    return failed("unshare");
}

/// Root has the right to it; others first become the masters of a user namespace.
static bool leave_mount_namespace(void) {
    if (unshare(CLONE_NEWNS) == 0) return true;
    if (!user_namespace_works()) return false;
    if (!enter_user_namespace()) give_up(failed_step);
    return true;
}

/// With all that is mounted below it: in a user namespace the kernel allows no other way.
static bool bind_mount(const char *source, const char *target) {
    return mount(source, target, NULL, MS_BIND | MS_REC, NULL) == 0;
}

// MARK: A new root directory

/// The new root stands on the command's own directory for a moment: any place will do, and this one surely exists.
static bool enter_new_root(void) {
    char old_root[PATH_MAX];
    if (mount("lamplighter", databricks, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=64k") != 0)
        return failed("mount tmpfs");
    joined(old_root, databricks, OLD_ROOT);
    if (mkdir(old_root, 0700) != 0) give_up(old_root);
    if (syscall(SYS_pivot_root, databricks, old_root) != 0) {
        int reason = errno;
        if (umount2(databricks, MNT_DETACH) != 0) give_up("unmounting a root directory");
        errno = reason;
        return failed("pivot_root");
    }
    if (chdir("/") != 0) give_up("/");
    return true;
}

static void carry_over_link(const char *old, const char *path) {
    char target[PATH_MAX];
    ssize_t length = readlink(old, target, sizeof target - 1);
    if (length < 0) give_up(path);
    target[length] = '\0';
    if (symlink(target, path) != 0) give_up(path);
}

/// What is mounted here and may not be looked at, as a user's FUSE file system, is left out.
static void carry_over(const char *name) {
    char old[PATH_MAX], path[PATH_MAX];
    struct stat status;
    joined(path, "/", name);
    joined(old, OLD_ROOT, path);
    if (lstat(old, &status) != 0) return;
    if (S_ISLNK(status.st_mode)) {
        carry_over_link(old, path);
        return;
    }
    bool is_folder = S_ISDIR(status.st_mode);
    int made = is_folder ? mkdir(path, 0755) : mknod(path, S_IFREG | 0600, 0);
    if (made != 0) give_up(path);
    if (bind_mount(old, path)) return;
    if (errno != EACCES && errno != ENOENT) give_up(path);
    if (is_folder) rmdir(path);
    else unlink(path);
}

static void carry_over_everything(void) {
    DIR *root = opendir(OLD_ROOT);
    if (root == NULL) give_up("/");
    struct dirent *entry;
    while ((entry = readdir(root)) != NULL) {
        const char *name = entry->d_name;
        bool is_ours = strcmp(name, dbfs_path + 1) == 0 || strcmp(name, databricks_path + 1) == 0;
        if (!is_ours && strcmp(name, ".") != 0 && strcmp(name, "..") != 0) carry_over(name);
    }
    closedir(root);
}

static void add(const char *directory, const char *path) {
    char old[PATH_MAX];
    joined(old, OLD_ROOT, directory);
    if (mkdir(path, 0755) != 0 || !bind_mount(old, path)) give_up(path);
}

static bool replace_root(void) {
    if (!enter_new_root()) return false;
    // From here on there is no way back.
    carry_over_everything();
    add(dbfs, dbfs_path);
    add(databricks, databricks_path);
    if (umount2(OLD_ROOT, MNT_DETACH) != 0 || rmdir(OLD_ROOT) != 0) give_up("leaving the old root directory");
    if (mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL) != 0) give_up("/");
    return true;
}

// MARK: The two paths

static bool provide_paths(void) {
    if (leads_to(dbfs_path, dbfs) && leads_to(databricks_path, databricks)) return true;
    if (!leave_mount_namespace()) return false;
    // What others mount later appears here too, but not the other way round.
    if (mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL) != 0) return failed("mount");
    if (is_directory(dbfs_path) && is_directory(databricks_path)) {
        if (!bind_mount(dbfs, dbfs_path) || !bind_mount(databricks, databricks_path)) give_up("mounting /dbfs");
    } else if (!replace_root()) {
        return false;
    }
    if (chdir(working_directory) != 0) give_up(working_directory);
    return true;
}

// MARK: Starting

/// Makes DATABRICKS where it is missing, and puts absolute paths in place.
static void locate(const char *dbfs_argument, const char *databricks_argument) {
    if (mkdir(databricks_argument, 0700) != 0 && errno != EEXIST) give_up(databricks_argument);
    if (realpath(dbfs_argument, dbfs) == NULL) give_up(dbfs_argument);
    if (realpath(databricks_argument, databricks) == NULL) give_up(databricks_argument);
    if (getcwd(working_directory, sizeof working_directory) == NULL) give_up("the working directory");
}

#ifdef DBFS_EXEC_LIBRARY

/// The same for a process that is there already and has one thread: true where it finds the two paths from now on.
bool provide_dbfs(const char *dbfs_argument, const char *databricks_argument) {
    locate(dbfs_argument, databricks_argument);
    if (provide_paths()) return true;
    explain_absence();
    return false;
}

#else

/// The runtime that this program belongs to: RUNTIME/bin/dbfs-exec. False where it was started from somewhere else.
static bool find_runtime_python(char *python) {
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) return false;
    program[length] = '\0';
    for (int step = 0; step < 2; step++) {
        char *slash = strrchr(program, '/');
        if (slash == NULL) return false;
        *slash = '\0';
    }
    joined(python, program, "/venv");
    return is_directory(python);
}

/// The link has the name that it has on a Databricks driver, where scripts look for $DB_HOME/python/bin.
static void link_python(void) {
    char python[PATH_MAX], link[PATH_MAX];
    if (!find_runtime_python(python)) return;
    joined(link, databricks, "/python");
    if (symlink(python, link) != 0 && errno != EEXIST) give_up(link);
}

int main(int count, char **arguments) {
    if (count < 4) {
        fputs("usage: dbfs-exec DBFS DATABRICKS COMMAND [ARGUMENT...]\n", stderr);
        return STATUS_USAGE;
    }
    locate(arguments[1], arguments[2]);
    link_python();
    const char *wish = getenv("LAMPLIGHTER_DBFS");
    bool silently = wish != NULL && strcmp(wish, "if-possible") == 0;
    unsetenv("LAMPLIGHTER_DBFS");
    bool provided = provide_paths();
    if (!provided && !silently) explain_absence();
    if (setenv("DB_HOME", provided ? databricks_path : databricks, 0) != 0) give_up("DB_HOME");
    execvp(arguments[3], arguments + 3);
    int reason = errno;
    fprintf(stderr, "dbfs-exec: %s: %s\n", arguments[3], strerror(reason));
    return reason == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE;
}

#endif

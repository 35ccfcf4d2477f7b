// Loaded before the C library (LD_PRELOAD), it makes a call that writes below one folder fail, or kills the process at it.
//   FAULTS_FOLDER  the folder; calls on other paths pass
//   FAULTS_DO      eio: call number FAULTS_AT fails; dead: it and all after it fail; kill: the process ends at it, or at a removal, half of a write done;
//                  full: the disk is full after FAULTS_AT bytes
//   FAULTS_REPORT  a file; at the end, or when it strikes, it gets "calls bytes struck"
// Calls that .NET makes of functions that it looked up in the C library itself do not come by here: link, open and fsync of src/Ornstein/Storage/AtomicFile.cs.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NOTHING, EIO_ONCE, EIO_EVER, KILL, FULL };

static const char *folder, *report;
static long at;
static int what;
static atomic_long calls, bytes, struck;

#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static void say(void) {
    char text[100];
    if (!report) return;
    int n = snprintf(text, sizeof text, "%ld %ld %ld\n", calls, bytes, struck);
    int fd = (int)syscall(SYS_openat, AT_FDCWD, report, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0) return;
    syscall(SYS_write, fd, text, n);
    syscall(SYS_close, fd);
}

__attribute__((constructor)) static void begin(void) {
    folder = getenv("FAULTS_FOLDER"), report = getenv("FAULTS_REPORT");
    const char *number = getenv("FAULTS_AT"), *kind = getenv("FAULTS_DO");
    at = number ? atol(number) : 0;
    if (kind) what = !strcmp(kind, "eio") ? EIO_ONCE : !strcmp(kind, "dead") ? EIO_EVER : !strcmp(kind, "kill") ? KILL : !strcmp(kind, "full") ? FULL : NOTHING;
}

__attribute__((destructor)) static void end(void) { if (calls) say(); }

static int within(const char *path) { return folder && !strncmp(path, folder, strlen(folder)) && (path[strlen(folder)] == '/' || !path[strlen(folder)]); }

static int ours(const char *path) {
    char whole[2 * PATH_MAX];
    if (!folder || !path) return 0;
    if (path[0] == '/') return within(path);
    if (!getcwd(whole, PATH_MAX)) return 0;
    strcat(whole, "/"), strncat(whole, path, PATH_MAX - 1);
    return within(whole);
}

static int holds(int fd) {
    char link[40], path[PATH_MAX];
    if (!folder) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return within(path);
}

static void strike(void) { ++struck; say(); }

static void die(void) { strike(); raise(SIGKILL); }

// Counts a call; whether it is the one.
static int counts(void) { return ++calls == at || (what == EIO_EVER && calls > at); }

// Counts a call that writes nothing; whether it fails.
static int fails(void) {
    int hit = counts();
    if (!hit || what == NOTHING || what == FULL) return 0;
    if (what == KILL) die();
    strike(); errno = EIO;
    return 1;
}

// How much of a write is done; -1 where it fails.
static ssize_t allowed(size_t size) {
    int hit = counts();
    long before = atomic_fetch_add(&bytes, (long)size);
    if (what == FULL && before + (long)size > at) {
        if (!struck) strike();
        if (before < at) return at - before;
        errno = ENOSPC;
        return -1;
    }
    if (!hit || what == NOTHING || what == FULL) return (ssize_t)size;
    if (what == KILL) return (ssize_t)size / 2; // whoever calls this ends the process after that half
    strike(); errno = EIO;
    return -1;
}

#define WRITES(name, call, parameters) ssize_t name parameters { \
    REAL(name); if (!holds(fd)) return call; \
    size_t whole = size; ssize_t part = allowed(size); if (part < 0) return -1; \
    size = (size_t)part; ssize_t done = call; if (what == KILL && size < whole && calls == at) die(); return done; }

WRITES(write, real(fd, data, size), (int fd, const void *data, size_t size))
WRITES(pwrite, real(fd, data, size, to), (int fd, const void *data, size_t size, off_t to))
WRITES(pwrite64, real(fd, data, size, to), (int fd, const void *data, size_t size, off64_t to))

// Of several pieces the first goes alone where not all may go: callers write the rest again.
#define WRITES_MANY(name, call, parameters) ssize_t name parameters { \
    REAL(name); if (!holds(fd)) return call; \
    size_t size = 0; for (int i = 0; i < count; i++) size += pieces[i].iov_len; \
    ssize_t part = allowed(size); if (part < 0) return -1; \
    struct iovec first = { pieces[0].iov_base, (size_t)part < pieces[0].iov_len ? (size_t)part : pieces[0].iov_len }; \
    if ((size_t)part < size) pieces = &first, count = 1; \
    ssize_t done = call; if (what == KILL && (size_t)part < size && calls == at) die(); return done; }

WRITES_MANY(writev, real(fd, pieces, count), (int fd, const struct iovec *pieces, int count))
WRITES_MANY(pwritev, real(fd, pieces, count, to), (int fd, const struct iovec *pieces, int count, off_t to))
WRITES_MANY(pwritev64, real(fd, pieces, count, to), (int fd, const struct iovec *pieces, int count, off64_t to))

#define PASSES(name, mine, parameters, ...) int name parameters { REAL(name); if ((mine) && fails()) return -1; return real(__VA_ARGS__); }

PASSES(fsync, holds(fd), (int fd), fd)
PASSES(fdatasync, holds(fd), (int fd), fd)
PASSES(ftruncate, holds(fd), (int fd, off_t size), fd, size)
PASSES(ftruncate64, holds(fd), (int fd, off64_t size), fd, size)
PASSES(rename, ours(to), (const char *from, const char *to), from, to)
PASSES(link, ours(to), (const char *from, const char *to), from, to)
PASSES(mkdir, ours(path), (const char *path, mode_t mode), path, mode)

// Removals and copies never fail, but a process can die at one.
#define DIES(type, name, mine, parameters, ...) type name parameters { REAL(name); if ((mine) && counts() && what == KILL) die(); return real(__VA_ARGS__); }

DIES(int, unlink, ours(path), (const char *path), path)
DIES(int, rmdir, ours(path), (const char *path), path)
DIES(ssize_t, copy_file_range, holds(to), (int from, off64_t *at_from, int to, off64_t *at_to, size_t size, unsigned flags), from, at_from, to, at_to, size, flags)
DIES(ssize_t, sendfile, holds(to), (int to, int from, off_t *at_from, size_t size), to, from, at_from, size)
DIES(ssize_t, sendfile64, holds(to), (int to, int from, off64_t *at_from, size_t size), to, from, at_from, size)

#define MODE mode_t mode = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }
#define WRITING (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC))

int open(const char *path, int flags, ...) { MODE REAL(open); if (WRITING && ours(path) && fails()) return -1; return real(path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE REAL(open64); if (WRITING && ours(path) && fails()) return -1; return real(path, flags, mode); }

// Loaded before the C library (LD_PRELOAD), it gives a process a machine, a clock and a network file system of its own.
//   HANDS_CONTROL  a file that all map, with how fast time passes and how far each clock is off (struct control); the campaign changes it meanwhile
//   HANDS_MACHINE  number of the machine, from 1: its name and its clock. Times of files come from the server, whose clock is number 0
//   HANDS_FOLDER   the folder that lies on the server; calls on other paths pass
//   HANDS_LOG      a file that gets a line for each call that changes something there: nanoseconds, call, path, second path
//   HANDS_LOCKS    kept; machine: a lock holds back only processes of its own machine; none: it holds back nobody
//   HANDS_DELAY    a call to the server takes up to so many microseconds
//   HANDS_STALE    what it once saw of a path it may see for so many milliseconds of its own time, unless it changes something in that folder itself
// Calls that .NET makes of functions that it looked up in the C library itself do not come by here.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { MACHINES = 16, JUMPS = 64, SEEN = 512, FIRST_OF_REALTIME = 1000000000 };
#define SECOND 1000000000LL

// All in nanoseconds. A jump of the server's clock changes the times of later files only.
struct control {
    double rate;
    int64_t real, mono; // when time began to pass faster
    int64_t offset[MACHINES];
    int64_t jumps;
    struct { int64_t at, by; } jump[JUMPS];
    int64_t slept; // how long everything has stood still, the server too: all clocks went on meanwhile
};

static struct control still = { .rate = 1 };
static volatile struct control *control = &still;
static const char *folder, *record_path;
static int machine = 1, locks, record = -1;
static long delay, stale;

#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static int64_t kernel(clockid_t clock) {
    struct timespec t;
    syscall(SYS_clock_gettime, clock, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("HANDS_CONTROL"), *text;
    int fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        void *map = mmap(NULL, sizeof still, PROT_READ, MAP_SHARED, fd, 0);
        if (map != MAP_FAILED) control = map;
        syscall(SYS_close, fd);
    }
    folder = getenv("HANDS_FOLDER"), record_path = getenv("HANDS_LOG");
    if ((text = getenv("HANDS_MACHINE"))) machine = atoi(text);
    if ((text = getenv("HANDS_LOCKS"))) locks = !strcmp(text, "machine") ? 1 : !strcmp(text, "none") ? 2 : 0;
    if ((text = getenv("HANDS_DELAY"))) delay = atol(text);
    if ((text = getenv("HANDS_STALE"))) stale = atol(text);
}

// ---- clocks

static int64_t faster(int64_t ns, int64_t since) { return since + (int64_t)((double)(ns - since) * control->rate); }
static int64_t slower(int64_t ns, int64_t since) { return since + (int64_t)((double)(ns - since) / control->rate); }

static int64_t realtime(void) { return faster(kernel(CLOCK_REALTIME), control->real) + control->slept + control->offset[machine]; }
static int64_t monotonic(void) { return faster(kernel(CLOCK_MONOTONIC), control->mono) + control->slept; }

static int64_t of_file(int64_t ns) {
    int64_t by = 0;
    for (int i = 0; i < control->jumps && i < JUMPS; i++) if (control->jump[i].at <= ns) by += control->jump[i].by;
    return (ns < control->real ? ns : faster(ns, control->real)) + by;
}

static struct timespec spec(int64_t ns) { return (struct timespec){ ns / SECOND, ns % SECOND }; }
static int64_t nanos(const struct timespec *t) { return t->tv_sec * SECOND + t->tv_nsec; }

int clock_gettime(clockid_t clock, struct timespec *t) {
    switch (clock) {
        case CLOCK_REALTIME: case CLOCK_REALTIME_COARSE: *t = spec(realtime()); return 0;
        case CLOCK_MONOTONIC: case CLOCK_MONOTONIC_RAW: case CLOCK_MONOTONIC_COARSE: case CLOCK_BOOTTIME: *t = spec(monotonic()); return 0;
        default: return (int)syscall(SYS_clock_gettime, clock, t);
    }
}

int gettimeofday(struct timeval *t, void *zone) {
    int64_t now = realtime();
    (void)zone;
    t->tv_sec = now / SECOND, t->tv_usec = now % SECOND / 1000;
    return 0;
}

time_t time(time_t *t) {
    time_t now = (time_t)(realtime() / SECOND);
    if (t) *t = now;
    return now;
}

int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex, const struct timespec *until) {
    static __typeof__(pthread_cond_timedwait) *real;
    if (!real) real = (__typeof__(real))dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
    if (!real) real = (__typeof__(real))dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    int64_t since = until->tv_sec >= FIRST_OF_REALTIME ? control->real : control->mono;
    int64_t at = (until->tv_sec >= FIRST_OF_REALTIME ? nanos(until) - control->offset[machine] : nanos(until)) - control->slept;
    struct timespec soon = spec(slower(at, since));
    return real(cond, mutex, &soon);
}

int nanosleep(const struct timespec *span, struct timespec *left) {
    REAL(nanosleep);
    struct timespec less = spec((int64_t)((double)nanos(span) / control->rate));
    return real(&less, left);
}

int usleep(useconds_t us) {
    struct timespec span = spec((int64_t)us * 1000);
    return nanosleep(&span, NULL);
}

static int fewer(int ms) { return ms <= 0 ? ms : 1 + (int)(ms / control->rate); }
int poll(struct pollfd *fds, nfds_t n, int ms) { REAL(poll); return real(fds, n, fewer(ms)); }
int epoll_wait(int fd, struct epoll_event *events, int n, int ms) { REAL(epoll_wait); return real(fd, events, n, fewer(ms)); }

int gethostname(char *name, size_t size) { return snprintf(name, size, "machine-%d", machine) < (int)size ? 0 : (errno = ENAMETOOLONG, -1); }

// ---- the server

static int within(const char *path) { return folder && !strncmp(path, folder, strlen(folder)) && (path[strlen(folder)] == '/' || !path[strlen(folder)]); }

// The whole path, where it lies on the server; else null.
static const char *ours(const char *path, char *whole) {
    if (!folder || !path) return NULL;
    if (path[0] == '/') return within(path) ? path : NULL;
    if (!getcwd(whole, PATH_MAX)) return NULL;
    size_t n = strlen(whole);
    snprintf(whole + n, PATH_MAX - n, "/%s", path);
    return within(whole) ? whole : NULL;
}

static const char *holds(int fd, char *path) {
    char link[40];
    if (!folder || fd < 3) return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = syscall(SYS_readlink, link, path, PATH_MAX - 1);
    if (n <= 0) return NULL;
    path[n] = 0;
    return within(path) ? path : NULL;
}

static void travel(void) {
    static __thread uint64_t dice;
    if (delay <= 0) return;
    if (!dice) dice = (uint64_t)kernel(CLOCK_MONOTONIC) ^ ((uint64_t)syscall(SYS_gettid) << 32), dice |= 1;
    dice ^= dice << 13, dice ^= dice >> 7, dice ^= dice << 17;
    struct timespec span = spec((int64_t)(dice % (uint64_t)delay) * 1000);
    syscall(SYS_nanosleep, &span, NULL);
}

static void tell(const char *call, const char *path, const char *to) {
    char line[2 * PATH_MAX + 100];
    int n = snprintf(line, sizeof line, "%lld\t%s\t%s\t%s\n", (long long)kernel(CLOCK_MONOTONIC), call, path, to ? to : "");
    if (!record_path) return;
    if (record < 0) record = (int)syscall(SYS_openat, AT_FDCWD, record_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    syscall(SYS_write, record, line, n);
}

// ---- what was seen once

static struct { char path[PATH_MAX]; int64_t at; int follow, error; struct stat64 stat; } seen[SEEN];
static pthread_mutex_t looking = PTHREAD_MUTEX_INITIALIZER;

static size_t parent(const char *path) { const char *slash = strrchr(path, '/'); return slash ? (size_t)(slash - path) : 0; }

// Of a path, and where its folder changed, of all in there.
static void forget(const char *path, int family) {
    if (!stale || !path) return;
    size_t length = strlen(path), above = parent(path);
    pthread_mutex_lock(&looking);
    for (int i = 0; i < SEEN; i++) {
        char *other = seen[i].path;
        size_t n = strlen(other);
        int self = !strcmp(other, path), below = !strncmp(other, path, length) && other[length] == '/';
        int sibling = n > above && parent(other) == above && !strncmp(other, path, above), folder = n == above && !strncmp(other, path, above);
        if (n && (self || (family && (below || sibling || folder)))) other[0] = 0;
    }
    pthread_mutex_unlock(&looking);
}

static int look(const char *path, struct stat64 *s, int flags) {
    char whole[PATH_MAX];
    const char *mine = ours(path, whole);
    if (!mine) return (int)syscall(SYS_newfstatat, AT_FDCWD, path, s, flags);
    int64_t now = monotonic();
    int free = -1, result, error;
    if (stale) {
        pthread_mutex_lock(&looking);
        for (int i = 0; i < SEEN; i++) {
            if (seen[i].path[0] && now - seen[i].at > (int64_t)stale * 1000000) seen[i].path[0] = 0;
            if (!seen[i].path[0]) { free = i; continue; }
            if (seen[i].follow != flags || strcmp(seen[i].path, mine)) continue;
            *s = seen[i].stat, error = seen[i].error;
            pthread_mutex_unlock(&looking);
            errno = error;
            return error ? -1 : 0;
        }
        pthread_mutex_unlock(&looking);
    }
    travel();
    result = (int)syscall(SYS_newfstatat, AT_FDCWD, path, s, flags), error = result ? errno : 0;
    if (stale && free >= 0) {
        pthread_mutex_lock(&looking);
        snprintf(seen[free].path, PATH_MAX, "%s", mine);
        seen[free].at = now, seen[free].follow = flags, seen[free].error = error, seen[free].stat = *s;
        pthread_mutex_unlock(&looking);
    }
    errno = error;
    return result;
}

static int dated(int result, struct stat64 *s) {
    if (result) return result;
    s->st_mtim = spec(of_file(nanos(&s->st_mtim))), s->st_ctim = spec(of_file(nanos(&s->st_ctim))), s->st_atim = spec(of_file(nanos(&s->st_atim)));
    return 0;
}

#define STATS(name, call, ...) int name(__VA_ARGS__) { return dated(call, (void *)s); }
STATS(__xstat64, look(path, (void *)s, 0), int version, const char *path, struct stat64 *s)
STATS(__lxstat64, look(path, (void *)s, AT_SYMLINK_NOFOLLOW), int version, const char *path, struct stat64 *s)
STATS(__fxstat64, (int)syscall(SYS_fstat, fd, s), int version, int fd, struct stat64 *s)
STATS(stat, look(path, (void *)s, 0), const char *path, struct stat *s)
STATS(stat64, look(path, (void *)s, 0), const char *path, struct stat64 *s)
STATS(lstat, look(path, (void *)s, AT_SYMLINK_NOFOLLOW), const char *path, struct stat *s)
STATS(lstat64, look(path, (void *)s, AT_SYMLINK_NOFOLLOW), const char *path, struct stat64 *s)
STATS(fstat, (int)syscall(SYS_fstat, fd, s), int fd, struct stat *s)
STATS(fstat64, (int)syscall(SYS_fstat, fd, s), int fd, struct stat64 *s)

// A time that a process sets is one of its own clock; the server keeps it as it is.
static const struct timespec *kept(const struct timespec times[2], struct timespec kernels[2]) {
    if (!times) return NULL;
    int64_t by = 0;
    for (int i = 0; i < control->jumps && i < JUMPS; i++) by += control->jump[i].by;
    for (int i = 0; i < 2; i++) kernels[i] = times[i].tv_nsec == UTIME_NOW || times[i].tv_nsec == UTIME_OMIT ? times[i] : spec(slower(nanos(&times[i]) - by, control->real));
    return kernels;
}

int utimensat(int at, const char *path, const struct timespec times[2], int flags) {
    struct timespec kernels[2];
    char whole[PATH_MAX];
    int done = (int)syscall(SYS_utimensat, at, path, kept(times, kernels), flags);
    forget(ours(path, whole), 0);
    return done;
}

int futimens(int fd, const struct timespec times[2]) {
    struct timespec kernels[2];
    char path[PATH_MAX];
    int done = (int)syscall(SYS_utimensat, fd, NULL, kept(times, kernels), 0);
    forget(holds(fd, path), 0);
    return done;
}

// ---- calls that change something

#define CHANGES(name, parameters, call, from, to) int name parameters { \
    REAL(name); char a[PATH_MAX], b[PATH_MAX]; const char *one = from, *two = to; \
    if (!one && !two) return call; \
    travel(); int done = call, error = errno; \
    if (!done) tell(#name, one ? one : "", two); \
    forget(one, 1); forget(two, 1); /* also where it failed: the server said what is there */ \
    errno = error; (void)a; (void)b; return done; }

CHANGES(rename, (const char *from_path, const char *to_path), real(from_path, to_path), ours(from_path, a), ours(to_path, b))
CHANGES(link, (const char *from_path, const char *to_path), real(from_path, to_path), ours(from_path, a), ours(to_path, b))
CHANGES(unlink, (const char *path), real(path), ours(path, a), NULL)
CHANGES(rmdir, (const char *path), real(path), ours(path, a), NULL)
CHANGES(mkdir, (const char *path, mode_t mode), real(path, mode), ours(path, a), NULL)
CHANGES(ftruncate, (int fd, off_t size), real(fd, size), holds(fd, a), NULL)
CHANGES(ftruncate64, (int fd, off64_t size), real(fd, size), holds(fd, a), NULL)

#define WRITES(name, parameters, call) ssize_t name parameters { \
    REAL(name); char a[PATH_MAX]; const char *path = holds(fd, a); \
    if (!path) return call; \
    travel(); ssize_t done = call; int error = errno; \
    if (done > 0) { tell("write", path, NULL); forget(path, 0); } \
    errno = error; return done; }

WRITES(write, (int fd, const void *data, size_t size), real(fd, data, size))
WRITES(pwrite, (int fd, const void *data, size_t size, off_t to), real(fd, data, size, to))
WRITES(pwrite64, (int fd, const void *data, size_t size, off64_t to), real(fd, data, size, to))
WRITES(pwritev, (int fd, const struct iovec *pieces, int count, off_t to), real(fd, pieces, count, to))
WRITES(pwritev64, (int fd, const struct iovec *pieces, int count, off64_t to), real(fd, pieces, count, to))

#define MODE mode_t mode = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }
#define OPENS(name) int name(const char *path, int flags, ...) { \
    MODE REAL(name); char whole[PATH_MAX]; const char *mine = ours(path, whole); \
    if (!mine) return real(path, flags, mode); \
    travel(); int fd = real(path, flags, mode), error = errno; \
    if (fd >= 0 && (flags & (O_CREAT | O_TRUNC))) tell("open", mine, NULL); \
    forget(mine, (flags & O_CREAT) != 0); /* who opens a file asks the server for it */ \
    errno = error; return fd; }

OPENS(open)
OPENS(open64)

// As a network file system does it: by locks of bytes, here a byte for each machine where they forget each other.
int flock(int fd, int operation) {
    REAL(flock);
    char path[PATH_MAX];
    if (locks == 0 || !holds(fd, path)) return real(fd, operation);
    if (locks == 2) return 0;
    struct flock lock = { .l_type = operation & LOCK_EX ? F_WRLCK : operation & LOCK_SH ? F_RDLCK : F_UNLCK, .l_whence = SEEK_SET, .l_start = machine, .l_len = 1 };
    int done = fcntl(fd, operation & LOCK_NB ? F_OFD_SETLK : F_OFD_SETLKW, &lock);
    if (done && (errno == EACCES || errno == EAGAIN)) errno = EWOULDBLOCK;
    return done;
}

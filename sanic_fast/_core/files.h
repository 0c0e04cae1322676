/* System calls on files that differ between systems; where one is missing, errno is ENOSYS. */
#ifndef SF_FILES_H
#define SF_FILES_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#if defined(SYS_openat2) && defined(__has_include)
#if __has_include(<linux/openat2.h>)
#include <linux/openat2.h>
#define SF_HAS_OPENAT2 1
#endif
#endif
#endif

/* Never waits (a pipe), never becomes the terminal, never follows a link in the last place. */
#define SF_OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)

/* Open a file on whose whole path there is no symbolic link. */
static inline int sf_open_no_links(const char *path)
{
#ifdef SF_HAS_OPENAT2
    struct open_how how = {.flags = SF_OPEN_FLAGS, .resolve = RESOLVE_NO_SYMLINKS};
    return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
#else
    (void)path;
    errno = ENOSYS;
    return -1;
#endif
}

static inline int sf_open_no_last_link(const char *path)
{
    return open(path, SF_OPEN_FLAGS);
}

/* Modification time of a file in nanoseconds. */
static inline long long sf_mtime_ns(const struct stat *info)
{
#if defined(__APPLE__)
    return (long long)info->st_mtimespec.tv_sec * 1000000000LL + info->st_mtimespec.tv_nsec;
#else
    return (long long)info->st_mtim.tv_sec * 1000000000LL + info->st_mtim.tv_nsec;
#endif
}

/* Whether one byte of a file can be read without waiting for the disk. */
static inline int sf_in_memory(int fd, long long offset)
{
#if defined(__linux__) && defined(RWF_NOWAIT)
    char byte;
    struct iovec part = {&byte, 1};
    return preadv2(fd, &part, 1, (off_t)offset, RWF_NOWAIT) == 1;
#else
    (void)fd;
    (void)offset;
    return 0;
#endif
}

static inline ssize_t sf_sendfile(int to, int from, long long offset, size_t count)
{
#if defined(__linux__)
    off_t at = (off_t)offset;
    return sendfile(to, from, &at, count);
#else
    (void)to;
    (void)from;
    (void)offset;
    (void)count;
    errno = ENOSYS;
    return -1;
#endif
}
#endif

/* A few lines of test harness: counted checks, and buffers that end at a protected page so that
 * reading one byte too far is a crash and not luck. */
#ifndef HARNESS_H
#define HARNESS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pyhttp.h"

static int checks_done, checks_failed;

/* Count a check; tell about it when it fails. */
#define ok(condition, ...)                                                                         \
    do {                                                                                           \
        checks_done++;                                                                             \
        if (!(condition)) {                                                                        \
            checks_failed++;                                                                       \
            printf("%s:%d: [%s] %s: ", __FILE__, __LINE__, pyhttp_scanner(), #condition);          \
            printf(__VA_ARGS__);                                                                   \
            printf("\n");                                                                          \
        }                                                                                          \
    } while (0)

/* A region with a protected page on either side. */
typedef struct {
    char *start;
    char *end;
} guarded;

static inline guarded guarded_new(size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t inner = (size + page - 1) / page * page;
    char *base = mmap(NULL, inner + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED || mprotect(base, page, PROT_NONE) != 0 ||
        mprotect(base + page + inner, page, PROT_NONE) != 0) {
        perror("guarded_new");
        exit(2);
    }
    guarded g = {base + page, base + page + inner};
    return g;
}

/* Put bytes right in front of the upper guard page (or right behind the lower one). */
static inline char *guarded_at_end(guarded g, const char *bytes, size_t len)
{
    return len == 0 ? g.end : memcpy(g.end - len, bytes, len);
}

static inline char *guarded_at_start(guarded g, const char *bytes, size_t len)
{
    return len == 0 ? g.start : memcpy(g.start, bytes, len);
}

/* Run `body` once with each scanner that this CPU has. Returns the exit code for main(). */
static inline int run_all(void (*body)(void))
{
    static const char *const names[] = {"scalar", "neon", "sse42", "avx2"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (pyhttp_use_scanner(names[i])) {
            body();
            printf("%s: ", names[i]);
        }
    }
    printf("%d checks, %d failed\n", checks_done, checks_failed);
    return checks_failed != 0 || checks_done == 0;
}

#endif

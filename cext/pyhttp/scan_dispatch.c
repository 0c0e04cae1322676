/* Pick the request parser for this CPU when the library is loaded. */
#include <string.h>

#include "internal.h"

typedef struct {
    const char *name;
    pyhttp_parse_request_t parse_request;
} scanner;

/* Best first. */
static const scanner scanners[] = {
#if defined(PYHTTP_X86)
    {"avx2", pyhttp_request_avx2},
    {"sse42", pyhttp_request_sse42},
#elif defined(PYHTTP_NEON)
    {"neon", pyhttp_request_neon},
#endif
    {"scalar", pyhttp_request_scalar},
};

#define SCANNER_COUNT (sizeof(scanners) / sizeof(scanners[0]))

static scanner active = {"scalar", pyhttp_request_scalar};

static int cpu_has(const scanner *which)
{
#if defined(PYHTTP_X86)
    __builtin_cpu_init();
    if (which->parse_request == pyhttp_request_avx2) {
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
               __builtin_cpu_supports("bmi2");
    }
    if (which->parse_request == pyhttp_request_sse42) {
        return __builtin_cpu_supports("sse4.2") != 0;
    }
#else
    (void)which;
#endif
    return 1;
}

#if defined(PYHTTP_X86) || defined(PYHTTP_NEON)
__attribute__((constructor)) static void pick_scanner(void)
{
    size_t i = 0;
    while (!cpu_has(&scanners[i])) {
        i++;
    }
    active = scanners[i];
}
#endif

const char *pyhttp_scanner(void)
{
    return active.name;
}

int pyhttp_use_scanner(const char *name)
{
    for (size_t i = 0; i < SCANNER_COUNT; i++) {
        if (strcmp(scanners[i].name, name) == 0 && cpu_has(&scanners[i])) {
            active = scanners[i];
            return 1;
        }
    }
    return 0;
}

uint64_t pyhttp_abi(void)
{
    return PYHTTP_ABI;
}

#if defined(__GNUC__) || defined(__clang__)
#define APART __attribute__((noinline))
#else
#define APART
#endif

/* A head of which a part was seen before. Kept apart so that the usual way is one jump. */
APART static int parse_resumed(const char *buf, size_t len, const char **method, size_t *method_len,
                         const char **target, size_t *target_len, int *minor_version,
                         pyhttp_header *headers, size_t *num_headers, size_t last_len)
{
    int verdict = pyhttp_look_ahead(buf, len, last_len);
    if (verdict != 1) {
        return verdict;
    }
    return active.parse_request(buf, len, method, method_len, target, target_len, minor_version,
                                headers, num_headers, 0);
}

int pyhttp_parse_request(const char *buf, size_t len, const char **method, size_t *method_len,
                         const char **target, size_t *target_len, int *minor_version,
                         pyhttp_header *headers, size_t *num_headers, size_t last_len)
{
    if (last_len != 0) {
        return parse_resumed(buf, len, method, method_len, target, target_len, minor_version,
                             headers, num_headers, last_len);
    }
    return active.parse_request(buf, len, method, method_len, target, target_len, minor_version,
                                headers, num_headers, last_len);
}

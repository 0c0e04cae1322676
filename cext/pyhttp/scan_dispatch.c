/* Pick the parser for this CPU when the library is loaded. */
#include <string.h>

#include "tiers.h"

/* Best first. */
static const pyhttp_tier *const tiers[] = {
#if defined(PYHTTP_X86)
    &pyhttp_tier_avx2,
    &pyhttp_tier_sse42,
#elif defined(PYHTTP_NEON)
    &pyhttp_tier_neon,
#endif
    &pyhttp_tier_scalar,
};

#define TIER_COUNT (sizeof(tiers) / sizeof(tiers[0]))

static int cpu_has(const pyhttp_tier *tier)
{
#if defined(PYHTTP_X86)
    __builtin_cpu_init();
    if (tier == &pyhttp_tier_avx2) {
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");
    }
    if (tier == &pyhttp_tier_sse42) {
        return __builtin_cpu_supports("sse4.2");
    }
#else
    (void)tier;
#endif
    return 1;
}

#if defined(PYHTTP_X86)
static const pyhttp_tier *active = &pyhttp_tier_scalar;

__attribute__((constructor)) static void pick_tier(void)
{
    for (size_t i = 0; i < TIER_COUNT; i++) {
        if (cpu_has(tiers[i])) {
            active = tiers[i];
            return;
        }
    }
}
#elif defined(PYHTTP_NEON)
static const pyhttp_tier *active = &pyhttp_tier_neon;
#else
static const pyhttp_tier *active = &pyhttp_tier_scalar;
#endif

const char *pyhttp_scanner(void)
{
    return active->name;
}

int pyhttp_use_scanner(const char *name)
{
    for (size_t i = 0; i < TIER_COUNT; i++) {
        if (strcmp(tiers[i]->name, name) == 0 && cpu_has(tiers[i])) {
            active = tiers[i];
            return 1;
        }
    }
    return 0;
}

uint64_t pyhttp_abi(void)
{
    return PYHTTP_ABI;
}

int pyhttp_parse_request(const char *buf, size_t len, const char **method, size_t *method_len,
                         const char **target, size_t *target_len, int *minor_version,
                         pyhttp_header *headers, size_t *num_headers, size_t last_len)
{
    return active->parse_request(buf, len, method, method_len, target, target_len, minor_version,
                                 headers, num_headers, last_len);
}

int pyhttp_parse_response(const char *buf, size_t len, int *minor_version, int *status,
                          const char **reason, size_t *reason_len, pyhttp_header *headers,
                          size_t *num_headers, size_t last_len)
{
    return active->parse_response(buf, len, minor_version, status, reason, reason_len, headers,
                                  num_headers, last_len);
}

int pyhttp_parse_headers(const char *buf, size_t len, pyhttp_header *headers, size_t *num_headers,
                         size_t last_len)
{
    return active->parse_headers(buf, len, headers, num_headers, last_len);
}

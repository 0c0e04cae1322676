/* The parsers once per instruction set. Private to the library. */
#ifndef PYHTTP_TIERS_H
#define PYHTTP_TIERS_H

#include "pyhttp.h"

typedef struct {
    const char *name;
    pyhttp_parse_request_t parse_request;
    pyhttp_parse_response_t parse_response;
    pyhttp_parse_headers_t parse_headers;
} pyhttp_tier;

extern const pyhttp_tier pyhttp_tier_scalar;

/* MSVC has no target attribute; it gets the plain C tier. */
#if (defined(__GNUC__) || defined(__clang__)) && (defined(__x86_64__) || defined(__i386__))
#define PYHTTP_X86 1
extern const pyhttp_tier pyhttp_tier_sse42;
extern const pyhttp_tier pyhttp_tier_avx2;
#elif (defined(__GNUC__) || defined(__clang__)) && defined(__aarch64__) && defined(__ARM_NEON)
#define PYHTTP_NEON 1
extern const pyhttp_tier pyhttp_tier_neon;
#endif

#endif

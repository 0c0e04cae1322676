/* Find the first byte outside a class. One file, several instruction sets: whoever includes it defines
 * PYHTTP_TIER first. All tiers give the same three functions,
 *
 *     scan_token(p, end, last)    first byte that is no token byte
 *     scan_target(p, end, last)   first byte that is not visible ASCII
 *     scan_value(p, end, last)    first control byte other than HTAB
 *
 * each returning `end` when there is none. SCAN_WIDTH is the size of one load. `last` is
 * end - SCAN_WIDTH; the buffer that ends at `end` must be at least SCAN_WIDTH long. The rest of a
 * buffer shorter than one load is read by loading its last SCAN_WIDTH bytes and shifting out those in
 * front of p, so nothing outside the buffer is ever touched.
 */
#ifndef PYHTTP_SCAN_H
#define PYHTTP_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "tables.h"

#define PYHTTP_TIER_SCALAR 0
#define PYHTTP_TIER_NEON 1
#define PYHTTP_TIER_SSE42 2
#define PYHTTP_TIER_AVX2 3

#define SCAN_FN SCAN_TARGET static inline __attribute__((always_inline))

#if PYHTTP_TIER == PYHTTP_TIER_SCALAR

#define SCAN_TARGET
#define SCAN_WIDTH 0

SCAN_FN const char *scan_class(const char *p, const char *end, uint8_t class)
{
    while (p < end && (pyhttp_class[(uint8_t)*p] & class) != 0) {
        p++;
    }
    return p;
}

#define SCAN_DEFINE(name, mask, class)                                                             \
    SCAN_FN const char *name(const char *p, const char *end, const char *last)                     \
    {                                                                                              \
        (void)last;                                                                                \
        return scan_class(p, end, class);                                                          \
    }

#else /* vector tiers: each gives scan_mask_t, SCAN_MASK_STEP (mask bits per byte), scan_ctz, masks */

#if PYHTTP_TIER == PYHTTP_TIER_AVX2

#include <immintrin.h>
#define SCAN_TARGET __attribute__((target("avx2,bmi")))
#define SCAN_WIDTH 32
#define SCAN_MASK_STEP 1
typedef uint32_t scan_mask_t;
typedef __m256i scan_vec_t;

SCAN_FN scan_vec_t scan_load(const char *p) { return _mm256_loadu_si256((const __m256i *)p); }

SCAN_FN scan_mask_t scan_bits(scan_vec_t v) { return (scan_mask_t)_mm256_movemask_epi8(v); }

SCAN_FN scan_mask_t scan_not_token(scan_vec_t v)
{
    const scan_vec_t low = _mm256_setr_epi8(PYHTTP_TOKEN_NIBBLES, PYHTTP_TOKEN_NIBBLES);
    const scan_vec_t high = _mm256_setr_epi8(PYHTTP_HIGH_BITS, PYHTTP_HIGH_BITS);
    scan_vec_t above = _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(0x0f));
    /* A byte over 0x7f picks zero from `low`: no token byte. */
    scan_vec_t in = _mm256_and_si256(_mm256_shuffle_epi8(low, v), _mm256_shuffle_epi8(high, above));
    return scan_bits(_mm256_cmpeq_epi8(in, _mm256_setzero_si256()));
}

SCAN_FN scan_mask_t scan_not_target(scan_vec_t v)
{
    /* Signed: bytes over 0x7f are negative. */
    scan_vec_t in = _mm256_cmpgt_epi8(v, _mm256_set1_epi8(0x20));
    return scan_bits(_mm256_andnot_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(0x7f)), in)) ^
           UINT32_MAX;
}

SCAN_FN scan_mask_t scan_not_value(scan_vec_t v)
{
    scan_vec_t low = _mm256_cmpeq_epi8(_mm256_min_epu8(v, _mm256_set1_epi8(0x1f)), v);
    scan_vec_t del = _mm256_cmpeq_epi8(v, _mm256_set1_epi8(0x7f));
    scan_vec_t tab = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\t'));
    return scan_bits(_mm256_or_si256(_mm256_andnot_si256(tab, low), del));
}

#elif PYHTTP_TIER == PYHTTP_TIER_SSE42

#include <nmmintrin.h>
#define SCAN_TARGET __attribute__((target("sse4.2")))
#define SCAN_WIDTH 16
#define SCAN_MASK_STEP 1
typedef uint32_t scan_mask_t;
typedef __m128i scan_vec_t;

SCAN_FN scan_vec_t scan_load(const char *p) { return _mm_loadu_si128((const __m128i *)p); }

SCAN_FN scan_mask_t scan_bits(scan_vec_t v) { return (scan_mask_t)_mm_movemask_epi8(v); }

SCAN_FN scan_mask_t scan_not_token(scan_vec_t v)
{
    const scan_vec_t low = _mm_setr_epi8(PYHTTP_TOKEN_NIBBLES);
    const scan_vec_t high = _mm_setr_epi8(PYHTTP_HIGH_BITS);
    scan_vec_t above = _mm_and_si128(_mm_srli_epi16(v, 4), _mm_set1_epi8(0x0f));
    /* A byte over 0x7f picks zero from `low`: no token byte. */
    scan_vec_t in = _mm_and_si128(_mm_shuffle_epi8(low, v), _mm_shuffle_epi8(high, above));
    return scan_bits(_mm_cmpeq_epi8(in, _mm_setzero_si128()));
}

SCAN_FN scan_mask_t scan_not_target(scan_vec_t v)
{
    /* Signed: bytes over 0x7f are negative. */
    scan_vec_t in = _mm_cmpgt_epi8(v, _mm_set1_epi8(0x20));
    return scan_bits(_mm_andnot_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(0x7f)), in)) ^ 0xffffu;
}

SCAN_FN scan_mask_t scan_not_value(scan_vec_t v)
{
    scan_vec_t low = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1f)), v);
    scan_vec_t del = _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7f));
    scan_vec_t tab = _mm_cmpeq_epi8(v, _mm_set1_epi8('\t'));
    return scan_bits(_mm_or_si128(_mm_andnot_si128(tab, low), del));
}

#elif PYHTTP_TIER == PYHTTP_TIER_NEON

#include <arm_neon.h>
#define SCAN_TARGET
#define SCAN_WIDTH 16
#define SCAN_MASK_STEP 4
typedef uint64_t scan_mask_t;
typedef uint8x16_t scan_vec_t;

SCAN_FN scan_vec_t scan_load(const char *p) { return vld1q_u8((const uint8_t *)p); }

/* NEON has no movemask: narrowing keeps four bits of each byte. */
SCAN_FN scan_mask_t scan_bits(scan_vec_t v)
{
    return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(v), 4)), 0);
}

SCAN_FN scan_mask_t scan_not_token(scan_vec_t v)
{
    static const int8_t low[16] = {PYHTTP_TOKEN_NIBBLES};
    static const int8_t high[16] = {PYHTTP_HIGH_BITS};
    /* A byte over 0x7f picks zero from `high`: no token byte. */
    uint8x16_t in = vandq_u8(vqtbl1q_u8(vreinterpretq_u8_s8(vld1q_s8(low)), vandq_u8(v, vdupq_n_u8(0x0f))),
                             vqtbl1q_u8(vreinterpretq_u8_s8(vld1q_s8(high)), vshrq_n_u8(v, 4)));
    return scan_bits(vceqzq_u8(in));
}

SCAN_FN scan_mask_t scan_not_target(scan_vec_t v)
{
    return scan_bits(vcgtq_u8(vsubq_u8(v, vdupq_n_u8(0x21)), vdupq_n_u8(0x7e - 0x21)));
}

SCAN_FN scan_mask_t scan_not_value(scan_vec_t v)
{
    uint8x16_t low = vbicq_u8(vcltq_u8(v, vdupq_n_u8(0x20)), vceqq_u8(v, vdupq_n_u8('\t')));
    return scan_bits(vorrq_u8(low, vceqq_u8(v, vdupq_n_u8(0x7f))));
}

#endif

/* Position of the lowest set byte; `mask` must not be zero. */
SCAN_FN size_t scan_first(scan_mask_t mask)
{
#if SCAN_MASK_STEP == 1
    return (size_t)__builtin_ctz(mask);
#else
    return (size_t)__builtin_ctzll(mask) / SCAN_MASK_STEP;
#endif
}

#define SCAN_DEFINE(name, mask_of, class)                                                          \
    SCAN_FN const char *name(const char *p, const char *end, const char *last)                     \
    {                                                                                              \
        scan_mask_t mask;                                                                          \
        for (; p <= last; p += SCAN_WIDTH) {                                                       \
            mask = mask_of(scan_load(p));                                                          \
            if (mask != 0) {                                                                       \
                return p + scan_first(mask);                                                       \
            }                                                                                      \
        }                                                                                          \
        if (p >= end) {                                                                            \
            return end;                                                                            \
        }                                                                                          \
        mask = mask_of(scan_load(last)) >> ((size_t)(p - last) * SCAN_MASK_STEP);                  \
        return mask != 0 ? p + scan_first(mask) : end;                                             \
    }

#endif

SCAN_DEFINE(scan_token, scan_not_token, PYHTTP_C_TOKEN)
SCAN_DEFINE(scan_target, scan_not_target, PYHTTP_C_TARGET)
SCAN_DEFINE(scan_value, scan_not_value, PYHTTP_C_VALUE)

#endif

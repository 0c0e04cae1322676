/* Vector tests of 16 or 32 bytes at once, behind the same names for each instruction set. Whoever
 * includes this defines one of SCAN_AVX2, SCAN_SSE42 or SCAN_NEON first.
 *
 *     SCAN_FN               what to put before a function that uses any of this
 *     SCAN_WIDTH            bytes in a vector
 *     scan_mask             one bit for each byte of a vector, the first byte lowest
 *     scan_first(mask)      number of the first byte whose bit is set; the mask must not be zero
 *     scan_end(mask)        the same, or SCAN_WIDTH for no bits at all
 *     scan_skip(mask, n)    the mask with its first n bytes dropped
 *     scan_no_token(v)      bytes that may not stand in a token
 *     scan_no_visible(v)    control bytes but DEL, space, and bytes over 0x7f
 *     scan_control(v)       control bytes, DEL and HTAB included
 */
#ifndef PYHTTP_SCAN_H
#define PYHTTP_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "tables.h"

#if defined(SCAN_AVX2)

#include <immintrin.h>
#define SCAN_TARGET __attribute__((target("avx2,bmi,bmi2")))
#define SCAN_WIDTH 32
typedef uint32_t scan_mask;
typedef __m256i scan_vector;
#define SCAN_CALL(name) _mm256_##name
#define SCAN_WHOLE(name) _mm256_##name##_si256
#define SCAN_TWICE(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)

#elif defined(SCAN_SSE42)

#include <nmmintrin.h>
#define SCAN_TARGET __attribute__((target("sse4.2")))
#define SCAN_WIDTH 16
typedef uint32_t scan_mask;
typedef __m128i scan_vector;
#define SCAN_CALL(name) _mm_##name
#define SCAN_WHOLE(name) _mm_##name##_si128
#define SCAN_TWICE(...) _mm_setr_epi8(__VA_ARGS__)

#elif defined(SCAN_NEON)

#include <arm_neon.h>
#define SCAN_TARGET
#define SCAN_WIDTH 16
typedef uint64_t scan_mask;
typedef uint8x16_t scan_vector;

#endif

#define SCAN_FN SCAN_TARGET static inline __attribute__((always_inline))

#if defined(SCAN_NEON)

/* There is no movemask: narrowing keeps four bits of each byte, of which one is used. */
#define SCAN_STEP 4

SCAN_FN scan_vector scan_load(const char *p)
{
    return vld1q_u8((const uint8_t *)p);
}

SCAN_FN scan_mask scan_bits(scan_vector v)
{
    uint8x8_t nibbles = vshrn_n_u16(vreinterpretq_u16_u8(v), 4);
    return vget_lane_u64(vreinterpret_u64_u8(nibbles), 0) & UINT64_C(0x1111111111111111);
}

SCAN_FN scan_mask scan_no_token(scan_vector v)
{
    static const int8_t low[16] = {PYHTTP_TOKEN_NIBBLES};
    static const int8_t high[16] = {PYHTTP_HIGH_BITS};
    /* A byte over 0x7f picks zero from `high`: no token byte. */
    uint8x16_t set = vqtbl1q_u8(vreinterpretq_u8_s8(vld1q_s8(low)), vandq_u8(v, vdupq_n_u8(0x0f)));
    uint8x16_t bit = vqtbl1q_u8(vreinterpretq_u8_s8(vld1q_s8(high)), vshrq_n_u8(v, 4));
    return scan_bits(vceqzq_u8(vandq_u8(set, bit)));
}

SCAN_FN scan_mask scan_no_visible(scan_vector v)
{
    return scan_bits(vcltq_s8(vreinterpretq_s8_u8(v), vdupq_n_s8(0x21)));
}

SCAN_FN scan_mask scan_control(scan_vector v)
{
    return scan_bits(vorrq_u8(vcltq_u8(v, vdupq_n_u8(0x20)), vceqq_u8(v, vdupq_n_u8(0x7f))));
}

#else /* x86: the two widths differ in names only */

#define SCAN_STEP 1

SCAN_FN scan_vector scan_load(const char *p)
{
    return SCAN_WHOLE(loadu)((const scan_vector *)p);
}

SCAN_FN scan_vector scan_fill(char c)
{
    return SCAN_CALL(set1_epi8)(c);
}

SCAN_FN scan_mask scan_bits(scan_vector v)
{
    return (scan_mask)SCAN_CALL(movemask_epi8)(v);
}

SCAN_FN scan_mask scan_no_token(scan_vector v)
{
    const scan_vector low = SCAN_TWICE(PYHTTP_TOKEN_NIBBLES);
    const scan_vector high = SCAN_TWICE(PYHTTP_HIGH_BITS);
    scan_vector above = SCAN_WHOLE(and)(SCAN_CALL(srli_epi16)(v, 4), scan_fill(0x0f));
    /* A byte over 0x7f picks zero from `low`: no token byte. */
    scan_vector set = SCAN_CALL(shuffle_epi8)(low, v);
    scan_vector bit = SCAN_CALL(shuffle_epi8)(high, above);
    return scan_bits(SCAN_CALL(cmpeq_epi8)(SCAN_WHOLE(and)(set, bit), SCAN_WHOLE(setzero)()));
}

SCAN_FN scan_mask scan_no_visible(scan_vector v)
{
    return scan_bits(SCAN_CALL(cmpgt_epi8)(scan_fill(0x21), v)); /* signed */
}

SCAN_FN scan_mask scan_control(scan_vector v)
{
    scan_vector low = SCAN_CALL(cmpeq_epi8)(SCAN_CALL(min_epu8)(v, scan_fill(0x1f)), v);
    scan_vector del = SCAN_CALL(cmpeq_epi8)(v, scan_fill(0x7f));
    return scan_bits(SCAN_WHOLE(or)(low, del));
}

#endif

SCAN_FN size_t scan_first(scan_mask mask)
{
    return (size_t)__builtin_ctzll(mask) / SCAN_STEP;
}

SCAN_FN size_t scan_end(scan_mask mask)
{
    return mask != 0 ? scan_first(mask) : SCAN_WIDTH;
}

SCAN_FN scan_mask scan_skip(scan_mask mask, size_t n)
{
    return mask >> (n * SCAN_STEP);
}

#endif

/* Chunked transfer coding (RFC 9112 7.1): a decoder that takes the body in pieces of any size.
 *
 * Data bytes move in blocks; the few framing bytes go one by one through step(), whose states are the
 * positions of the grammar
 *
 *     *( 1*HEXDIG [ BWS ";" ext ] CRLF data CRLF ) 1*"0" [ BWS ";" ext ] CRLF
 *     *( token ":" value CRLF ) CRLF
 *
 * so that where the input was cut never matters. A size has at most 16 digits, leading zeros counted,
 * and is at most INT64_MAX, so that callers may add sizes in signed 64-bit arithmetic.
 */
#include <string.h>

#include "pyhttp.h"
#include "tables.h"

enum {
    AT_SIZE,          /* first digit of a chunk size */
    IN_SIZE,          /* further digits, or what may follow them */
    IN_BWS,           /* white space between size and ";" */
    IN_EXT,           /* chunk extension */
    AT_SIZE_LF,       /* LF that ends the chunk line */
    IN_DATA,          /* chunk data */
    AT_DATA_CR,       /* CRLF behind the data */
    AT_DATA_LF,
    AT_TRAILER,       /* first byte of a trailer line, or of the final CRLF */
    IN_TRAILER_NAME,
    IN_TRAILER_VALUE,
    AT_TRAILER_LF,
    AT_LAST_LF,       /* LF of the final CRLF */
    AT_END,           /* finished */
    FAILED,
};

#define MAX_DIGITS 16
#define MAX_SIZE ((uint64_t)INT64_MAX)
#define OR_DEFAULT(value, fallback) ((value) != 0 ? (value) : (uint32_t)(fallback))
#define IS(c, class) ((pyhttp_class[(c)] & (class)) != 0)
#define GO_ON 0

/* Move to `state` if the byte is the one the grammar wants. */
static int expect(pyhttp_chunked *d, int is_right, uint8_t state)
{
    d->state = state;
    return is_right ? GO_ON : PYHTTP_BAD;
}

static int add_digit(pyhttp_chunked *d, uint8_t digit)
{
    if (d->digits == MAX_DIGITS || d->bytes_left > MAX_SIZE >> 4) {
        return PYHTTP_BAD;
    }
    d->bytes_left = d->bytes_left << 4 | digit;
    d->digits++;
    d->state = IN_SIZE;
    return GO_ON;
}

static int count_ext(pyhttp_chunked *d)
{
    d->ext++;
    d->ext_total++;
    return d->ext > OR_DEFAULT(d->max_ext, 4096) ||
                   d->ext_total > OR_DEFAULT(d->max_ext_total, 16384)
               ? PYHTTP_TOO_MANY
               : GO_ON;
}

/* A byte of the chunk line, its CRLF included. */
static int step_size(pyhttp_chunked *d, uint8_t c)
{
    if (d->state == AT_SIZE_LF) {
        d->ext = 0;
        d->digits = 0;
        return expect(d, c == '\n', d->bytes_left != 0 ? IN_DATA : AT_TRAILER);
    }
    if (d->state == AT_SIZE || d->state == IN_SIZE) {
        if (pyhttp_hex[c] != PYHTTP_NOT_HEX) {
            return add_digit(d, pyhttp_hex[c]);
        }
        if (d->state == AT_SIZE) {
            return PYHTTP_BAD;
        }
    }
    if (c == '\r' && d->state != IN_BWS) {
        d->state = AT_SIZE_LF;
        return GO_ON;
    }
    if (d->state != IN_EXT) {
        if (c != ';' && c != ' ' && c != '\t') {
            return PYHTTP_BAD;
        }
        d->state = c == ';' ? IN_EXT : IN_BWS;
    } else if (!IS(c, PYHTTP_C_VALUE)) {
        return PYHTTP_BAD;
    }
    return count_ext(d);
}

/* A byte of the trailer section, the final CRLF included. */
static int step_trailer(pyhttp_chunked *d, uint8_t c)
{
    if (d->state == AT_LAST_LF) {
        return expect(d, c == '\n', AT_END);
    }
    if (d->state == AT_TRAILER) {
        if (c == '\r') {
            d->state = AT_LAST_LF;
            return GO_ON;
        }
        if (!IS(c, PYHTTP_C_TOKEN)) {
            return PYHTTP_BAD;
        }
        d->state = IN_TRAILER_NAME;
        if (++d->trailer_lines > OR_DEFAULT(d->max_trailer_lines, 100)) {
            return PYHTTP_TOO_MANY;
        }
    } else if (d->state == IN_TRAILER_NAME) {
        if (c == ':') {
            d->state = IN_TRAILER_VALUE;
        } else if (!IS(c, PYHTTP_C_TOKEN)) {
            return PYHTTP_BAD;
        }
    } else if (d->state == IN_TRAILER_VALUE) {
        if (c == '\r') {
            d->state = AT_TRAILER_LF;
        } else if (!IS(c, PYHTTP_C_VALUE)) {
            return PYHTTP_BAD;
        }
    } else if (expect(d, c == '\n', AT_TRAILER) != GO_ON) {
        return PYHTTP_BAD;
    }
    return ++d->trailer > OR_DEFAULT(d->max_trailer, 8192) ? PYHTTP_TOO_MANY : GO_ON;
}

static int step(pyhttp_chunked *d, uint8_t c)
{
    if (d->state == AT_DATA_CR) {
        return expect(d, c == '\r', AT_DATA_LF);
    }
    if (d->state == AT_DATA_LF) {
        return expect(d, c == '\n', AT_SIZE);
    }
    return d->state < IN_DATA ? step_size(d, c) : step_trailer(d, c);
}

/* Copy up to `room` data bytes of the current chunk; returns how many. */
static size_t take_data(pyhttp_chunked *d, char *dst, const char *src, size_t room)
{
    size_t n = d->bytes_left < room ? (size_t)d->bytes_left : room;
    if (dst != src) {
        memmove(dst, src, n);
    }
    d->bytes_left -= n;
    d->ext_total = d->ext_total > n ? d->ext_total - (uint32_t)n : 0;
    if (d->bytes_left == 0) {
        d->state = AT_DATA_CR;
    }
    return n;
}

int pyhttp_decode_chunked(pyhttp_chunked *d, const char *src, size_t len, char *dst, size_t *consumed,
                          size_t *decoded)
{
    size_t in = 0, out = 0;
    int verdict = GO_ON;
    if (d->state >= AT_END) {
        verdict = d->state == AT_END ? PYHTTP_DONE : PYHTTP_BAD;
    }
    while (verdict == GO_ON && in < len) {
        if (d->state == IN_DATA) {
            size_t n = take_data(d, dst + out, src + in, len - in);
            in += n;
            out += n;
            continue;
        }
        verdict = step(d, (uint8_t)src[in]);
        if (verdict < 0) {
            d->state = FAILED;
            break;
        }
        in++;
        if (d->state == AT_END) {
            verdict = PYHTTP_DONE;
        }
    }
    *consumed = in;
    *decoded = out;
    return verdict == GO_ON ? PYHTTP_INCOMPLETE : verdict;
}

/* Fuzz the chunked decoder. Besides memory safety it checks that cutting the input anywhere, and
 * decoding in place or into another buffer, never change the outcome or the body. */
#include <stdlib.h>
#include <string.h>

#include "pyhttp.h"

#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

typedef struct {
    int rc;
    size_t consumed;
    size_t decoded;
} result;

/* Small limits, so that they are reached. */
static const pyhttp_chunked start = {
    .max_ext = 20, .max_ext_total = 50, .max_trailer = 60, .max_trailer_lines = 4};

/* Decode in pieces of `step` bytes into `body`. Each piece lies in a block of exactly its size. */
static result decode(const uint8_t *data, size_t len, size_t step, int in_place, char *body)
{
    pyhttp_chunked d = start;
    result r = {.rc = PYHTTP_INCOMPLETE};
    while (r.rc == PYHTTP_INCOMPLETE && r.consumed < len) {
        size_t n = len - r.consumed < step ? len - r.consumed : step, in = 0, out = 0;
        char *piece = malloc(n);
        REQUIRE(piece != NULL);
        memcpy(piece, data + r.consumed, n);
        r.rc = pyhttp_decode_chunked(&d, piece, n, in_place ? piece : body + r.decoded, &in, &out);
        REQUIRE(in <= n && out <= in && (r.rc != PYHTTP_INCOMPLETE || in == n));
        if (in_place) {
            memcpy(body + r.decoded, piece, out);
        }
        free(piece);
        r.consumed += in;
        r.decoded += out;
    }
    REQUIRE(r.rc == PYHTTP_DONE || (r.rc <= PYHTTP_BAD && r.rc >= PYHTTP_TOO_MANY));
    return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte is the size of the pieces; the rest is the input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    size_t step = data[0] == 0 ? 1 : data[0];
    data++;
    size--;
    char *one = malloc(size), *other = malloc(size);
    REQUIRE(one != NULL && other != NULL);
    result whole = decode(data, size, size, 1, one);
    result pieces = decode(data, size, step, 0, other);
    REQUIRE(whole.rc == pieces.rc && whole.consumed == pieces.consumed);
    REQUIRE(whole.decoded == pieces.decoded && memcmp(one, other, whole.decoded) == 0);
    free(one);
    free(other);
    return 0;
}

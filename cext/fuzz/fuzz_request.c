/* Fuzz the head parsers. Besides memory safety (the sanitisers) it checks what must hold for any input:
 *
 *   - every scanner gives the same answer, and the same pieces;
 *   - a prefix of what is incomplete or valid is incomplete, and an error stays once it is there;
 *   - reading on from a shorter incomplete prefix gives what reading from the start gives;
 *   - what is accepted obeys the rules of the grammar, looked at again from scratch.
 */
#include <stdlib.h>
#include <string.h>

#include "pyhttp.h"

#define ROOM 16
#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

typedef struct {
    int rc;
    const char *first, *second; /* method and target, or the reason */
    size_t first_len, second_len;
    int minor, status;
    pyhttp_header headers[ROOM];
    size_t count;
} result;

typedef void parser(const char *buf, size_t len, size_t last_len, result *r);

static void request(const char *buf, size_t len, size_t last_len, result *r)
{
    r->rc = pyhttp_parse_request(buf, len, &r->first, &r->first_len, &r->second, &r->second_len,
                                 &r->minor, r->headers, &r->count, last_len);
}

static void response(const char *buf, size_t len, size_t last_len, result *r)
{
    r->rc = pyhttp_parse_response(buf, len, &r->minor, &r->status, &r->first, &r->first_len,
                                  r->headers, &r->count, last_len);
}

static void headers(const char *buf, size_t len, size_t last_len, result *r)
{
    r->rc = pyhttp_parse_headers(buf, len, r->headers, &r->count, last_len);
}

static result run(parser *parse, const char *buf, size_t len, size_t last_len)
{
    result r = {.count = ROOM};
    parse(buf, len, last_len, &r);
    REQUIRE(r.rc != 0 && r.rc >= PYHTTP_BAD_TARGET && r.rc <= (int)len);
    REQUIRE(r.rc > 0 ? r.count <= ROOM : r.count == ROOM);
    return r;
}

static void require_field(const pyhttp_header *h, const char *buf, int rc)
{
    REQUIRE(h->name >= buf && h->name_len > 0 && h->name[h->name_len] == ':');
    REQUIRE(memchr(h->name, ' ', h->name_len) == NULL);
    REQUIRE(h->value > h->name + h->name_len && h->value + h->value_len <= buf + rc - 4);
    for (size_t i = 0; i < h->value_len; i++) {
        unsigned char c = (unsigned char)h->value[i];
        REQUIRE(c == '\t' || (c >= ' ' && c != 0x7f));
    }
    if (h->value_len > 0) {
        REQUIRE(strchr(" \t", h->value[0]) == NULL);
        REQUIRE(strchr(" \t", h->value[h->value_len - 1]) == NULL);
    }
}

/* The rules for one parser with the scanner that is chosen. */
static result require_sane(parser *parse, const char *buf, size_t len, size_t cut)
{
    result whole = run(parse, buf, len, 0);
    result part = run(parse, buf, cut, 0);
    if (part.rc == PYHTTP_INCOMPLETE) {
        result resumed = run(parse, buf, len, cut);
        if (whole.rc != PYHTTP_TOO_MANY) { /* noticed later when resumed */
            REQUIRE(resumed.rc == whole.rc);
        } else {
            REQUIRE(resumed.rc < 0);
        }
    } else {
        REQUIRE(part.rc == whole.rc); /* errors stay, and so does the end of the head */
    }
    if (whole.rc > 0) {
        REQUIRE(memcmp(buf + whole.rc - 2, "\r\n", 2) == 0);
        for (size_t i = 0; i < whole.count; i++) {
            require_field(&whole.headers[i], buf, whole.rc);
        }
    }
    return whole;
}

static void require_same(const result *a, const result *b)
{
    REQUIRE(a->rc == b->rc);
    if (a->rc > 0) {
        REQUIRE(a->first == b->first && a->first_len == b->first_len);
        REQUIRE(a->second == b->second && a->second_len == b->second_len);
        REQUIRE(a->minor == b->minor && a->status == b->status && a->count == b->count);
        REQUIRE(memcmp(a->headers, b->headers, a->count * sizeof(a->headers[0])) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first two bytes say where to cut; the rest is the input, in a block of exactly its size. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const vectors[] = {"neon", "sse42", "avx2"};
    if (size < 3) {
        return 0;
    }
    size_t len = size - 2, cut = (size_t)(data[0] << 8 | data[1]) % (len + 1);
    char *buf = malloc(len);
    REQUIRE(buf != NULL);
    memcpy(buf, data + 2, len);

    require_sane(response, buf, len, cut);
    require_sane(headers, buf, len, cut);
    REQUIRE(pyhttp_use_scanner("scalar"));
    result plain = require_sane(request, buf, len, cut);
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        if (pyhttp_use_scanner(vectors[i])) {
            result fast = require_sane(request, buf, len, cut);
            require_same(&plain, &fast);
        }
    }
    free(buf);
    return 0;
}

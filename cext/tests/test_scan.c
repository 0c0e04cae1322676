/* Every byte at every position: each scanner stops where the grammar says, and nowhere else.
 * Done through the public functions, with the bytes placed against a protected page. */
#include "harness.h"

static guarded room;

static int is_token(int c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z' && c < 128) ||
           (c != 0 && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static int is_target(int c) { return c >= 0x21 && c <= 0x7e; }

static int is_value(int c) { return (c >= 0x20 && c != 0x7f) || c == '\t'; }

static int parse(const char *buf, size_t len, const char **target, size_t *target_len,
                 pyhttp_header *headers, size_t *count)
{
    const char *method;
    size_t method_len;
    int minor;
    return pyhttp_parse_request(buf, len, &method, &method_len, target, target_len, &minor, headers,
                                count, 0);
}

/* One odd byte `c` after `before` filler bytes, in the part of the head that `layout` names. */
static void odd_byte(const char *prefix, const char *suffix, size_t before, size_t after, int c,
                     int legal, int error)
{
    char text[512];
    size_t n = strlen(prefix), tail = strlen(suffix);
    memcpy(text, prefix, n);
    memset(text + n, 'x', before + 1 + after);
    text[n + before] = (char)c;
    size_t cut = n + before + 1;
    n += before + 1 + after;
    memcpy(text + n, suffix, tail);
    n += tail;

    const char *target;
    size_t target_len, count = 4;
    pyhttp_header headers[4];
    char *at = guarded_at_end(room, text, n);
    int rc = parse(at, n, &target, &target_len, headers, &count);
    if (legal) {
        ok(rc == (int)n, "%s + %zu + %#x: %d of %zu", prefix, before, (unsigned)c, rc, n);
    } else {
        ok(rc == error, "%s + %zu + %#x: %d", prefix, before, (unsigned)c, rc);
        /* The fault is reported as soon as the byte is there. */
        at = guarded_at_end(room, text, cut);
        count = 4;
        rc = parse(at, cut, &target, &target_len, headers, &count);
        ok(rc == error, "%s + %zu + %#x, early: %d", prefix, before, (unsigned)c, rc);
    }
}

static void every_byte(size_t before, size_t after)
{
    for (int c = 0; c < 256; c++) {
        if (c != ' ') {
            odd_byte("", " / HTTP/1.1\r\n\r\n", before, after, c, is_token(c), PYHTTP_BAD);
            odd_byte("GET /", " HTTP/1.1\r\n\r\n", before, after, c, is_target(c),
                     c == '\r' || c == '\n' ? PYHTTP_BAD : PYHTTP_BAD_TARGET);
        }
        if (c != ':') {
            odd_byte("GET / HTTP/1.1\r\n", ":v\r\n\r\n", before, after, c, is_token(c), PYHTTP_BAD);
        }
        if (c != '\r') {
            odd_byte("GET / HTTP/1.1\r\nA:", "\r\n\r\n", before, after, c, is_value(c), PYHTTP_BAD);
        }
    }
}

/* Lengths of all parts around the load sizes, against both guard pages. */
static void every_length(void)
{
    char text[512];
    for (size_t t = 1; t < 70; t++) {
        for (size_t v = 0; v < 70; v++) {
            int n = snprintf(text, sizeof(text), "G /%.*s HTTP/1.0\r\n%.*s: %.*s\r\n\r\n", (int)t - 1,
                             "tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt",
                             (int)t, "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn",
                             (int)v, "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv");
            const char *target;
            size_t target_len, count = 1;
            pyhttp_header h;
            char *at = guarded_at_start(room, text, (size_t)n);
            ok(parse(at, (size_t)n, &target, &target_len, &h, &count) == n, "start %zu %zu", t, v);
            at = guarded_at_end(room, text, (size_t)n);
            ok(parse(at, (size_t)n, &target, &target_len, &h, &count) == n, "end %zu %zu", t, v);
            ok(target_len == t && h.name_len == t && h.value_len == v, "%zu %zu", t, v);
        }
    }
}

static void body(void)
{
    static const size_t places[] = {1, 2, 7, 14, 15, 16, 17, 30, 31, 32, 33, 47, 48, 63, 64, 65};
    const size_t n = sizeof(places) / sizeof(places[0]);
    for (size_t i = 0; i < n; i++) {
        every_byte(places[i], 1);
        every_byte(places[i], 40);
    }
    every_length();
}

int main(void)
{
    room = guarded_new(4096);
    return run_all(body);
}

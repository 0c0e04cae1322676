/* Chunked bodies: results, errors, limits, and every way of cutting them in two and byte by byte. */
#include "harness.h"

static guarded room;

typedef struct {
    int rc;
    size_t consumed;
    size_t decoded;
    char out[512];
} result;

/* Feed `text` in pieces that end at `cut` (0: all at once; 1 with `bytewise`: one by one). */
static result decode(pyhttp_chunked d, const char *text, size_t len, size_t cut, int bytewise)
{
    result r = {.rc = PYHTTP_INCOMPLETE};
    while (r.consumed < len && r.rc == PYHTTP_INCOMPLETE) {
        size_t stop = bytewise ? r.consumed + 1 : r.consumed < cut ? cut : len;
        size_t n = stop - r.consumed, in = 99, out = 99;
        char *at = guarded_at_end(room, text + r.consumed, n);
        r.rc = pyhttp_decode_chunked(&d, at, n, at, &in, &out);
        ok(in <= n && out <= in, "%zu %zu", in, out);
        ok(r.rc != PYHTTP_INCOMPLETE || in == n, "all consumed");
        memcpy(r.out + r.decoded, at, out);
        r.decoded += out;
        r.consumed += in;
        if (r.rc != PYHTTP_INCOMPLETE) {
            size_t again = 99, none = 99;
            int rc = pyhttp_decode_chunked(&d, at, n, at, &again, &none);
            ok(rc == (r.rc == PYHTTP_DONE ? PYHTTP_DONE : PYHTTP_BAD) && again == 0 && none == 0,
               "finished decoders stay finished");
        }
    }
    return r;
}

/* The same answer however the text is cut. */
static void check(pyhttp_chunked d, const char *text, size_t len, int rc, size_t consumed, const char *out)
{
    for (size_t cut = 0; cut <= len + 1; cut++) {
        result r = decode(d, text, len, cut > len ? 0 : cut, cut > len);
        ok(r.rc == rc && r.consumed == consumed, "cut %zu: %d at %zu: %s", cut, r.rc, r.consumed, text);
        ok(out == NULL || (r.decoded == strlen(out) && memcmp(r.out, out, r.decoded) == 0),
           "cut %zu: %.*s", cut, (int)r.decoded, r.out);
    }
}

static const pyhttp_chunked fresh;

/* `text` is used up, `rest` is not. */
#define CUT(d, text, rest, code, out)                                                              \
    check(d, text rest, sizeof(text rest) - 1, code, sizeof(text) - 1, out)
#define GOOD(text, rest, out) CUT(fresh, text, rest, PYHTTP_DONE, out)
#define BROKEN(text, rest, code) CUT(fresh, text, rest, code, NULL)

static void good(void)
{
    GOOD("0\r\n\r\n", "", "");
    GOOD("0\r\n\r\n", "GET / HTTP/1.1", "");
    GOOD("5\r\nhello\r\n0\r\n\r\n", "next", "hello");
    GOOD("5\r\nhello\r\n6\r\n world\r\n000\r\n\r\n", "", "hello world");
    GOOD("a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", "", "01234567890123456789");
    GOOD("2;a\r\nab\r\n1 \t;b=\"c; d\" \xff\r\nc\r\n0;z\r\n\r\n", "", "abc");
    GOOD("0000000000000001\r\na\r\n0\r\n\r\n", "", "a");
    GOOD("2\r\n\r\n\r\n0\r\nA: b\r\nC:\r\n\r\n", "X", "\r\n");
}

static void bad(void)
{
    BROKEN("", "\r\n", PYHTTP_BAD);
    BROKEN("", ";a\r\n", PYHTTP_BAD);
    BROKEN("", " 1\r\n", PYHTTP_BAD);
    BROKEN("", "+1\r\n", PYHTTP_BAD);
    BROKEN("", "-1\r\n", PYHTTP_BAD);
    BROKEN("0", "x1\r\na\r\n", PYHTTP_BAD);
    BROKEN("1", "_0\r\na\r\n", PYHTTP_BAD);
    BROKEN("1", "\na\r\n", PYHTTP_BAD);
    BROKEN("1\r", "a\r\n", PYHTTP_BAD);
    BROKEN("1 ", "\r\na\r\n", PYHTTP_BAD);
    BROKEN("1;a", "\na\r\n", PYHTTP_BAD);
    BROKEN("1;a\r", "b\r\na\r\n", PYHTTP_BAD);
    BROKEN("1;a", "\0\r\na\r\n", PYHTTP_BAD);
    BROKEN("1;a", "\x7f\r\na\r\n", PYHTTP_BAD);
    BROKEN("1\r\na", "b\r\n", PYHTTP_BAD);
    BROKEN("1\r\na", "\n0\r\n\r\n", PYHTTP_BAD);
    BROKEN("1\r\na\r", "\r0\r\n\r\n", PYHTTP_BAD);
    BROKEN("7fffffffffffffff", "0\r\n", PYHTTP_BAD);
    BROKEN("0000000000000000", "1\r\na\r\n", PYHTTP_BAD);
    BROKEN("800000000000000", "g\r\n", PYHTTP_BAD);
    BROKEN("800000000000000", "0\r\n", PYHTTP_BAD);
    BROKEN("0\r\n", "\n", PYHTTP_BAD);
    BROKEN("0\r\n\r", "X", PYHTTP_BAD);
    BROKEN("0\r\n", " a: b\r\n\r\n", PYHTTP_BAD);
    BROKEN("0\r\n", ": b\r\n\r\n", PYHTTP_BAD);
    BROKEN("0\r\na", " : b\r\n\r\n", PYHTTP_BAD);
    BROKEN("0\r\na", "\r\n\r\n", PYHTTP_BAD);
    BROKEN("0\r\na: b", "\n\r\n", PYHTTP_BAD);
    BROKEN("0\r\na: b\r", "\r\n", PYHTTP_BAD);
    BROKEN("0\r\na: b", "\0\r\n\r\n", PYHTTP_BAD);
    CUT(fresh, "7fffffffffffffff\r\nabc", "", PYHTTP_INCOMPLETE, "abc");
}

static void limits(void)
{
    pyhttp_chunked d = {.max_ext = 3, .max_ext_total = 5, .max_trailer = 10, .max_trailer_lines = 2};
    CUT(d, "1;ab\r\nx\r\n1;a\r\ny\r\n0\r\n\r\n", "", PYHTTP_DONE, "xy");
    CUT(d, "1;ab", "c\r\nx", PYHTTP_TOO_MANY, "");
    CUT(d, "1;ab\r\nx\r\n1;ab\r\ny\r\n1;", "ab\r\n", PYHTTP_TOO_MANY, "xy");
    CUT(d, "9;ab\r\n123456789\r\n9;ab\r\n123456789\r\n9;ab\r\n123456789\r\n0\r\n\r\n", "ab", PYHTTP_DONE, NULL);
    CUT(d, "0\r\na: 1\r\nb:2\r", "\n", PYHTTP_TOO_MANY, "");
    CUT(d, "0\r\na:\r\nb:\r\n\r\n", "", PYHTTP_DONE, "");
    CUT(d, "0\r\na:\r\nb:\r\n", "c:\r\n\r\n", PYHTTP_TOO_MANY, "");

    static char text[20000];
    size_t in, out;
    pyhttp_chunked plain = fresh;
    memset(text, 'e', sizeof(text));
    memcpy(text, "1;", 2);
    ok(pyhttp_decode_chunked(&plain, text, sizeof(text), text, &in, &out) == PYHTTP_TOO_MANY &&
           in == 4097, "default limit of a chunk: %zu", in);
    plain = fresh;
    memcpy(text, "0\r\n", 3);
    memset(text + 3, 'e', sizeof(text) - 3);
    ok(pyhttp_decode_chunked(&plain, text, sizeof(text), text, &in, &out) == PYHTTP_TOO_MANY &&
           in == 3 + 8192, "default limit of trailers: %zu", in);
}

/* Into another buffer, and the state that callers may look at. */
static void elsewhere(void)
{
    const char *text = "5;x\r\nhello\r\n7\r\nwor";
    char out[32];
    size_t in, n;
    pyhttp_chunked d = fresh;
    ok(pyhttp_decode_chunked(&d, text, strlen(text), out, &in, &n) == PYHTTP_INCOMPLETE, "more");
    ok(in == strlen(text) && n == 8 && memcmp(out, "hellowor", 8) == 0, "%.*s", (int)n, out);
    ok(d.bytes_left == 4, "%d left", (int)d.bytes_left);
    ok(pyhttp_decode_chunked(&d, text, 0, out, &in, &n) == PYHTTP_INCOMPLETE && in == 0 && n == 0,
       "nothing to read");
}

static void body(void)
{
    good();
    bad();
    limits();
    elsewhere();
}

int main(void)
{
    room = guarded_new(4096);
    body();
    printf("%d checks, %d failed\n", checks_done, checks_failed);
    return checks_failed != 0;
}

/* Heads of requests and responses and bare header blocks: results, errors, and every split. */
#include "harness.h"

#define ROOM 8

static guarded room;

typedef struct {
    int rc;
    const char *a, *b; /* method and target, or reason and nothing */
    size_t a_len, b_len;
    int minor, status;
    pyhttp_header headers[ROOM];
    size_t count;
} result;

typedef enum { REQUEST, RESPONSE, HEADERS } kind;

static result parse(kind k, const char *buf, size_t len, size_t last)
{
    result r = {.count = ROOM};
    if (k == REQUEST) {
        r.rc = pyhttp_parse_request(buf, len, &r.a, &r.a_len, &r.b, &r.b_len, &r.minor, r.headers,
                                    &r.count, last);
    } else if (k == RESPONSE) {
        r.rc = pyhttp_parse_response(buf, len, &r.minor, &r.status, &r.a, &r.a_len, r.headers, &r.count,
                                     last);
    } else {
        r.rc = pyhttp_parse_headers(buf, len, r.headers, &r.count, last);
    }
    return r;
}

static int same(const char *s, size_t len, const char *want)
{
    return len == strlen(want) && memcmp(s, want, len) == 0;
}

/* Parse with much behind it, so that the vector scanners have room to start, and nothing in front. */
static result padded(kind k, const char *text, size_t len)
{
    memcpy(room.start, text, len);
    memset(room.start + len, 'x', 100);
    return parse(k, room.start, len + 100, 0);
}

/* A valid head: whole, as every prefix, and resumed from every earlier length. */
static result valid(kind k, const char *text, size_t head)
{
    size_t len = strlen(text);
    for (size_t cut = 0; cut < head; cut++) {
        char *at = guarded_at_end(room, text, cut);
        ok(parse(k, at, cut, 0).rc == PYHTTP_INCOMPLETE, "%zu of: %s", cut, text);
        for (size_t last = 1; last <= cut; last++) {
            result r = parse(k, at, cut, last);
            ok(r.rc == PYHTTP_INCOMPLETE && r.count == ROOM, "%zu/%zu of: %s", last, cut, text);
        }
    }
    char *at = guarded_at_end(room, text, len);
    for (size_t last = 1; last < head; last++) {
        ok(parse(k, at, len, last).rc == (int)head, "from %zu: %s", last, text);
    }
    result r = parse(k, at, len, 0);
    ok(r.rc == (int)head, "%d: %s", r.rc, text);
    r = padded(k, text, head);
    ok(r.rc == (int)head, "padded: %d: %s", r.rc, text);
    return r;
}

#define VALID(k, head, rest) valid(k, head rest, sizeof(head) - 1)

/* A head that is wrong from byte `bad` on: the same code for every longer prefix and any resume. */
static void invalid_n(kind k, const char *text, size_t len, size_t bad, int code)
{
    for (size_t cut = 0; cut <= len; cut++) {
        int want = cut > bad ? code : PYHTTP_INCOMPLETE;
        char *at = guarded_at_end(room, text, cut);
        ok(parse(k, at, cut, 0).rc == want, "%zu of: %s: %d", cut, text, parse(k, at, cut, 0).rc);
        for (size_t last = 1; last <= bad && last <= cut; last++) {
            ok(parse(k, at, cut, last).rc == want, "%zu/%zu of: %s", last, cut, text);
        }
    }
    ok(padded(k, text, len).rc == code, "padded: %s", text);
}

#define INVALID(k, good, rest, code)                                                               \
    invalid_n(k, good rest, sizeof(good rest) - 1, sizeof(good) - 1, code)

static void good_requests(void)
{
    result r = VALID(REQUEST, "GET / HTTP/1.1\r\n\r\n", "");
    ok(same(r.a, r.a_len, "GET") && same(r.b, r.b_len, "/") && r.minor == 1 && r.count == 0, "plain");

    r = VALID(REQUEST, "OPTIONS * HTTP/1.0\r\nHost: example.com\r\nX:\r\n\r\n", "rest");
    ok(same(r.a, r.a_len, "OPTIONS") && same(r.b, r.b_len, "*") && r.minor == 0, "line");
    ok(r.count == 2 && same(r.headers[0].name, r.headers[0].name_len, "Host"), "name");
    ok(same(r.headers[0].value, r.headers[0].value_len, "example.com"), "value");
    ok(same(r.headers[1].value, r.headers[1].value_len, ""), "empty value");

    r = VALID(REQUEST, "METHODMETHODMETHODMETHODMETHODMETHODMETHOD / HTTP/1.1\r\n\r\n", "");
    ok(r.a_len == 42 && r.b_len == 1, "long method");

    r = VALID(REQUEST, "GET / HTTP/1.1\r\na: b \r\nc:d\t\r\n\r\n", "");
    ok(same(r.headers[0].value, r.headers[0].value_len, "b"), "trailing space");
    ok(same(r.headers[1].value, r.headers[1].value_len, "d"), "trailing tab");

    r = VALID(REQUEST, "A / HTTP/1.1\r\na: \t b \t c\xe4 \t \r\nb: \t \r\n\r\n", "");
    ok(same(r.headers[0].value, r.headers[0].value_len, "b \t c\xe4"), "white space trimmed");
    ok(same(r.headers[1].value, r.headers[1].value_len, ""), "only white space");
}

static void bad_requests(void)
{
    INVALID(REQUEST, "", " / HTTP/1.1\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "", "\r\nGET / HTTP/1.1\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET ", " / HTTP/1.1\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET / ", " HTTP/1.1\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET ", " HTTP/1.1\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET", "[/ HTTP/1.1\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET", "\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET", "\t/ HTTP/1.1\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET /", "\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET /", "\x80 HTTP/1.1\r\n\r\n", PYHTTP_BAD_TARGET);
    INVALID(REQUEST, "GET /", "\x80HTTP/1.1\r\n\r\n", PYHTTP_BAD_TARGET);
    INVALID(REQUEST, "GET /", "\t HTTP/1.1\r\n\r\n", PYHTTP_BAD_TARGET);
    INVALID(REQUEST, "GET /", "\0 HTTP/1.1\r\n\r\n", PYHTTP_BAD_TARGET);
    INVALID(REQUEST, "GET / ", "http/1.1\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET / HTTP/", "2.0\r\n\r\n", PYHTTP_BAD_VERSION);
    INVALID(REQUEST, "GET / HTTP/", "0.9\r\n\r\n", PYHTTP_BAD_VERSION);
    INVALID(REQUEST, "GET / HTTP/1.", "2\r\n\r\n", PYHTTP_BAD_VERSION);
    INVALID(REQUEST, "GET / HTTP/1", "1.1\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET / HTTP/1.1", "0\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET / HTTP/1.1", " \r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET / HTTP/1.1", "\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET / HTTP/1.1\r", "\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET / HTTP/1.1\r\n", " a: b\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET / HTTP/1.1\r\n", ": b\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET / HTTP/1.1\r\na", " : b\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET / HTTP/1.1\r\na", "\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET / HTTP/1.1\r\na: b\r\n", " c\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET / HTTP/1.1\r\na: b\r\n", "\tc\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET / HTTP/1.1\r\na: b", "\nc: d\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET / HTTP/1.1\r\na: b\r", "c: d\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET / HTTP/1.1\r\na: b", "\0\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET / HTTP/1.1\r\na: b", "\x7f\r\n\r\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET / HTTP/1.1\r\na: b\r\n", "\n", PYHTTP_BAD);
    INVALID(REQUEST, "GET / HTTP/1.1\r\na: b\r\n\r", "\rX", PYHTTP_BAD);
}

static void responses(void)
{
    result r = VALID(RESPONSE, "HTTP/1.1 200 OK\r\nA: b\r\n\r\n", "body");
    ok(r.minor == 1 && r.status == 200 && same(r.a, r.a_len, "OK") && r.count == 1, "ok");
    r = VALID(RESPONSE, "HTTP/1.0 404 \r\n\r\n", "");
    ok(r.minor == 0 && r.status == 404 && r.a_len == 0 && r.count == 0, "no reason");
    r = VALID(RESPONSE, "HTTP/1.1 599 Caf\xc3\xa9 \t x\r\n\r\n", "");
    ok(r.status == 599 && same(r.a, r.a_len, "Caf\xc3\xa9 \t x"), "odd reason");

    INVALID(RESPONSE, "HTTP/", "2.0 200 OK\r\n\r\n", PYHTTP_BAD_VERSION);
    INVALID(RESPONSE, "HTTP/1.1", "\r\n\r\n", PYHTTP_BAD);
    INVALID(RESPONSE, "HTTP/1.1 20", " OK\r\n\r\n", PYHTTP_BAD);
    INVALID(RESPONSE, "HTTP/1.1 ", "099 OK\r\n\r\n", PYHTTP_BAD);
    INVALID(RESPONSE, "HTTP/1.1 200", "0 OK\r\n\r\n", PYHTTP_BAD);
    INVALID(RESPONSE, "HTTP/1.1 200", "\r\n\r\n", PYHTTP_BAD);
    INVALID(RESPONSE, "HTTP/1.1 200 O", "\0K\r\n\r\n", PYHTTP_BAD);
    INVALID(RESPONSE, "HTTP/1.1 200 OK\r", "X: y\r\n\r\n", PYHTTP_BAD);
}

static void header_blocks(void)
{
    result r = VALID(HEADERS, "\r\n", "");
    ok(r.count == 0, "empty");
    r = VALID(HEADERS, "a: 1\r\na: 2\r\n\r\n", "");
    ok(r.count == 2 && same(r.headers[1].value, r.headers[1].value_len, "2"), "two");
    INVALID(HEADERS, "", "\n", PYHTTP_BAD);
    INVALID(HEADERS, "a: 1\r\n", "{: 2\r\n\r\n", PYHTTP_BAD);
}

static void limits(void)
{
    const char *text = "GET / HTTP/1.1\r\na:1\r\nb:2\r\n\r\n";
    const char *a, *b;
    size_t al, bl, count = 1, len = strlen(text);
    int minor;
    pyhttp_header h[2];
    ok(pyhttp_parse_request(text, len, &a, &al, &b, &bl, &minor, h, &count, 0) == PYHTTP_TOO_MANY,
       "one too many");
    ok(count == 1, "count kept on error: %zu", count);
    ok(pyhttp_parse_request(text, len, &a, &al, &b, &bl, &minor, h, &count, 10) == PYHTTP_TOO_MANY,
       "one too many, resumed");
    count = 2;
    ok(pyhttp_parse_request(text, len, &a, &al, &b, &bl, &minor, h, &count, 0) == (int)len, "fits");
    ok(pyhttp_parse_request(NULL, 0, &a, &al, &b, &bl, &minor, h, &count, 0) == PYHTTP_INCOMPLETE,
       "nothing at all");
    count = 0;
    ok(pyhttp_parse_headers("\r\n", 2, NULL, &count, 0) == 2, "no room needed");
    ok(pyhttp_parse_request(text, 5, &a, &al, &b, &bl, &minor, h, &count, 99) == PYHTTP_INCOMPLETE,
       "last_len over len");
}

static void body(void)
{
    good_requests();
    bad_requests();
    responses();
    header_blocks();
    limits();
}

int main(void)
{
    room = guarded_new(4096);
    ok(pyhttp_abi() == PYHTTP_ABI, "abi");
    ok(!pyhttp_use_scanner("none"), "unknown scanner");
    return run_all(body);
}

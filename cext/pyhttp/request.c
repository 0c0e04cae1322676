/* Request line, status line and header block.
 *
 * This file is compiled once per instruction set: as it stands it is the plain C tier; request_sse42.c,
 * request_avx2.c and request_neon.c define PYHTTP_TIER and include it. Every tier reads strictly from
 * left to right and stops at the first byte that cannot belong to a valid head, so the answer to a
 * prefix never depends on what follows, nor on the tier.
 */
#include <limits.h>
#include <string.h>

#include "tiers.h"

#ifndef PYHTTP_TIER
#define PYHTTP_TIER PYHTTP_TIER_SCALAR
#define TIER_NAME scalar
#endif
#include "scan.h"

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define TIER_FN(name) JOIN(name, TIER_NAME)
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

/* A buffer shorter than one load belongs to the next narrower tier; an empty one may be NULL. */
#if SCAN_WIDTH > 0
#define NARROWER(len, call)                                                                        \
    if ((len) < SCAN_WIDTH) {                                                                      \
        return JOIN(pyhttp_tier, TIER_NARROWER).call;                                              \
    }
#else
#define NARROWER(len, call)                                                                        \
    if ((len) == 0) {                                                                              \
        return PYHTTP_INCOMPLETE;                                                                  \
    }
#endif

/* What is being read: `last` is the address of the last full load, see scan.h. */
typedef struct {
    const char *end;
    const char *last;
} span;

#define FAIL(code)                                                                                 \
    do {                                                                                           \
        *err = (code);                                                                             \
        return NULL;                                                                               \
    } while (0)

SCAN_FN span make_span(const char *buf, size_t len)
{
    span s = {buf + len, buf + len - SCAN_WIDTH};
    return s;
}

/* Read CRLF at p. Returns what follows it, or NULL with *err set. */
SCAN_FN const char *read_crlf(const char *p, span s, int *err)
{
    if (s.end - p >= 2) {
        if (memcmp(p, "\r\n", 2) != 0) {
            FAIL(PYHTTP_BAD);
        }
        return p + 2;
    }
    FAIL(p == s.end || *p == '\r' ? PYHTTP_INCOMPLETE : PYHTTP_BAD);
}

/* The first fault in `HTTP/1.x` at p, which is short or wrong. Returns NULL with *err set. */
static const char *version_fault(const char *p, const char *end, int *err)
{
    static const char want[] = "HTTP/0.0";
    for (size_t i = 0; i < sizeof(want) - 1; i++, p++) {
        if (p == end) {
            FAIL(PYHTTP_INCOMPLETE);
        }
        if (want[i] != '0') {
            if (*p != want[i]) {
                FAIL(PYHTTP_BAD);
            }
        } else if (*p < '0' || *p > '9') {
            FAIL(PYHTTP_BAD);
        } else if (*p > '1' || (*p == '0' && want[i + 1] != '\0')) {
            FAIL(PYHTTP_BAD_VERSION);
        }
    }
    FAIL(PYHTTP_BAD);
}

/* Read HTTP-version (RFC 9112 2.3) at p. Returns what follows it, or NULL with *err set. */
SCAN_FN const char *read_version(const char *p, span s, int *minor, int *err)
{
    if (s.end - p >= 8 && memcmp(p, "HTTP/1.", 7) == 0 && (p[7] == '0' || p[7] == '1')) {
        *minor = p[7] - '0';
        return p + 8;
    }
    return version_fault(p, s.end, err);
}

/* Read a field line (RFC 9112 5) at p. Returns the start of the next, or NULL with *err set. */
SCAN_FN const char *read_field(const char *p, span s, pyhttp_header *field, int *err)
{
    const char *colon = scan_token(p, s.end, s.last);
    if (colon == s.end) {
        FAIL(PYHTTP_INCOMPLETE);
    }
    if (*colon != ':' || colon == p) {
        FAIL(PYHTTP_BAD); /* empty name, folded line, white space before the colon */
    }
    const char *value = colon + 1;
    const char *stop = scan_value(value, s.end, s.last);
    const char *next = read_crlf(stop, s, err);
    if (next == NULL) {
        return NULL;
    }
    while (value < stop && (*value == ' ' || *value == '\t')) {
        value++;
    }
    while (value < stop && (stop[-1] == ' ' || stop[-1] == '\t')) {
        stop--;
    }
    field->name = p;
    field->name_len = (size_t)(colon - p);
    field->value = value;
    field->value_len = (size_t)(stop - value);
    return next;
}

/* Read field lines and the empty line at p. Returns what follows, or NULL with *err set. */
SCAN_FN const char *read_fields(const char *p, span s, pyhttp_header *fields, size_t room,
                                size_t *found, int *err)
{
    size_t n = 0;
    for (;;) {
        if (p == s.end) {
            FAIL(PYHTTP_INCOMPLETE);
        }
        if (*p == '\r') {
            *found = n;
            return read_crlf(p, s, err);
        }
        if (n == room) {
            FAIL(PYHTTP_TOO_MANY);
        }
        p = read_field(p, s, &fields[n], err);
        if (p == NULL) {
            return NULL;
        }
        n++;
    }
}

/* Whether a head, of which the first `seen` bytes were incomplete, deserves to be read as a whole:
 * reads on from the start of the line that was cut. Returns 1 for yes, or the code to answer with. */
SCAN_TARGET static int look_ahead(const char *buf, span s, size_t seen)
{
    const char *p = buf + seen;
    pyhttp_header field;
    int err;
    if (p > s.end) {
        p = s.end;
    }
    while (p > buf && p[-1] != '\n') {
        p--;
    }
    if (p == buf) {
        return 1;
    }
    for (;;) {
        if (p == s.end) {
            return PYHTTP_INCOMPLETE;
        }
        if (*p == '\r') {
            return read_crlf(p, s, &err) != NULL ? 1 : err;
        }
        p = read_field(p, s, &field, &err);
        if (p == NULL) {
            return err;
        }
    }
}

#define LOOK_AHEAD(seen)                                                                           \
    if ((seen) != 0) {                                                                             \
        int verdict = look_ahead(buf, s, (seen));                                                  \
        if (verdict != 1) {                                                                        \
            return verdict;                                                                        \
        }                                                                                          \
    }

SCAN_TARGET static int TIER_FN(parse_request)(const char *buf, size_t len, const char **method,
                                              size_t *method_len, const char **target,
                                              size_t *target_len, int *minor_version,
                                              pyhttp_header *headers, size_t *num_headers,
                                              size_t last_len)
{
    NARROWER(len, parse_request(buf, len, method, method_len, target, target_len, minor_version,
                                headers, num_headers, last_len))
    if (len > INT_MAX) {
        len = INT_MAX;
    }
    const span s = make_span(buf, len);
    int err = 0, minor = 0;
    size_t found = 0;
    LOOK_AHEAD(last_len)
    const char *space = scan_token(buf, s.end, s.last);
    if (space == s.end) {
        return PYHTTP_INCOMPLETE;
    }
    if (*space != ' ' || space == buf) {
        return PYHTTP_BAD;
    }
    const char *uri = space + 1;
    const char *stop = scan_target(uri, s.end, s.last);
    if (stop == s.end) {
        return PYHTTP_INCOMPLETE;
    }
    if (*stop != ' ' || stop == uri) {
        return *stop == ' ' || *stop == '\r' || *stop == '\n' ? PYHTTP_BAD : PYHTTP_BAD_TARGET;
    }
    const char *p = read_version(stop + 1, s, &minor, &err);
    if (p == NULL || (p = read_crlf(p, s, &err)) == NULL ||
        (p = read_fields(p, s, headers, *num_headers, &found, &err)) == NULL) {
        return err;
    }
    *method = buf;
    *method_len = (size_t)(space - buf);
    *target = uri;
    *target_len = (size_t)(stop - uri);
    *minor_version = minor;
    *num_headers = found;
    return (int)(p - buf);
}

/* Read SP 3DIGIT SP of a status line. Returns the reason, or NULL with *err set. */
SCAN_FN const char *read_status(const char *p, span s, int *status, int *err)
{
    int code = 0;
    for (int i = 0; i < 5; i++, p++) {
        if (p == s.end) {
            FAIL(PYHTTP_INCOMPLETE);
        }
        if (i == 0 || i == 4) {
            if (*p != ' ') {
                FAIL(PYHTTP_BAD);
            }
        } else if (*p < (i == 1 ? '1' : '0') || *p > '9') {
            FAIL(PYHTTP_BAD);
        } else {
            code = code * 10 + (*p - '0');
        }
    }
    *status = code;
    return p;
}

SCAN_TARGET static int TIER_FN(parse_response)(const char *buf, size_t len, int *minor_version,
                                               int *status, const char **reason, size_t *reason_len,
                                               pyhttp_header *headers, size_t *num_headers,
                                               size_t last_len)
{
    NARROWER(len, parse_response(buf, len, minor_version, status, reason, reason_len, headers,
                                 num_headers, last_len))
    if (len > INT_MAX) {
        len = INT_MAX;
    }
    const span s = make_span(buf, len);
    int err = 0, minor = 0, code = 0;
    size_t found = 0;
    LOOK_AHEAD(last_len)
    const char *text = read_version(buf, s, &minor, &err);
    if (text == NULL || (text = read_status(text, s, &code, &err)) == NULL) {
        return err;
    }
    const char *stop = scan_value(text, s.end, s.last);
    const char *p = read_crlf(stop, s, &err);
    if (p == NULL || (p = read_fields(p, s, headers, *num_headers, &found, &err)) == NULL) {
        return err;
    }
    *minor_version = minor;
    *status = code;
    *reason = text;
    *reason_len = (size_t)(stop - text);
    *num_headers = found;
    return (int)(p - buf);
}

SCAN_TARGET static int TIER_FN(parse_headers)(const char *buf, size_t len, pyhttp_header *headers,
                                              size_t *num_headers, size_t last_len)
{
    NARROWER(len, parse_headers(buf, len, headers, num_headers, last_len))
    if (len > INT_MAX) {
        len = INT_MAX;
    }
    const span s = make_span(buf, len);
    int err = 0;
    size_t found = 0;
    LOOK_AHEAD(last_len)
    const char *p = read_fields(buf, s, headers, *num_headers, &found, &err);
    if (p == NULL) {
        return err;
    }
    *num_headers = found;
    return (int)(p - buf);
}

const pyhttp_tier JOIN(pyhttp_tier, TIER_NAME) = {
    TEXT(TIER_NAME),
    TIER_FN(parse_request),
    TIER_FN(parse_response),
    TIER_FN(parse_headers),
};

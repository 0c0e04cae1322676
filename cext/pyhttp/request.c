/* Request line, status line and header block, in plain C: the grammar as this library understands it.
 *
 * Everything is read strictly from left to right and given up at the first byte that cannot belong to
 * a valid head, so the answer to a prefix never depends on what follows it.
 */
#include <limits.h>
#include <string.h>

#include "internal.h"
#include "tables.h"

#define FAIL(code)                                                                                 \
    do {                                                                                           \
        *err = (code);                                                                             \
        return NULL;                                                                               \
    } while (0)

#define IS(c, class) ((pyhttp_class[(uint8_t)(c)] & (class)) != 0)

/* The first byte at or after p that is not of the class, or `end`. Unrolled: this is the inner loop. */
static inline const char *skip(const char *p, const char *end, uint8_t class)
{
    for (; end - p >= 4; p += 4) {
        if (!IS(p[0], class)) {
            return p;
        }
        if (!IS(p[1], class)) {
            return p + 1;
        }
        if (!IS(p[2], class)) {
            return p + 2;
        }
        if (!IS(p[3], class)) {
            return p + 3;
        }
    }
    while (p < end && IS(*p, class)) {
        p++;
    }
    return p;
}

static inline int is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* Read CRLF at p. Returns what follows it, or NULL with *err set; so do all the others. */
static inline const char *read_crlf(const char *p, const char *end, int *err)
{
    if (end - p >= 2 && p[0] == '\r' && p[1] == '\n') {
        return p + 2;
    }
    FAIL(p == end || (end - p == 1 && *p == '\r') ? PYHTTP_INCOMPLETE : PYHTTP_BAD);
}

/* What is wrong with the HTTP-version at p. */
static const char *version_fault(const char *p, const char *end, int *err)
{
    static const char want[] = "HTTP/1.0"; /* a digit here stands for any */
    for (size_t i = 0; i < sizeof(want) - 1; i++, p++) {
        if (p == end) {
            FAIL(PYHTTP_INCOMPLETE);
        }
        if (i == 5 || i == 7) {
            if (*p < '0' || *p > '9') {
                FAIL(PYHTTP_BAD);
            }
            if (*p != '1' && *p != want[i]) {
                FAIL(PYHTTP_BAD_VERSION);
            }
        } else if (*p != want[i]) {
            FAIL(PYHTTP_BAD);
        }
    }
    FAIL(PYHTTP_BAD);
}

/* Read HTTP-version (RFC 9112 2.3) at p. */
static inline const char *read_version(const char *p, const char *end, int *minor, int *err)
{
    if (end - p >= 8 && memcmp(p, "HTTP/1.", 7) == 0 && (p[7] == '0' || p[7] == '1')) {
        *minor = p[7] - '0';
        return p + 8;
    }
    return version_fault(p, end, err);
}

/* Read a request line (RFC 9112 3) up to the target: method SP target SP. */
static const char *read_target(const char *buf, const char *end, const char **space,
                               const char **target, int *err)
{
    const char *p = skip(buf, end, PYHTTP_C_TOKEN);
    if (p == end) {
        FAIL(PYHTTP_INCOMPLETE);
    }
    if (*p != ' ' || p == buf) {
        FAIL(PYHTTP_BAD);
    }
    *space = p++;
    *target = p;
    p = skip(p, end, PYHTTP_C_TARGET);
    if (p == end) {
        FAIL(PYHTTP_INCOMPLETE);
    }
    if (*p == '\r' || *p == '\n' || (*p == ' ' && p == *target)) {
        FAIL(PYHTTP_BAD);
    }
    if (*p != ' ') {
        FAIL(PYHTTP_BAD_TARGET);
    }
    return p + 1;
}

/* Read SP 3DIGIT SP of a status line (RFC 9112 4). */
static const char *read_status(const char *p, const char *end, int *status, int *err)
{
    int code = 0;
    for (int i = 0; i < 5; i++, p++) {
        if (p == end) {
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

/* Read a field line (RFC 9112 5). */
static const char *read_field(const char *p, const char *end, pyhttp_header *field, int *err)
{
    const char *colon = skip(p, end, PYHTTP_C_TOKEN);
    if (colon == end) {
        FAIL(PYHTTP_INCOMPLETE);
    }
    if (*colon != ':' || colon == p) {
        FAIL(PYHTTP_BAD); /* empty name, folded line, white space before the colon */
    }
    const char *value = colon + 1;
    const char *stop = skip(value, end, PYHTTP_C_VALUE);
    const char *next = read_crlf(stop, end, err);
    while (value < stop && is_space(*value)) {
        value++;
    }
    while (value < stop && is_space(stop[-1])) {
        stop--;
    }
    field->name = p;
    field->name_len = (size_t)(colon - p);
    field->value = value;
    field->value_len = (size_t)(stop - value);
    return next;
}

/* Read field lines and the empty line. */
static const char *read_fields(const char *p, const char *end, pyhttp_header *fields, size_t room,
                               size_t *found, int *err)
{
    for (size_t n = 0; p < end; n++) {
        if (*p == '\r') {
            *found = n;
            return read_crlf(p, end, err);
        }
        if (n == room) {
            FAIL(PYHTTP_TOO_MANY);
        }
        p = read_field(p, end, &fields[n], err);
        if (p == NULL) {
            return NULL;
        }
    }
    FAIL(PYHTTP_INCOMPLETE);
}

int pyhttp_look_ahead(const char *buf, size_t len, size_t seen)
{
    const char *end = buf + len;
    const char *p = buf + (seen < len ? seen : len);
    pyhttp_header field;
    int err = PYHTTP_INCOMPLETE;
    while (p > buf && p[-1] != '\n') {
        p--;
    }
    if (p == buf) {
        return 1;
    }
    while (p != NULL && p < end) {
        if (*p == '\r') {
            return read_crlf(p, end, &err) != NULL ? 1 : err;
        }
        p = read_field(p, end, &field, &err);
    }
    return err;
}

/* What the three parsers begin with: an empty buffer may be NULL, and a head of more than INT_MAX bytes
 * could not be told in the result. */
#define BEGIN                                                                                      \
    int err = 0;                                                                                   \
    if (len == 0) {                                                                                \
        return PYHTTP_INCOMPLETE;                                                                  \
    }                                                                                              \
    if (len > INT_MAX) {                                                                           \
        len = INT_MAX;                                                                             \
    }                                                                                              \
    if (last_len != 0 && (err = pyhttp_look_ahead(buf, len, last_len)) != 1) {                     \
        return err;                                                                                \
    }                                                                                              \
    const char *const end = buf + len;                                                             \
    size_t found = 0;

int pyhttp_request_scalar(const char *buf, size_t len, const char **method, size_t *method_len,
                          const char **target, size_t *target_len, int *minor_version,
                          pyhttp_header *headers, size_t *num_headers, size_t last_len)
{
    BEGIN
    const char *space, *uri, *version, *p;
    int minor = 0;
    if ((version = read_target(buf, end, &space, &uri, &err)) == NULL ||
        (p = read_version(version, end, &minor, &err)) == NULL ||
        (p = read_crlf(p, end, &err)) == NULL ||
        (p = read_fields(p, end, headers, *num_headers, &found, &err)) == NULL) {
        return err;
    }
    *method = buf;
    *method_len = (size_t)(space - buf);
    *target = uri;
    *target_len = (size_t)(version - 1 - uri);
    *minor_version = minor;
    *num_headers = found;
    return (int)(p - buf);
}

int pyhttp_parse_response(const char *buf, size_t len, int *minor_version, int *status,
                          const char **reason, size_t *reason_len, pyhttp_header *headers,
                          size_t *num_headers, size_t last_len)
{
    BEGIN
    const char *text, *stop, *p;
    int minor = 0, code = 0;
    if ((p = read_version(buf, end, &minor, &err)) == NULL ||
        (text = read_status(p, end, &code, &err)) == NULL ||
        (p = read_crlf(stop = skip(text, end, PYHTTP_C_VALUE), end, &err)) == NULL ||
        (p = read_fields(p, end, headers, *num_headers, &found, &err)) == NULL) {
        return err;
    }
    *minor_version = minor;
    *status = code;
    *reason = text;
    *reason_len = (size_t)(stop - text);
    *num_headers = found;
    return (int)(p - buf);
}

int pyhttp_parse_headers(const char *buf, size_t len, pyhttp_header *headers, size_t *num_headers,
                         size_t last_len)
{
    BEGIN
    const char *p = read_fields(buf, end, headers, *num_headers, &found, &err);
    if (p == NULL) {
        return err;
    }
    *num_headers = found;
    return (int)(p - buf);
}

/* The request parser on vectors. Included once per instruction set by request_<set>.c, which names the
 * set for scan.h and the function in PYHTTP_REQUEST.
 *
 * It accepts the heads it is sure of and hands everything else (errors, heads that are incomplete, and
 * rare shapes) to pyhttp_request_scalar, which alone decides about them.
 *
 * Why it is fast: finding a line's end by scanning from its beginning makes each line wait for the one
 * before. Here the control bytes of whole vectors are found first, as bits, whatever the lines are. A
 * valid head has no other control bytes than its CRLFs (and HTAB), so the bits are the line ends, and
 * lines are worked on side by side by the CPU.
 *
 * No byte outside the buffer is read: bytes nearer to the end than a vector is long are read by
 * loading the last whole vector of the buffer and dropping the bytes in front.
 */
#include <limits.h>
#include <string.h>

#include "internal.h"
#include "scan.h"

/* From the SP behind the method to the end of the line, when the target is one byte. */
#define SHORTEST ((ptrdiff_t)sizeof(" / HTTP/1.1") - 1)

#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* The buffer, where its last whole vector starts, and where the final CRLF CRLF can start at most. */
typedef struct {
    const char *end;
    const char *last;
    const char *last_line;
} span;

/* Control bytes still to come: the bits of the vector at `base`. */
typedef struct {
    const char *base;
    scan_mask bits;
} stops;

/* Bits of `test` for the vector at p < s.end; bytes behind the end give none. */
#define MASK_AT(test, p, s)                                                                        \
    (UNLIKELY((p) > (s).last) ? scan_skip(test(scan_load((s).last)), (size_t)((p) - (s).last))     \
                              : test(scan_load(p)))

/* Take the next control byte, or `end` when there is none. */
SCAN_FN const char *next_stop(stops *left, span s)
{
    while (left->bits == 0) {
        left->base += SCAN_WIDTH;
        if (left->base >= s.end) {
            return s.end;
        }
        left->bits = MASK_AT(scan_control, left->base, s);
    }
    const char *stop = left->base + scan_first(left->bits);
    left->bits &= left->bits - 1;
    return stop;
}

/* Drop the LF of the CRLF whose CR was taken last. */
SCAN_FN void drop_lf(stops *left, span s)
{
    if (UNLIKELY(left->bits == 0)) { /* the CR was the last byte of its vector */
        left->base += SCAN_WIDTH;
        left->bits = MASK_AT(scan_control, left->base, s);
    }
    left->bits &= left->bits - 1;
}

/* Whether CRLF stands at p, with enough behind it for a head to end there. */
SCAN_FN int is_line_end(const char *p, span s)
{
    return p <= s.last_line && memcmp(p, "\r\n", 2) == 0;
}

/* The colon behind the token at p < s.end, or NULL when there is none. */
SCAN_FN const char *find_colon(const char *p, span s)
{
    scan_mask mask = MASK_AT(scan_no_token, p, s);
    const char *colon;
    if (UNLIKELY(mask == 0)) { /* names this long are too rare for a loop of vectors */
        colon = p + SCAN_WIDTH;
        while (colon < s.end && (pyhttp_class[(uint8_t)*colon] & PYHTTP_C_TOKEN) != 0) {
            colon++;
        }
        if (colon >= s.end) {
            return NULL;
        }
    } else {
        colon = p + scan_first(mask);
    }
    return *colon == ':' && colon != p ? colon : NULL;
}

SCAN_FN int is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* Store a field whose value, white space included, is between the colon and the CR at `stop`. */
SCAN_FN void store_field(pyhttp_header *field, const char *name, const char *colon, const char *stop)
{
    const char *value = colon + 1;
    value += *value == ' ';
    if (UNLIKELY((uint8_t)*value <= ' ' || (uint8_t)stop[-1] <= ' ')) {
        while (value < stop && is_space(*value)) {
            value++;
        }
        while (value < stop && is_space(stop[-1])) {
            stop--;
        }
    }
    field->name = name;
    field->name_len = (size_t)(colon - name);
    field->value = value;
    field->value_len = (size_t)(stop - value);
}

/* Read the field lines behind the line end at `stop`, up to the empty line. Returns the end of the
 * head, or NULL when it takes more than this to read it. */
SCAN_FN const char *read_fields(const char *stop, stops *left, span s, pyhttp_header *fields,
                                size_t *count)
{
    pyhttp_header *field = fields, *room = fields + *count;
    while (memcmp(stop + 2, "\r\n", 2) != 0) {
        const char *line = stop + 2;
        const char *colon = find_colon(line, s);
        if (colon == NULL || field == room) {
            return NULL;
        }
        drop_lf(left, s);
        stop = next_stop(left, s);
        while (!is_line_end(stop, s)) {
            if (stop > s.last_line || *stop != '\t') {
                return NULL;
            }
            stop = next_stop(left, s);
        }
        store_field(field++, line, colon, stop);
    }
    *count = (size_t)(field - fields);
    return stop + 4;
}

/* The first byte at or after p < s.end that is not visible ASCII or DEL, or `end`. */
SCAN_FN const char *find_no_visible(const char *p, span s)
{
    do {
        scan_mask mask = MASK_AT(scan_no_visible, p, s);
        if (mask != 0) {
            return p + scan_first(mask);
        }
        p += SCAN_WIDTH;
    } while (p < s.end);
    return s.end;
}

SCAN_TARGET int PYHTTP_REQUEST(const char *buf, size_t len, const char **method, size_t *method_len,
                               const char **target, size_t *target_len, int *minor_version,
                               pyhttp_header *headers, size_t *num_headers, size_t last_len)
{
    if (len >= SCAN_WIDTH && len <= INT_MAX) {
        const span s = {buf + len, buf + len - SCAN_WIDTH, buf + len - 4};
        stops left = {buf, scan_control(scan_load(buf))};
        size_t space = scan_end(scan_no_token(scan_load(buf)));
        const char *stop = next_stop(&left, s);
        const char *version = stop - 8; /* looked at only if the line is long enough */
        if (space < SCAN_WIDTH && space > 0 && buf[space] == ' ' &&
            stop - buf >= (ptrdiff_t)space + SHORTEST && version[-1] == ' ' &&
            memcmp(version, "HTTP/1.", 7) == 0 && (version[7] == '0' || version[7] == '1') &&
            find_no_visible(buf + space + 1, s) == version - 1 && is_line_end(stop, s)) {
            *method = buf;
            *method_len = space;
            *target = buf + space + 1;
            *target_len = (size_t)(version - 1 - *target);
            *minor_version = version[7] - '0';
            const char *end = read_fields(stop, &left, s, headers, num_headers);
            if (end != NULL) {
                return (int)(end - buf);
            }
        }
    }
    return pyhttp_request_scalar(buf, len, method, method_len, target, target_len, minor_version,
                                 headers, num_headers, last_len);
}

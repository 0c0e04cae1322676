/* pyhttp: a strict HTTP/1.1 tokeniser. The whole C API.
 *
 * Rules of the house: memory belongs to the caller, nothing is allocated, nothing is called back, no
 * byte outside [buf, buf + len) is read, and every function is re-entrant. Grammar: RFC 9110 section 5
 * and RFC 9112 sections 2-7, without any of their optional leniencies: a line ends with CRLF and with
 * nothing else. This library finds tokens; what a message means (Host, Content-Length, ...) is for its
 * caller to decide.
 *
 * The part between the two `cffi:` marks is what build_ffi.py hands to cffi, so keep macros out of it.
 */
#ifndef PYHTTP_H
#define PYHTTP_H

#include <stddef.h>
#include <stdint.h>

/* cffi: begin */
enum {
    PYHTTP_DONE = 1,         /* pyhttp_decode_chunked: the whole body, trailers included, was read */
    PYHTTP_BAD = -1,         /* breaks the grammar; no further byte can mend it */
    PYHTTP_INCOMPLETE = -2,  /* a valid beginning: call again with more bytes */
    PYHTTP_TOO_MANY = -3,    /* more headers than the array holds; chunked: a limit was passed */
    PYHTTP_BAD_VERSION = -4, /* well-formed HTTP version, but neither 1.0 nor 1.1 */
    PYHTTP_BAD_TARGET = -5   /* control or non-ASCII byte in the request target */
};

/* One header line. Both parts point into the parsed buffer; the value has its white space trimmed. */
typedef struct {
    const char *name;
    size_t name_len;
    const char *value;
    size_t value_len;
} pyhttp_header;

/* State of one chunked body. All zero is the start. The max_* fields are the caller's to set;
 * zero means the default named beside each. Everything else is the decoder's own, but may be read. */
typedef struct {
    uint64_t bytes_left;        /* data bytes of the current chunk that are still to come */
    uint32_t max_ext;           /* extension bytes in one chunk line (default 4096) */
    uint32_t max_ext_total;     /* extension bytes not yet balanced by body bytes (default 16384) */
    uint32_t max_trailer;       /* bytes of the trailer section (default 8192) */
    uint32_t max_trailer_lines; /* fields in the trailer section (default 100) */
    uint32_t ext;               /* extension bytes in the current chunk line */
    uint32_t ext_total;         /* sum of ext over chunks, less one for each byte of body */
    uint32_t trailer;           /* bytes of the trailer section so far */
    uint32_t trailer_lines;     /* trailer fields so far */
    uint8_t state;              /* where in the grammar the next byte stands */
    uint8_t digits;             /* hex digits of the chunk size read so far */
} pyhttp_chunked;

/* Parse the head of a request.
 *
 *   last_len     0, or the `len` of an earlier call on the same bytes that returned
 *                PYHTTP_INCOMPLETE: then only the last unfinished line is read again.
 *   num_headers  in: room in `headers`; out: headers found.
 *
 * Returns the number of bytes of the head, final CRLF CRLF included, or a negative code. Any prefix
 * of a valid head is PYHTTP_INCOMPLETE; anything else is an error as soon as the first wrong byte is
 * there. After anything but success num_headers is as it was, and the other outputs are undefined.
 * Empty lines before the request line are not skipped. With last_len, PYHTTP_TOO_MANY is noticed only
 * once the head is complete. At most INT_MAX bytes are looked at. */
int pyhttp_parse_request(const char *buf, size_t len, const char **method, size_t *method_len,
                         const char **target, size_t *target_len, int *minor_version,
                         pyhttp_header *headers, size_t *num_headers, size_t last_len);

/* Parse the head of a response; as pyhttp_parse_request. The reason may be empty. */
int pyhttp_parse_response(const char *buf, size_t len, int *minor_version, int *status,
                          const char **reason, size_t *reason_len, pyhttp_header *headers,
                          size_t *num_headers, size_t last_len);

/* Parse header lines up to and including the empty line; as pyhttp_parse_request. */
int pyhttp_parse_headers(const char *buf, size_t len, pyhttp_header *headers, size_t *num_headers,
                         size_t last_len);

/* Decode a piece of a chunked body from src to dst. dst may be src itself (decode in place) or any
 * other buffer with room for len bytes.
 *
 *   consumed  bytes of src used up; what follows the body starts at src + consumed
 *   decoded   bytes of body written to dst
 *
 * Returns PYHTTP_DONE, PYHTTP_INCOMPLETE (all of src was consumed), PYHTTP_BAD, or PYHTTP_TOO_MANY
 * when a limit of `d` was passed. Both outputs are always written; after an error `consumed` tells
 * the offending byte. Extensions and trailers are checked, limited and dropped. Each byte is moved at
 * most once. A decoder that has finished or failed must not be used again. */
int pyhttp_decode_chunked(pyhttp_chunked *d, const char *src, size_t len, char *dst, size_t *consumed,
                          size_t *decoded);

/* Hash of the layout of the structs above and of PYHTTP_API_VERSION, as compiled into the library. */
uint64_t pyhttp_abi(void);

/* Name of the scanner in use: "scalar", "neon", "sse42" or "avx2". */
const char *pyhttp_scanner(void);

/* Use the named scanner from now on. For tests and benchmarks: not thread-safe. Returns 1, or 0 when
 * this CPU or build does not have it. */
int pyhttp_use_scanner(const char *name);
/* cffi: end */

/* Pointer types of the functions above, for callers that get them by address. */
typedef int (*pyhttp_parse_request_t)(const char *, size_t, const char **, size_t *, const char **,
                                      size_t *, int *, pyhttp_header *, size_t *, size_t);
typedef int (*pyhttp_parse_response_t)(const char *, size_t, int *, int *, const char **, size_t *,
                                       pyhttp_header *, size_t *, size_t);
typedef int (*pyhttp_parse_headers_t)(const char *, size_t, pyhttp_header *, size_t *, size_t);
typedef int (*pyhttp_decode_chunked_t)(pyhttp_chunked *, const char *, size_t, char *, size_t *,
                                       size_t *);
typedef uint64_t (*pyhttp_abi_t)(void);

/* Add one whenever a signature or the meaning of a field or code changes. */
#define PYHTTP_API_VERSION 1u

#define PYHTTP_MIX_(hash, x) (((hash) ^ (uint64_t)(x)) * UINT64_C(1099511628211))
#define PYHTTP_ABI                                                                                 \
    PYHTTP_MIX_(PYHTTP_MIX_(PYHTTP_MIX_(PYHTTP_MIX_(PYHTTP_MIX_(PYHTTP_MIX_(PYHTTP_MIX_(           \
        PYHTTP_MIX_(UINT64_C(14695981039346656037), PYHTTP_API_VERSION),                           \
        sizeof(pyhttp_header)), offsetof(pyhttp_header, value_len)), sizeof(pyhttp_chunked)),      \
        offsetof(pyhttp_chunked, max_ext)), offsetof(pyhttp_chunked, ext)),                        \
        offsetof(pyhttp_chunked, state)), sizeof(size_t))

#endif

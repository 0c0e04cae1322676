/* What the files of the library share. Private. */
#ifndef PYHTTP_INTERNAL_H
#define PYHTTP_INTERNAL_H

#include "pyhttp.h"

/* request.c: the grammar in plain C. The vector versions accept what they are sure of, with the same
 * result, and leave everything else to these. */
int pyhttp_request_scalar(const char *buf, size_t len, const char **method, size_t *method_len,
                          const char **target, size_t *target_len, int *minor_version,
                          pyhttp_header *headers, size_t *num_headers, size_t last_len);

/* Whether a head whose first `seen` bytes were incomplete is worth reading as a whole: reads on from
 * the start of the line that was cut. Returns 1 for yes, or the code to answer with. */
int pyhttp_look_ahead(const char *buf, size_t len, size_t seen);

/* MSVC has no target attribute; it gets plain C. */
#if (defined(__GNUC__) || defined(__clang__)) && (defined(__x86_64__) || defined(__i386__))
#define PYHTTP_X86 1
int pyhttp_request_sse42(const char *buf, size_t len, const char **method, size_t *method_len,
                         const char **target, size_t *target_len, int *minor_version,
                         pyhttp_header *headers, size_t *num_headers, size_t last_len);
int pyhttp_request_avx2(const char *buf, size_t len, const char **method, size_t *method_len,
                        const char **target, size_t *target_len, int *minor_version,
                        pyhttp_header *headers, size_t *num_headers, size_t last_len);
#elif (defined(__GNUC__) || defined(__clang__)) && defined(__aarch64__) && defined(__ARM_NEON)
#define PYHTTP_NEON 1
int pyhttp_request_neon(const char *buf, size_t len, const char **method, size_t *method_len,
                        const char **target, size_t *target_len, int *minor_version,
                        pyhttp_header *headers, size_t *num_headers, size_t last_len);
#endif

#endif

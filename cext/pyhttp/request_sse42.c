/* The request parser for SSE4.2. Empty on other machines. */
#include "internal.h"

#ifdef PYHTTP_X86
#define SCAN_SSE42
#define PYHTTP_REQUEST pyhttp_request_sse42
#include "request_simd.h"
#else
typedef int pyhttp_no_sse42; /* a translation unit may not be empty */
#endif

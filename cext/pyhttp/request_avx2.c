/* The request parser for AVX2. Empty on other machines. */
#include "internal.h"

#ifdef PYHTTP_X86
#define SCAN_AVX2
#define PYHTTP_REQUEST pyhttp_request_avx2
#include "request_simd.h"
#else
typedef int pyhttp_no_avx2; /* a translation unit may not be empty */
#endif

/* The request parser for NEON. Empty on other machines. */
#include "internal.h"

#ifdef PYHTTP_NEON
#define SCAN_NEON
#define PYHTTP_REQUEST pyhttp_request_neon
#include "request_simd.h"
#else
typedef int pyhttp_no_neon; /* a translation unit may not be empty */
#endif

/* request.c for the SSE42 instruction set. Empty on other machines. */
#include "tiers.h"

#ifdef PYHTTP_X86
#define PYHTTP_TIER PYHTTP_TIER_SSE42
#define TIER_NAME sse42
#define TIER_NARROWER scalar
#include "request.c"
#else
typedef int pyhttp_no_sse42; /* a translation unit may not be empty */
#endif

/* request.c for the AVX2 instruction set. Empty on other machines. */
#include "tiers.h"

#ifdef PYHTTP_X86
#define PYHTTP_TIER PYHTTP_TIER_AVX2
#define TIER_NAME avx2
#define TIER_NARROWER sse42
#include "request.c"
#else
typedef int pyhttp_no_avx2; /* a translation unit may not be empty */
#endif

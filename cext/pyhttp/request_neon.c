/* request.c for the NEON instruction set. Empty on other machines. */
#include "tiers.h"

#ifdef PYHTTP_NEON
#define PYHTTP_TIER PYHTTP_TIER_NEON
#define TIER_NAME neon
#define TIER_NARROWER scalar
#include "request.c"
#else
typedef int pyhttp_no_neon; /* a translation unit may not be empty */
#endif

/* SF_DEBUG turns on the asserts of the compiled core; release builds drop them. */
#ifndef SF_DEBUG
#define SF_DEBUG 0
#endif

"""Coarse time for timeouts and the cached `Date` value.

Both read the kernel's coarse clock (a few nanoseconds, 1-4 ms resolution), so stamping a
connection on each read needs neither a call into the loop nor a timer of its own.
"""

from libc.time cimport time_t, tm
from sanic_fast._core.clock cimport HTTP_DATE_LEN

cdef extern from *:
    """
    #include <time.h>
    #ifdef CLOCK_MONOTONIC_COARSE
    #define SF_MONOTONIC CLOCK_MONOTONIC_COARSE
    #define SF_REALTIME CLOCK_REALTIME_COARSE
    #else
    #define SF_MONOTONIC CLOCK_MONOTONIC
    #define SF_REALTIME CLOCK_REALTIME
    #endif
    static double sf_monotonic(void) {
        struct timespec ts;
        clock_gettime(SF_MONOTONIC, &ts);
        return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
    }
    static double sf_precise(void) {
        struct timespec ts;
        clock_gettime(CLOCK_MONOTONIC, &ts);
        return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
    }
    static time_t sf_realtime(void) {
        struct timespec ts;
        clock_gettime(SF_REALTIME, &ts);
        return ts.tv_sec;
    }
    """
    double sf_monotonic() noexcept nogil
    double sf_precise() noexcept nogil
    time_t sf_realtime() noexcept nogil

cdef extern from "time.h" nogil:
    tm* gmtime_r(const time_t* when, tm* out)

cdef extern from "stdio.h" nogil:
    int snprintf(char* out, size_t size, const char* form, ...)

cdef time_t cached_second = -1
cdef char cached_date[64]
cdef const char** DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
cdef const char** MONTHS = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
]


cdef double now() noexcept nogil:
    """Monotonic seconds; never runs backwards."""
    return sf_monotonic()


cdef double precise() noexcept nogil:
    """Monotonic seconds at full resolution, for durations that people read."""
    return sf_precise()


cdef const char* http_date() noexcept:
    """The IMF-fixdate of this second (RFC 9110 5.6.7), 29 bytes, formatted once a second."""
    global cached_second
    cdef time_t second = sf_realtime()
    cdef tm parts
    if second != cached_second:
        gmtime_r(&second, &parts)
        snprintf(
            cached_date, sizeof(cached_date), "%s, %02d %s %04d %02d:%02d:%02d GMT",
            DAYS[parts.tm_wday], parts.tm_mday, MONTHS[parts.tm_mon], parts.tm_year + 1900,
            parts.tm_hour, parts.tm_min, parts.tm_sec,
        )
        cached_second = second
    return cached_date


cdef object http_date_str():
    return http_date()[:HTTP_DATE_LEN].decode("ascii")


def monotonic() -> float:
    """Seconds of the coarse monotonic clock that all connection timeouts use."""
    return now()


def date_header() -> str:
    """The value of a `Date` header written now."""
    return http_date_str()

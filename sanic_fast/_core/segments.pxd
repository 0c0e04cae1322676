"""What one path segment must look like for each parameter type, on raw bytes.

Two readings exist. `cast_*`: would the Python cast take it (routes matched segment by segment).
`form_*`: does it match the type's regular expression (routes that are matched as one expression,
and `url_for`). Where bytes alone cannot tell, MAYBE sends the caller to Python.
"""

from sanic_fast._core.bytes_ cimport hex_value, is_alpha, is_digit, is_lower_alnum

cdef enum Kind:
    K_STR = 0
    K_STROREMPTY = 1
    K_INT = 2
    K_FLOAT = 3
    K_ALPHA = 4
    K_SLUG = 5
    K_UUID = 6
    K_YMD = 7
    K_EXT = 8
    K_CAST = 9       # a registered type: `Edge.object` is its cast
    K_REGEX = 10     # `Edge.object` is the compiled expression
    K_PATH = 11      # any number of segments
    K_LITERAL = 12
    K_RAW = 13       # a value that needs no cast: plain text
    K_FORM = 14      # a registered type in a route matched as one expression

cdef enum Answer:
    NO = 0
    YES = 1
    MAYBE = 2


cdef inline Answer cast_int(const char* p, Py_ssize_t n) noexcept nogil:
    """An optional sign and up to 18 digits is certain; `1_0` and longer ones are for `int()`."""
    cdef Py_ssize_t i = 0
    cdef bint plain = True
    if n > 0 and (p[0] == c'-' or p[0] == c'+'):
        i = 1
    if i == n:
        return NO
    while i < n:
        if not is_digit(p[i]):
            if is_alpha(p[i]) or p[i] == c'-' or p[i] == c'+' or p[i] == c'.' or p[i] == c'%':
                return NO
            plain = False
        i += 1
    return YES if plain and n <= 18 else MAYBE


cdef inline Answer cast_float(const char* p, Py_ssize_t n) noexcept nogil:
    """Sort out what `float()` cannot take: it knows digits, `+-._e`, `inf`, `nan`, `infinity`."""
    cdef Py_ssize_t i
    cdef char c
    if n == 0:
        return NO
    for i in range(n):
        c = p[i]
        if is_alpha(c):
            c = c | 0x20
            if not (c == c'e' or c == c'i' or c == c'n' or c == c'f' or c == c'a' or c == c't'
                    or c == c'y'):
                return NO
        elif c == c'%':
            return NO
    return MAYBE


cdef inline Answer cast_alpha(const char* p, Py_ssize_t n) noexcept nogil:
    """ASCII letters; letters of other scripts are for `str.isalpha()`."""
    cdef Py_ssize_t i
    cdef Answer answer = YES
    if n == 0:
        return NO
    for i in range(n):
        if not is_alpha(p[i]):
            if not <unsigned char>p[i] & 0x80:
                return NO
            answer = MAYBE
    return answer


cdef inline bint form_slug(const char* p, Py_ssize_t n) noexcept nogil:
    cdef Py_ssize_t i
    if n == 0 or p[0] == c'-' or p[n - 1] == c'-':
        return False
    for i in range(n):
        if not is_lower_alnum(p[i]) and (p[i] != c'-' or p[i - 1] == c'-'):
            return False
    return True


cdef inline bint form_uuid(const char* p, Py_ssize_t n) noexcept nogil:
    """The 8-4-4-4-12 form."""
    cdef Py_ssize_t i
    if n != 36:
        return False
    for i in range(n):
        if i == 8 or i == 13 or i == 18 or i == 23:
            if p[i] != c'-':
                return False
        elif hex_value(p[i]) < 0:
            return False
    return True


cdef inline Answer cast_uuid(const char* p, Py_ssize_t n) noexcept nogil:
    """`uuid.UUID()` also takes braces, `urn:uuid:` and any dashes: at least 32 bytes."""
    if form_uuid(p, n):
        return YES
    return MAYBE if n >= 32 else NO


cdef inline Answer cast_ymd(const char* p, Py_ssize_t n) noexcept nogil:
    """`strptime` takes four digits, then one or two and one or two."""
    return MAYBE if n >= 8 and p[4] == c'-' else NO


cdef inline bint cast_ext(const char* p, Py_ssize_t n) noexcept nogil:
    """At least one dot, and no empty piece around the dots."""
    cdef Py_ssize_t i
    cdef bint dotted = False
    if n == 0 or p[0] == c'.' or p[n - 1] == c'.':
        return False
    for i in range(1, n):
        if p[i] == c'.':
            if p[i - 1] == c'.':
                return False
            dotted = True
    return dotted


cdef inline bint form_int(const char* p, Py_ssize_t n) noexcept nogil:
    cdef Py_ssize_t i = 1 if n > 0 and p[0] == c'-' else 0
    if i == n:
        return False
    while i < n:
        if not is_digit(p[i]):
            return False
        i += 1
    return True


cdef inline bint form_float(const char* p, Py_ssize_t n) noexcept nogil:
    cdef Py_ssize_t i = 1 if n > 0 and p[0] == c'-' else 0
    cdef int digits = 0, dots = 0
    while i < n:
        if p[i] == c'.':
            dots += 1
        elif is_digit(p[i]):
            digits = 1
        else:
            return False
        i += 1
    return digits == 1 and dots <= 1


cdef inline bint form_alpha(const char* p, Py_ssize_t n) noexcept nogil:
    return cast_alpha(p, n) == YES


cdef inline bint form_ext(const char* p, Py_ssize_t n) noexcept nogil:
    """`[^/]+\\.[a-z0-9](?:[a-z0-9.]*[a-z0-9])?`: a tail of such characters behind some dot."""
    cdef Py_ssize_t i = n - 1
    if n < 3 or not is_lower_alnum(p[n - 1]):
        return False
    while i >= 1:
        if p[i] == c'.' and is_lower_alnum(p[i + 1]):
            return True
        if not is_lower_alnum(p[i]) and p[i] != c'.':
            return False
        i -= 1
    return False


cdef inline bint form(int kind, const char* p, Py_ssize_t n) noexcept nogil:
    """Does the segment match the expression of a built-in type?"""
    if kind == K_STR:
        return n > 0
    if kind == K_INT:
        return form_int(p, n)
    if kind == K_FLOAT:
        return form_float(p, n)
    if kind == K_ALPHA:
        return form_alpha(p, n)
    if kind == K_SLUG:
        return form_slug(p, n)
    if kind == K_UUID:
        return form_uuid(p, n)
    if kind == K_EXT:
        return form_ext(p, n)
    return kind == K_STROREMPTY

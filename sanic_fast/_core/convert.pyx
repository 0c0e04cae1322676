"""Path parameters: test and convert one segment. See convert.pxd."""

from cpython.long cimport PyLong_FromLongLong, PyLong_FromString
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.object cimport PyObject_GenericSetAttr, PyTypeObject
from cpython.ref cimport Py_INCREF
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.string cimport memcpy

from sanic_fast._core.bytes_ cimport find_byte, is_digit, percent_decode
from sanic_fast._core.segments cimport (
    K_ALPHA, K_EXT, K_FLOAT, K_INT, K_RAW, K_REGEX, K_SLUG, K_STR, K_STROREMPTY, K_UUID, K_YMD,
    MAYBE, NO, cast_alpha, cast_ext, cast_float, cast_int, cast_uuid, cast_ymd, form_slug,
)

from datetime import date
from uuid import UUID, SafeUUID

cdef extern from "Python.h":
    object PyType_GenericAlloc(PyTypeObject* type, Py_ssize_t n_items)

cdef object unknown_safety = SafeUUID.unknown


cdef str decode(const char* p, Py_ssize_t n):
    """Path bytes are ASCII on the wire; `find()` may bring others, which survive a round trip."""
    return PyUnicode_DecodeUTF8(p, n, "surrogateescape")


cdef str unquote_text(const char* p, Py_ssize_t n):
    """`urllib.parse.unquote` for bytes: UTF-8, what is no UTF-8 becomes U+FFFD."""
    cdef char* room
    if find_byte(p, 0, n, c'%') == n:
        return decode(p, n)
    room = <char*>PyMem_Malloc(n)
    if room is NULL:
        raise MemoryError
    try:
        return PyUnicode_DecodeUTF8(room, percent_decode(p, n, room), "replace")
    finally:
        PyMem_Free(room)


cdef object make_int(const char* p, Py_ssize_t n):
    """Return the int of an optional sign and at most 18 digits."""
    cdef long long value = 0
    cdef Py_ssize_t i
    for i in range(n):
        if is_digit(p[i]):
            value = value * 10 + (p[i] - c'0')
    return PyLong_FromLongLong(-value if p[0] == c'-' else value)


cdef object make_uuid(const char* p):
    """Return the UUID of 36 bytes in 8-4-4-4-12 form.

    PERF: perf/micro/bench_router.py::uuid - without the parsing that `UUID(text)` does.
    """
    cdef char digits[33]
    memcpy(digits, p, 8)
    memcpy(digits + 8, p + 9, 4)
    memcpy(digits + 12, p + 14, 4)
    memcpy(digits + 16, p + 19, 4)
    memcpy(digits + 20, p + 24, 12)
    digits[32] = 0
    made = PyType_GenericAlloc(<PyTypeObject*>UUID, 0)
    # The type refuses assignment in Python, not here.
    PyObject_GenericSetAttr(made, "int", PyLong_FromString(digits, NULL, 16))
    PyObject_GenericSetAttr(made, "is_safe", unknown_safety)
    return made


cdef object make_date(const char* p, Py_ssize_t n):
    """Return the date of `strptime(text, "%Y-%m-%d")`; ValueError if there is none."""
    cdef Py_ssize_t at = 0
    cdef int fields[3]
    cdef int field, digits
    for field in range(3):
        fields[field] = 0
        digits = 0
        while at < n and is_digit(p[at]) and digits < 4:
            fields[field] = fields[field] * 10 + (p[at] - c'0')
            digits += 1
            at += 1
        if digits == 0 or (digits != 4 if field == 0 else digits > 2):
            raise ValueError("not a date")
        if field < 2:
            if at == n or p[at] != c'-':
                raise ValueError("not a date")
            at += 1
    if at != n:
        raise ValueError("not a date")
    return date(fields[0], fields[1], fields[2])


cdef void keep(Span* span, value) noexcept:
    """Let the span own a value."""
    Py_INCREF(value)
    span.value = <PyObject*>value


cdef bint fits(Span* span, PyObject* thing) except -1:
    """Would the cast take the segment? Keeps the value if finding out has made it.

    `thing` is the cast or expression of the kinds that have one.
    """
    # HOT
    cdef const char* p = span.at
    cdef Py_ssize_t n = span.length
    cdef int kind = span.kind
    cdef int answer
    if kind == K_STR:
        return n > 0
    if kind == K_STROREMPTY:
        return True
    if kind == K_SLUG:
        return form_slug(p, n)
    if kind == K_EXT:
        return cast_ext(p, n)
    if kind == K_INT:
        answer = cast_int(p, n)
    elif kind == K_FLOAT:
        answer = cast_float(p, n)
    elif kind == K_ALPHA:
        answer = cast_alpha(p, n)
    elif kind == K_UUID:
        answer = cast_uuid(p, n)
    elif kind == K_YMD:
        answer = cast_ymd(p, n)
    else:
        answer = MAYBE
    if answer != MAYBE:
        return answer != NO
    return fits_slowly(span, None if thing is NULL else <object>thing)


cdef bint fits_slowly(Span* span, thing) except -1:
    """Ask Python."""
    cdef str text = decode(span.at, span.length)
    try:
        if span.kind == K_INT:
            value = int(text)
        elif span.kind == K_FLOAT:
            value = float(text)
        elif span.kind == K_UUID:
            value = UUID(text)
        elif span.kind == K_YMD:
            value = make_date(span.at, span.length)
        elif span.kind == K_ALPHA:
            if not text.isalpha():
                return False
            value = text
        elif span.kind == K_REGEX:
            found = thing.fullmatch(text)
            if found is None:
                return False
            value = found.group(1) if thing.groups else text
        else:
            value = thing(text)
    except ValueError:
        return False
    keep(span, value)
    return True


cdef object make_value(Span* span, bint unquote):
    """Return the value of a segment that `fits()` said yes to (any kind but `ext`)."""
    # HOT
    if span.value is not NULL:
        return <object>span.value
    if span.kind == K_INT:
        return make_int(span.at, span.length)
    if span.kind == K_UUID:
        return make_uuid(span.at)
    if unquote and span.kind != K_RAW:
        return unquote_text(span.at, span.length)
    return decode(span.at, span.length)

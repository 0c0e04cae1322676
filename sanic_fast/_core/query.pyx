"""Query strings, parsed where they lie: what `urllib.parse.parse_qs` gives, in one pass."""

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.string cimport memchr
from sanic_fast._core.bytes_ cimport percent_decode

cdef extern from "Python.h":
    ctypedef struct PyObject
    PyObject* PyDict_GetItemWithError(object mapping, object key) except? NULL
    bint PyDict_Check(object o) noexcept
    int PyDict_SetItem(object mapping, object key, object value) except -1


cdef str decode_field(const char* data, Py_ssize_t size):
    """`urllib.parse.unquote_plus` with its defaults."""
    cdef char* room
    cdef Py_ssize_t at
    if memchr(data, 37, size) is NULL and memchr(data, 43, size) is NULL:
        return PyUnicode_DecodeUTF8(data, size, "replace")
    room = <char*>PyMem_Malloc(2 * size)
    if room is NULL:
        raise MemoryError
    try:
        for at in range(size):
            room[at] = 32 if data[at] == 43 else data[at]
        return PyUnicode_DecodeUTF8(
            room + size, percent_decode(room, size, room + size), "replace"
        )
    finally:
        PyMem_Free(room)


cdef object query_parameters(const char* data, Py_ssize_t size, object kind):
    """A `kind` (dict) of name -> list of values; fields without a value are left out."""
    cdef object result = kind()
    cdef const char* at = data
    cdef const char* end = data + size
    cdef const char* stop
    cdef const char* equals
    cdef object name, value
    cdef PyObject* found
    while at < end:
        stop = <const char*>memchr(at, 38, end - at)
        if stop is NULL:
            stop = end
        equals = <const char*>memchr(at, 61, stop - at)
        if equals is not NULL and equals + 1 < stop:
            name = decode_field(at, equals - at)
            value = decode_field(equals + 1, stop - equals - 1)
            found = PyDict_GetItemWithError(result, name)
            if found is NULL:
                PyDict_SetItem(result, name, [value])
            else:
                (<list><object>found).append(value)
        at = stop + 1
    return result


def first_value(self, name, default=None):
    """First value of the name, or the default."""
    if not PyDict_Check(self):
        raise TypeError("first_value() is a method of dicts")
    cdef PyObject* values = PyDict_GetItemWithError(self, name)
    if values is NULL or not <object>values:
        return default
    return (<object>values)[0]


def all_values(self, name, default=None):
    """All values of the name, or the default, or an empty list."""
    if not PyDict_Check(self):
        raise TypeError("all_values() is a method of dicts")
    cdef PyObject* values = PyDict_GetItemWithError(self, name)
    return (default or []) if values is NULL or <object>values is None else <object>values

"""Request ids: random UUIDs from a store of system randomness, and ids read from a header.

A `uuid.uuid4()` is a system call and a slow constructor each time; here 64 ids share one call.
"""

import os
import uuid

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from cpython.object cimport PyObject_GenericSetAttr
from libc.string cimport memcpy

cdef extern from "Python.h":
    object _PyLong_FromByteArray(const unsigned char* data, size_t size, int little, int signed_)
    const char* PyUnicode_AsUTF8AndSize(object text, Py_ssize_t* size) except NULL

cdef enum:
    STORE = 1024        # bytes of randomness kept, 64 ids

cdef object UUID = uuid.UUID
cdef object new_object = object.__new__
cdef object SAFE = uuid.SafeUUID.unknown
cdef object urandom = os.urandom
cdef bytes store = b""
cdef Py_ssize_t used = 0


def forget_store():
    """Drop the randomness kept; a forked child must not give its parent's ids."""
    global store, used
    store = b""
    used = 0


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=forget_store)


cdef object as_uuid(const unsigned char* data):
    # UUID.__init__ takes a microsecond to do just this.
    cdef object made = new_object(UUID)
    PyObject_GenericSetAttr(made, "int", _PyLong_FromByteArray(data, 16, 0, 0))
    PyObject_GenericSetAttr(made, "is_safe", SAFE)
    return made


cdef object random_uuid():
    """A UUID of version 4 (RFC 9562 5.4)."""
    global store, used
    cdef unsigned char data[16]
    if used + 16 > PyBytes_GET_SIZE(store):
        store = urandom(STORE)
        used = 0
    memcpy(data, PyBytes_AS_STRING(store) + used, 16)
    used += 16
    data[6] = (data[6] & 0x0F) | 0x40
    data[8] = (data[8] & 0x3F) | 0x80
    return as_uuid(data)


cdef inline int hex_digit(unsigned char char) noexcept nogil:
    if 48 <= char <= 57:
        return char - 48
    char |= 32
    return char - 87 if 97 <= char <= 102 else -1


cdef object canonical_uuid(const char* text):
    """The UUID of 36 characters in the usual form, or None."""
    cdef unsigned char data[16]
    cdef Py_ssize_t at = 0, count = 0
    cdef int high, low
    while at < 36:
        if at == 8 or at == 13 or at == 18 or at == 23:
            if text[at] != 45:
                return None
            at += 1
            continue
        high = hex_digit(text[at])
        low = hex_digit(text[at + 1])
        if high < 0 or low < 0:
            return None
        data[count] = high * 16 + low
        count += 1
        at += 2
    return as_uuid(data)


cdef object parse_id(object value):
    """The id that a header names as a UUID or int if it is one; anything else as it is."""
    cdef Py_ssize_t size = 0, at
    cdef const char* text
    cdef bint letters = False
    if not isinstance(value, str) or not (<str>value).isascii():
        return slow_id(value)
    text = PyUnicode_AsUTF8AndSize(value, &size)
    if size == 36:
        found = canonical_uuid(text)
        if found is not None:
            return found
    if size < 32:
        # Too short for the 32 digits of a UUID, and letters are in no int: no exceptions needed.
        for at in range(size):
            letters |= 65 <= (text[at] & 0xDF) <= 90
        if letters:
            return value
    return slow_id(value)


cdef object slow_id(object value):
    if isinstance(value, str):
        for kind in (UUID, int):
            try:
                return kind(value)
            except ValueError:
                pass
    return value

"""The frames of which nearly all websocket traffic consists, without Python (RFC 6455 5.2).

Whole, masked, unfragmented data frames are decoded here and data frames are written here.
Everything else (fragments, control frames, errors) is left to the sans-IO protocol of `websockets`,
whose state such frames do not change.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy

cdef extern from "Python.h":
    const char* PyUnicode_AsUTF8AndSize(object text, Py_ssize_t* size) except NULL

cdef enum:
    FINAL_TEXT = 0x81
    FINAL_BINARY = 0x82
    FINAL = 0x80
    RESERVED = 0x70
    OPCODE = 0x0F
    CONTROL = 0x08          # a bit of the opcodes of control frames
    LAST_DATA = 2
    LAST_CONTROL = 10
    MASKED = 0x80
    LENGTH = 0x7F
    STACK = 4096            # up to here text is unmasked on the stack

cdef Py_ssize_t LONGEST = 1 << 62


cdef struct FrameHead:
    Py_ssize_t head         # bytes before the payload, the mask among them
    Py_ssize_t payload


cdef bint read_head(const uint8_t* data, Py_ssize_t have, FrameHead* out) noexcept:
    """Read how long a frame is; False if its head is not here yet."""
    cdef Py_ssize_t at, index
    cdef uint64_t size
    if have < 2:
        return False
    size = data[1] & LENGTH
    out.head = 2 if size < 126 else 4 if size == 126 else 10
    if data[1] & MASKED:
        out.head += 4
    if have < out.head:
        return False
    if size > 125:
        at = 4 if size == 126 else 10
        size = 0
        for index in range(2, at):
            size = size << 8 | data[index]
    out.payload = <Py_ssize_t>size if size < <uint64_t>LONGEST else LONGEST
    return True


cdef bint is_wrong(const uint8_t* data) noexcept:
    """Whether the first two bytes of a frame tell already that it breaks the rules."""
    cdef uint8_t opcode = data[0] & OPCODE
    if data[0] & RESERVED or not data[1] & MASKED:
        return True
    if opcode & CONTROL:
        return opcode > LAST_CONTROL or not data[0] & FINAL or (data[1] & LENGTH) > 125
    return opcode > LAST_DATA


def frame_size(bytes data, Py_ssize_t at):
    """How long the frame beginning at `at` is, 0 while that cannot be told, -1 if it is wrong."""
    cdef const uint8_t* frame = <const uint8_t*>PyBytes_AS_STRING(data) + at
    cdef Py_ssize_t have = PyBytes_GET_SIZE(data) - at
    cdef FrameHead head
    if have >= 2 and is_wrong(frame):
        return -1
    if not read_head(frame, have, &head):
        return 0
    return head.head + head.payload


cdef void unmask(const uint8_t* data, Py_ssize_t size, const uint8_t* mask, uint8_t* out) noexcept:
    """RFC 6455 5.3."""
    cdef Py_ssize_t at = 0
    cdef uint32_t once
    cdef uint64_t twice, word
    memcpy(&once, mask, 4)
    twice = <uint64_t>once << 32 | once
    while at + 8 <= size:
        memcpy(&word, data + at, 8)
        word ^= twice
        memcpy(out + at, &word, 8)
        at += 8
    while at < size:
        out[at] = data[at] ^ mask[at & 3]
        at += 1


def plain_message(bytes data, Py_ssize_t at, Py_ssize_t limit):
    """The message of a frame beginning at `at`, str or bytes.

    None if it is not a whole, masked, unfragmented data frame without reserved bits, or if its
    payload is longer than `limit` (-1: any length).

    Raises:
        UnicodeDecodeError: it is text but not UTF-8.
    """
    cdef const uint8_t* frame = <const uint8_t*>PyBytes_AS_STRING(data) + at
    cdef Py_ssize_t have = PyBytes_GET_SIZE(data) - at
    cdef FrameHead head
    cdef uint8_t[STACK] stack
    cdef uint8_t* room = stack
    cdef bytes out
    if not read_head(frame, have, &head) or have - head.head < head.payload:
        return None
    if not frame[1] & MASKED or (0 <= limit < head.payload):
        return None
    if frame[0] == FINAL_BINARY:
        out = PyBytes_FromStringAndSize(NULL, head.payload)
        unmask(
            frame + head.head, head.payload, frame + head.head - 4, <uint8_t*>PyBytes_AS_STRING(out)
        )
        return out
    if frame[0] != FINAL_TEXT:
        return None
    if head.payload > STACK:
        room = <uint8_t*>PyMem_Malloc(head.payload)
        if room is NULL:
            raise MemoryError
    try:
        unmask(frame + head.head, head.payload, frame + head.head - 4, room)
        return PyUnicode_DecodeUTF8(<const char*>room, head.payload, NULL)
    finally:
        if room is not stack:
            PyMem_Free(room)


cdef bytes build(uint8_t first, const char* payload, Py_ssize_t size):
    cdef Py_ssize_t head = 2 if size < 126 else 4 if size < 65536 else 10
    cdef bytes frame = PyBytes_FromStringAndSize(NULL, head + size)
    cdef uint8_t* out = <uint8_t*>PyBytes_AS_STRING(frame)
    cdef Py_ssize_t index
    out[0] = first
    if head == 2:
        out[1] = size
    else:
        out[1] = 126 if head == 4 else 127
        for index in range(2, head):
            out[index] = (size >> 8 * (head - 1 - index)) & 0xFF
    memcpy(out + head, payload, size)
    return frame


def text_frame(str text not None):
    """The frame of a text message, as a server sends it.

    Raises:
        UnicodeEncodeError: the text has lone surrogates.
    """
    cdef Py_ssize_t size
    cdef const char* payload = PyUnicode_AsUTF8AndSize(text, &size)
    return build(FINAL_TEXT, payload, size)


def binary_frame(bytes data not None):
    """The frame of a binary message, as a server sends it."""
    return build(FINAL_BINARY, PyBytes_AS_STRING(data), PyBytes_GET_SIZE(data))

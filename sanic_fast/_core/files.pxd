"""Open files, responses made of them, and what is known of files that were served before."""

from sanic_fast._core.response cimport HTTPResponse, Prepared

cdef class OpenFile:
    """A descriptor; closed with the last reference."""
    cdef readonly int fd        # -1 once closed

cdef class FileResponse(HTTPResponse):
    cdef OpenFile opened        # None once the body was replaced
    cdef object path
    cdef readonly long long offset, count
    cdef bint loaded            # the body was read, so the file need not be
    cdef object place(self, long long sent)

cdef class KnownFile:
    """What one URL below a static route led to, true while size and time of the file are these."""
    cdef bytes path             # free of symbolic links when it was looked at
    cdef long long size
    cdef long long mtime_ns
    cdef object etag, content_type
    cdef Prepared prepared      # headers of the whole file

cdef class KnownFiles:
    cdef dict entries           # raw path from the URL: KnownFile
    cdef Py_ssize_t inline_limit

cdef extern from "files.h" nogil:
    bint sf_in_memory(int fd, long long offset)
    ssize_t sf_sendfile(int to, int from_, long long offset, size_t count)

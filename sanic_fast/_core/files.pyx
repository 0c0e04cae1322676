"""Files as bodies: descriptors that close themselves, `FileResponse`, and known static files.

A static file that was served once is known: its headers are ready, and the next request for it
costs an `open`, an `fstat` that proves them still true, and the sending. Everything else (another
time or size, a link on the way, conditions, ranges) is answered by `sanic_fast.static` anew.
"""

import asyncio
import os

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from posix.types cimport off_t
from sanic_fast._core.headers cimport names_conditions
from sanic_fast._core.request cimport Request
from sanic_fast._core.response cimport HTTPResponse, prepare_head

cdef extern from "errno.h":
    int errno
    int EINTR

cdef extern from "files.h" nogil:
    struct stat_info "stat":
        off_t st_size
        unsigned int st_mode
    int fstat(int fd, stat_info* info)
    bint S_ISREG(unsigned int mode)
    int close(int fd)
    ssize_t pread(int fd, void* to, size_t count, off_t offset)
    int sf_open_no_links(const char* path)
    int sf_open_no_last_link(const char* path)
    long long sf_mtime_ns(const stat_info* info)

cdef enum:
    KNOWN_FILES = 1024      # per static route; the oldest makes room
    LONGEST_KEY = 512
    BLOCK = 262144          # bytes per trip to a worker thread: the hop costs less than the copy

cdef str DESCRIPTORS = "/proc/self/fd" if os.path.isdir("/proc/self/fd") else None


cdef bint probe_openat2() noexcept:
    """Whether the kernel can open a path and refuse links on all of it (Linux 5.6)."""
    cdef int fd = sf_open_no_links(b"/")
    if fd >= 0:
        close(fd)
    return fd >= 0


cdef bint REFUSES_LINKS = probe_openat2()


cdef class OpenFile:
    """A file descriptor that is closed at the latest with the last reference to this object."""

    def __cinit__(self):
        self.fd = -1

    def __init__(self, int fd):
        self.fd = fd

    def __dealloc__(self):
        if self.fd >= 0:
            close(self.fd)

    def read(self, long long offset, long long count):
        """Read up to `count` bytes from `offset`; fewer only at the end of the file."""
        cdef object data = PyBytes_FromStringAndSize(NULL, max(count, 0))
        cdef char* to = PyBytes_AS_STRING(data)
        cdef long long filled = 0
        cdef ssize_t size
        while filled < count:
            with nogil:
                size = pread(self.fd, to + filled, count - filled, offset + filled)
            if size < 0 and errno == EINTR:
                continue
            if size < 0:
                raise OSError(errno, os.strerror(errno))
            if size == 0:
                return data[:filled]
            filled += size
        return data

    def close(self):
        """Close the descriptor; nobody may be using it."""
        cdef int fd = self.fd
        self.fd = -1
        if fd >= 0:
            close(fd)


class OpenPath(str):
    """Path that leads to an open file, and keeps it open."""

    __slots__ = ("opened",)

    def __new__(cls, opened, path):
        # The name under /proc leads to the opened file even after it was unlinked or renamed over.
        self = str.__new__(cls, path if DESCRIPTORS is None else f"{DESCRIPTORS}/{opened.fd}")
        self.opened = opened
        return self


cdef class FileResponse(HTTPResponse):
    """A response whose body is a part of an open file, read only when someone asks for it.

    To handlers and middleware it is an `HTTPResponse`: `.body` gives the bytes (and loads them),
    assigning `.body` replaces the file. The server sends that part of the file itself where it can
    and never loads it. The file stays open as long as the response lives, so removing or replacing
    it after `file()` returned changes nothing.

    Args:
        opened: The file.
        path: Where it is.
        offset: First byte to send.
        count: Number of bytes to send.
        status, headers, content_type: As for `HTTPResponse`.
    """

    def __init__(
        self, OpenFile opened not None, path, offset, count, *, status=200, headers=None,
        content_type=None,
    ):
        HTTPResponse.__init__(self, None, status, headers, content_type)
        self.opened = opened
        self.path = path
        self.offset = offset
        self.count = count

    cdef object place(self, long long sent):
        """Path, offset and count of what is left after `sent` bytes."""
        return OpenPath(self.opened, self.path), self.offset + sent, self.count - sent

    @property
    def _sf_file(self):
        """(path, offset, count), or None once the body was replaced."""
        return None if self.opened is None else self.place(0)

    @property
    def body(self):
        """The bytes of the file part. The first read loads them, blocking for the disk."""
        if self.opened is not None and not self.loaded:
            self._body = self.opened.read(self.offset, self.count)
            self.loaded = True
        return self._body

    @body.setter
    def body(self, value):
        self.opened = None
        self._body = value

    def __reduce_ex__(self, protocol):
        """A copy or pickle holds the bytes, not the open file."""
        return HTTPResponse, (self.body, self.status, self.headers.copy(), self.content_type)

    def chunks(self, size=BLOCK):
        """Iterate (`async for`) over the body in blocks of at most `size` bytes, without blocking
        the event loop.

        For transports that cannot send a file by themselves (ASGI). Ends early if the file
        became shorter; the caller has announced the length and must then cut the connection.
        """
        if self.opened is None or self.loaded:
            body = self.body or b""
            return FileChunks(None, 0, len(body), size, body)
        return FileChunks(self.opened, self.offset, self.offset + self.count, size, None)


class FileChunks:
    """The blocks of a part of a file, or of bytes."""

    def __init__(self, opened, at, end, size, body):
        self.opened = opened
        self.at = at
        self.end = end
        self.size = size
        self.body = body

    def __aiter__(self):
        return self

    async def __anext__(self):
        size = min(self.size, self.end - self.at)
        if size <= 0:
            raise StopAsyncIteration
        if self.opened is None:
            data = self.body[self.at:self.at + size]
        else:
            data = await asyncio.to_thread(self.opened.read, self.at, size)
            if not data:
                raise StopAsyncIteration
        self.at += len(data)
        return data


cdef class KnownFiles:
    """The files of one static route that were served before.

    Args:
        inline_limit: Size in bytes up to which a file is read whole into the response.
    """

    def __init__(self, Py_ssize_t inline_limit):
        self.entries = {}
        self.inline_limit = inline_limit

    def remember(self, uri, path, headers, size, mtime_ns, *, flat):
        """Keep what a plain GET of `uri` was answered with.

        Args:
            uri: The path from the URL, as it came.
            path: The file; no part of it may be a symbolic link.
            headers: All headers of the answer, `Content-Type` among them.
            size: Size of the file in bytes.
            mtime_ns: Its time of change, in nanoseconds since the epoch.
            flat: Whether no directory stands between the root and the file.
        """
        cdef KnownFile entry
        if not (flat or REFUSES_LINKS) or len(uri) > LONGEST_KEY or size <= 0:
            return
        entry = KnownFile.__new__(KnownFile)
        entry.path = os.fsencode(path)
        entry.size = size
        entry.mtime_ns = mtime_ns
        entry.etag = headers.get("ETag")
        entry.prepared = prepare_head(tuple(headers.items()), size)
        if entry.prepared is None:
            return
        if len(self.entries) >= KNOWN_FILES:
            del self.entries[next(iter(self.entries))]
        self.entries[uri] = entry

    def answer(self, request_, uri):
        """The response to a plain GET of a known file, or of one that the client has (304).

        Returns:
            None if anything is unusual: answer the request as if nothing was known.
        """
        cdef KnownFile entry
        cdef Request request
        cdef bint same = False
        if not isinstance(request_, Request):
            return None
        request = request_
        entry = self.entries.get(uri)
        if entry is None or request.method != "GET":
            return None
        if has_conditions(request):
            same = client_has(request, entry.etag)
            if not same:
                return None
        response = open_known(entry, same, self.inline_limit)
        if response is None:
            self.entries.pop(uri, None)
        return response


cdef bint has_conditions(Request request) except -1:
    if request._headers is None:
        return names_conditions(PyBytes_AS_STRING(request.head), PyBytes_GET_SIZE(request.head))
    for name in request._headers:
        if name[:3].lower() == "if-" or name.lower() == "range":
            return True
    return False


cdef bint client_has(Request request, object etag) except -1:
    """Whether If-None-Match is exactly our tag and no other condition comes before it."""
    if etag is None or request.header(b"if-none-match") != etag:
        return False
    return (
        request.header(b"if-match") is None and request.header(b"if-unmodified-since") is None
    )


cdef HTTPResponse open_known(KnownFile entry, bint same, Py_ssize_t inline_limit):
    """Open the file; None if it is not the one that was known. Nothing is read if `same`."""
    cdef const char* path = PyBytes_AS_STRING(entry.path)
    cdef object body = None
    cdef char* to = NULL
    cdef long long size = entry.size
    cdef stat_info info
    cdef HTTPResponse response
    cdef FileResponse whole
    cdef int fd
    cdef ssize_t got = -1
    if not same and size <= inline_limit:
        body = PyBytes_FromStringAndSize(NULL, size)
        to = PyBytes_AS_STRING(body)
    with nogil:
        fd = sf_open_no_links(path) if REFUSES_LINKS else sf_open_no_last_link(path)
        if fd >= 0 and not (
            fstat(fd, &info) == 0 and S_ISREG(info.st_mode)
            and info.st_size == size and sf_mtime_ns(&info) == entry.mtime_ns
        ):
            close(fd)
            fd = -1
        if fd >= 0 and to is not NULL:
            got = pread(fd, to, size, 0)
        if fd >= 0 and (same or to is not NULL):
            close(fd)
    if fd < 0 or (to is not NULL and got != size):
        return None
    if same:
        return HTTPResponse(status=304, headers={"ETag": entry.etag, "cache-control": "no-cache"})
    if body is not None:
        response = HTTPResponse.__new__(HTTPResponse)
        response._body = body
    else:
        response = whole = FileResponse.__new__(FileResponse)
        whole.opened = OpenFile.__new__(OpenFile)
        whole.opened.fd = fd
        whole.path = os.fsdecode(entry.path)
        whole.count = size
    response._prepared = entry.prepared
    response.content_type = entry.prepared.content_type
    return response

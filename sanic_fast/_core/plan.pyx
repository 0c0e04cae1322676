"""What the hot path needs to know of an application, read once and refreshed on change.

The application stays mutable: its config and middleware deques carry a `VersionCell` that every
change bumps, and the plan compares one integer before it trusts what it read. Methods that users
may override (`Sanic.handle_request`, `Router.get`, ...) carry `_sf_default` in their own form;
where that mark is gone, requests take the general path, which calls them.
"""

cdef class SignalMask:
    """Which built-in events have a listener; bit n is the n-th member of `Event`."""

    def __init__(self, bits=0):
        self.bits = bits


cdef bint is_default(object owner, str name) except -1:
    """Whether a method is the package's own, not a subclass's, an instance's or a patch."""
    cdef object instance_dict = getattr(owner, "__dict__", None)
    if instance_dict and name in instance_dict:
        return False
    return getattr(getattr(type(owner), name, None), "_sf_default", False)


cdef bint overrides(object request_class, tuple names) except -1:
    """Whether a subclass of the compiled Request defines any of these methods itself."""
    for klass in request_class.__mro__:
        if "_sf_plain" in klass.__dict__:
            return False
        for name in names:
            if name in klass.__dict__:
                return True
    return True


cdef tuple unwrap(object deque):
    """Middleware in run order; a `Middleware` object stands for its function."""
    # A `functools.partial` has `func`, too, but stands for itself.
    return tuple([
        entry.func if hasattr(entry, "func") and hasattr(entry, "location") else entry
        for entry in deque
    ])


cdef class AppPlan:
    """The compiled view of one application.

    Args:
        app: an application with `config`, `router`, `signal_router`, `request_class`,
            `request_middleware` and `response_middleware`.
    """

    def __init__(self, app):
        self.app = app
        self.refresh()

    def refresh(self):
        """Read the application again, after start-up, `finalize()` and `amend()`."""
        self.signals = self.app.signal_router.mask
        self.table = self.app.router.table
        self.request_deque = self.app.request_middleware
        self.response_deque = self.app.response_middleware
        self.request_cell = getattr(self.request_deque, "cell", None)
        self.response_cell = getattr(self.response_deque, "cell", None)
        self.request_middleware = unwrap(self.request_deque)
        self.response_middleware = unwrap(self.response_deque)
        if self.request_cell is not None:
            self.request_seen = self.request_cell.value
        if self.response_cell is not None:
            self.response_seen = self.response_cell.value
        self.refresh_config()
        self.refresh_overrides()

    cdef int refresh_config(self) except -1:
        cdef object config = self.app.config
        self.config_cell = config._cell
        self.config_seen = self.config_cell.value
        self.buffer_size = max(int(config.REQUEST_BUFFER_SIZE), 8192)
        self.max_body = int(config.REQUEST_MAX_SIZE)
        self.max_head = max(
            1,
            min(
                int(config.REQUEST_MAX_HEADER_SIZE), int(config.REQUEST_BUFFER_SIZE) - 4096,
                self.max_body, 16384,
            ),
        )
        self.request_timeout = float(config.REQUEST_TIMEOUT)
        self.response_timeout = float(config.RESPONSE_TIMEOUT)
        self.keep_alive_timeout = float(config.KEEP_ALIVE_TIMEOUT)
        self.keep_alive = bool(config.KEEP_ALIVE)
        self.access_log = bool(config.ACCESS_LOG)
        self.trusts_proxy = bool(
            config.FORWARDED_SECRET or config.REAL_IP_HEADER or config.PROXIES_COUNT
        )
        self.server_name = config.get("SERVER_NAME") or None
        self.id_header = str(config.get("REQUEST_ID_HEADER") or "").lower().encode()
        return 0

    cdef int refresh_overrides(self) except -1:
        """See which methods are the package's own; cheap enough for each new connection."""
        cdef object app = self.app
        cdef object router = app.router
        cdef object request_class = app.request_class
        self.router_get = None if is_default(router, "get") else router.get
        if router.table is not self.table:
            self.table = router.table
        self.request_class = request_class
        self.plain_request = "_sf_plain" in request_class.__dict__
        self.compiled = (
            self.router_get is None
            and is_default(app, "handle_request")
            and is_default(app.signal_router, "dispatch")
            and not overrides(request_class, ("receive_body", "respond"))
        )
        return 0

    cdef tuple app_request_middleware(self):
        if self.request_cell is None or self.request_cell.value != self.request_seen:
            self.request_middleware = unwrap(self.request_deque)
            if self.request_cell is not None:
                self.request_seen = self.request_cell.value
        return self.request_middleware

    cdef tuple app_response_middleware(self):
        if self.response_cell is None or self.response_cell.value != self.response_seen:
            self.response_middleware = unwrap(self.response_deque)
            if self.response_cell is not None:
                self.response_seen = self.response_cell.value
        return self.response_middleware

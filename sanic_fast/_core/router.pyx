"""Route matching: exact table, segment tree, whole-path routes. See router.pxd."""

from cpython.dict cimport PyDict_SetItem
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.ref cimport Py_XDECREF
from libc.stdint cimport int64_t
from libc.string cimport memcmp

from sanic_fast._core.bytes_ cimport find_byte, hash_bytes, load_word
from sanic_fast._core.convert cimport decode, fits, keep, make_value
from sanic_fast._core.routes cimport EXACT, MAX_PREFIX, METHOD, NONE, Key, Node
from sanic_fast._core.segments cimport (
    K_ALPHA, K_CAST, K_EXT, K_FLOAT, K_INT, K_LITERAL, K_PATH, K_RAW, K_REGEX, K_SLUG, K_STR,
    K_STROREMPTY, K_UUID, K_YMD, form,
)

from sanic_fast._core import routes

cdef extern from *:
    int __builtin_popcountll(unsigned long long) noexcept nogil

cdef enum:
    # Parameter values kept on the C stack; a table with longer routes uses the heap.
    INLINE_SPANS = 16
    # Trailing slashes dropped one by one; more than these go at once, so that a path made of
    # slashes costs no more than 18 searches.
    MAX_SLASHES = 16

# Python finds them here too; a cimported class is not in the module by itself.
globals().update(CompiledRoute=routes.CompiledRoute, VersionCell=routes.VersionCell)
PREFIX_LIMIT = MAX_PREFIX
KINDS = {
    "str": K_STR, "strorempty": K_STROREMPTY, "int": K_INT, "float": K_FLOAT, "alpha": K_ALPHA,
    "slug": K_SLUG, "uuid": K_UUID, "ymd": K_YMD, "ext": K_EXT, "path": K_PATH,
    "cast": K_CAST, "regex": K_REGEX, "literal": K_LITERAL,
}


cdef inline void release(Search* s) noexcept:
    cdef int i
    for i in range(s.n_spans):
        Py_XDECREF(s.spans[i].value)
        s.spans[i].value = NULL
    s.n_spans = 0


cdef class RouteTable(RouteArrays):
    """Finds the route of a request; made by `sanic_fast.routing.compile` as `RouteArrays` is."""

    def find(self, str method not None, str path not None, str host=None):
        """Match from Python: `(CompiledRoute, params)`, or None (then see `miss`)."""
        cdef bytes raw_method = method.encode("utf-8", "surrogateescape")
        cdef bytes raw_path = path.encode("utf-8", "surrogateescape")
        cdef bytes raw_host = b"" if host is None else host.encode("utf-8", "surrogateescape")
        cdef const char* host_bytes = raw_host
        if host is None:
            host_bytes = NULL
        cdef CompiledRoute route = self.match(
            raw_method, len(raw_method), raw_path, len(raw_path), host_bytes, len(raw_host)
        )
        return None if route is None else (route, {} if self.params is None else self.params)

    cdef CompiledRoute match(
        self, const char* method, Py_ssize_t method_len, const char* path, Py_ssize_t path_len,
        const char* host, Py_ssize_t host_len,
    ):
        # HOT
        cdef uint64_t bit = self._method_bit(method, method_len)
        cdef int leaf
        cdef Why why = WRONG_METHOD
        cdef PyObject* slot
        self.params = None
        self.visited = 0
        # PERF: perf/micro/bench_router.py "literal" - most of the cost was the set-up of a search.
        if 0 < path_len <= self._longest_path + 1 and path[0] == c'/':
            leaf = self._key(EXACT, path + 1, path_len - 1)
            if leaf >= 0:
                slot = self._choose(leaf, bit, host, host_len, &why)
                if slot is not NULL:
                    return <CompiledRoute>slot
        return self._match(bit, path, path_len, host, host_len)

    cdef CompiledRoute _match(
        self, uint64_t bit, const char* path, Py_ssize_t path_len,
        const char* host, Py_ssize_t host_len,
    ):
        """Search, with the memory that a search needs."""
        # HOT
        cdef Search s
        cdef Span spans[INLINE_SPANS]
        s.path = path
        s.spans = spans
        s.n_spans = 0
        s.visited = 0
        if path_len == 0:
            s.path = b"/"
            path_len = 1
        if s.path[0] != c'/':
            self._missed(404, NONE, path, path_len)
            return None
        if self._max_params > INLINE_SPANS:
            s.spans = <Span*>PyMem_Malloc(self._max_params * sizeof(Span))
            if s.spans is NULL:
                raise MemoryError
        try:
            return self._try_slashes(&s, bit, path_len, host, host_len)
        finally:
            release(&s)
            self.visited = s.visited
            if s.spans is not spans:
                PyMem_Free(s.spans)

    cdef CompiledRoute _try_slashes(
        self, Search* s, uint64_t bit, Py_ssize_t path_len, const char* host, Py_ssize_t host_len,
    ):
        """Try the path as it is, then with one trailing slash less each time."""
        cdef int leaf, mismatch = NONE
        cdef Why why = WRONG_HOST
        cdef bint many
        cdef PyObject* slot
        cdef CompiledRoute route
        s.end = path_len
        while True:
            leaf = self._search(s)
            if leaf >= 0:
                slot = self._choose(leaf, bit, host, host_len, &why)
                many = self._leaves[leaf].many and not s.literal
                if slot is not NULL:
                    route = <CompiledRoute>slot
                    if not (s.end != path_len and route.strict and not route.slash):
                        if self._fill(s, route):
                            return route
                    mismatch = NONE
                    break
                release(s)
                if why == WRONG_METHOD and many:
                    if mismatch < 0:
                        mismatch = leaf
                elif why == WRONG_METHOD:
                    route = <CompiledRoute>self._slots[self._leaves[leaf].first]
                    mismatch = leaf
                    if s.end != path_len and not s.literal and route.strict and not route.slash:
                        mismatch = NONE
                    break
            if s.end <= 1 or s.path[s.end - 1] != c'/':
                s.end = s.end if s.end > 1 else 0
                break
            self._drop_slash(s, path_len)
        if mismatch >= 0:
            self._missed(405, mismatch, s.path, path_len)
        else:
            self._missed(404, NONE, s.path, s.end)
        return None

    cdef void _drop_slash(self, Search* s, Py_ssize_t path_len) noexcept:
        cdef Py_ssize_t bare_end
        s.end -= 1
        if s.end == path_len - 1:
            bare_end = s.end
            while bare_end > 1 and s.path[bare_end - 1] == c'/':
                bare_end -= 1
            if s.end - bare_end > MAX_SLASHES:
                s.end = bare_end + MAX_SLASHES

    cdef int _search(self, Search* s) except -2:
        """Return the leaf that the path as tried now leads to, or -1."""
        # HOT
        cdef int leaf = NONE
        if s.end - 1 <= self._longest_path:
            leaf = self._key(EXACT, s.path + 1, s.end - 1)
        s.literal = leaf >= 0
        if leaf == NONE and self._n_nodes > 0:
            leaf = self._walk(s, 0, 1, 0)
        if leaf == NONE and self._n_wholes > 0:
            leaf = self._try_wholes(s)
        return leaf

    cdef int _walk(self, Search* s, int number, Py_ssize_t at, int n_params) except -2:
        """Return the leaf below a node for the segments from `at` on, or -1.

        A node sits at one depth, so one search sees it at most once: there is no way to make the
        backtracking explode. `at` is beyond the end when no segment is left.
        """
        # HOT
        cdef Node* node = &self._nodes[number]
        cdef int literal = NONE, leaf, i
        cdef Py_ssize_t stop
        s.visited += 1
        if at > s.end:
            if node.leaf >= 0 and self._forms(s, &self._leaves[node.leaf], n_params):
                s.n_spans = n_params
                return node.leaf
            return NONE
        stop = find_byte(s.path, at, s.end, c'/')
        if node.literals and stop - at <= self._longest_segment:
            literal = self._key(number, s.path + at, stop - at)
            if literal >= 0 and self._nodes[literal].leaf < 0:
                leaf = self._walk(s, literal, stop + 1, n_params)
                if leaf != NONE:
                    return leaf
                literal = NONE
        for i in range(node.edges, node.late + 1):
            if i == node.early and literal >= 0:
                leaf = self._walk(s, literal, stop + 1, n_params)
                if leaf != NONE:
                    return leaf
            if i < node.late:
                leaf = self._try_edge(s, &self._edges[i], at, stop, n_params)
                if leaf != NONE:
                    return leaf
        return NONE

    cdef int _try_edge(
        self, Search* s, Edge* edge, Py_ssize_t at, Py_ssize_t stop, int n_params
    ) except -2:
        """Take the segment as a parameter and go on below; undo it if that leads nowhere."""
        # HOT
        cdef Span* span = &s.spans[n_params]
        cdef int leaf
        # PERF: perf/micro/bench_router.py::miss - a child without children ends a longer path.
        if stop < s.end and self._nodes[edge.child].late == self._nodes[edge.child].edges:
            if not self._nodes[edge.child].literals:
                return NONE
        span.at = s.path + at
        span.length = stop - at
        span.kind = edge.kind
        span.value = NULL
        if not fits(span, NULL if edge.object < 0 else <PyObject*>self._objects[edge.object]):
            return NONE
        try:
            leaf = self._walk(s, edge.child, stop + 1, n_params + 1)
        except BaseException:
            Py_XDECREF(span.value)
            raise
        if leaf == NONE:
            Py_XDECREF(span.value)
        return leaf

    cdef bint _forms(self, Search* s, Leaf* leaf, int n_params) except -1:
        """A route with a free expression in it holds its other types to their expressions too."""
        cdef int i
        cdef tuple forms
        if leaf.forms < 0:
            return True
        forms = self._objects[leaf.forms]
        for i in range(n_params):
            wanted = forms[i]
            if isinstance(wanted, int):
                if not form(<int>wanted, s.spans[i].at, s.spans[i].length):
                    return False
            elif wanted is not None:
                if wanted.fullmatch(decode(s.spans[i].at, s.spans[i].length)) is None:
                    return False
        return True

    cdef int _try_wholes(self, Search* s) except -2:
        """Try the whole-path groups whose literal prefix fits, in their global order."""
        cdef int32_t cursor[MAX_PREFIX]
        cdef int32_t limit[MAX_PREFIX]
        cdef Py_ssize_t begin[MAX_PREFIX]
        cdef int n = 0, node = 0, best, i
        cdef Py_ssize_t at = 1, stop
        cdef Whole* whole
        while n < MAX_PREFIX:
            cursor[n] = self._prefixes[node].first
            limit[n] = self._prefixes[node].end
            begin[n] = at
            n += 1
            stop = find_byte(s.path, at, s.end, c'/')
            if stop == s.end or stop - at > self._longest_segment:
                break
            node = self._key(self._n_nodes + node, s.path + at, stop - at)
            if node < 0:
                break
            at = stop + 1
        while True:
            best = NONE
            for i in range(n):
                if cursor[i] < limit[i] and (
                    best < 0 or self._ranks[cursor[i]] < self._ranks[cursor[best]]
                ):
                    best = i
            if best < 0:
                return NONE
            whole = &self._wholes[self._ranks[cursor[best]]]
            cursor[best] += 1
            s.visited += 1
            if whole.regex >= 0:
                if self._expression(s, whole, begin[best]):
                    return whole.leaf
            elif self._glob(s, whole, begin[best]):
                return whole.leaf

    cdef bint _glob(self, Search* s, Whole* whole, Py_ssize_t at) except -1:
        """Match segments against elements, a path element taking as few segments as it can.

        Only the last path element is ever stretched (the classic wildcard argument: an earlier
        one that stopped at its first fit leaves the most room), so the cost is at most segments
        times elements.
        """
        cdef Element* elements = &self._elements[whole.elements]
        cdef int i = 0, n_params = 0, star = NONE, star_params = 0, used
        cdef Py_ssize_t stop, star_stop = 0
        cdef bint stuck
        while True:
            stuck = False
            if i == whole.n_elements:
                if at > s.end:
                    s.n_spans = n_params
                    return True
                stuck = True
            elif at > s.end:
                return False
            else:
                stop = find_byte(s.path, at, s.end, c'/')
                if elements[i].kind == K_PATH:
                    if i + 1 == whole.n_elements:
                        stop = s.end
                    star = i
                    star_params = n_params
                    star_stop = stop
                    used = 1
                else:
                    used = self._element(&elements[i], s.path + at, stop - at)
                if used == 0:
                    stuck = True
                else:
                    if elements[i].kind != K_LITERAL:
                        s.spans[n_params].at = s.path + at
                        s.spans[n_params].length = stop - at
                        s.spans[n_params].kind = K_RAW
                        s.spans[n_params].value = NULL
                        n_params += 1
                    i += used
                    at = stop + 1
            if stuck:
                if star < 0 or star_stop >= s.end:
                    return False
                star_stop = find_byte(s.path, star_stop + 1, s.end, c'/')
                s.spans[star_params].length = s.path + star_stop - s.spans[star_params].at
                n_params = star_params + 1
                i = star + 1
                at = star_stop + 1

    cdef int _element(self, Element* element, const char* p, Py_ssize_t n) except -1:
        """Return how many element records the segment uses up, 0 if it does not fit."""
        cdef int i
        if element.kind != K_LITERAL:
            return form(element.kind, p, n)
        for i in range(element.object):
            if n == element[i].length and memcmp(p, self._text + element[i].at, n) == 0:
                return element.object
        return 0

    cdef bint _expression(self, Search* s, Whole* whole, Py_ssize_t at) except -1:
        """Match one regular expression over the rest of the path."""
        cdef int i = 0
        found = self._objects[whole.regex].fullmatch(decode(s.path + at, s.end - at))
        if found is None:
            return False
        for group in self._objects[whole.groups]:
            s.spans[i].kind = K_RAW
            s.spans[i].at = s.path
            s.spans[i].length = 0
            keep(&s.spans[i], found.group(group))
            i += 1
        s.n_spans = i
        return True

    cdef int _key(self, int parent, const char* p, Py_ssize_t n) noexcept:
        """Look `(parent, bytes)` up in the literal table: its target, or -1."""
        # HOT
        cdef uint64_t h = hash_bytes(p, n, <uint64_t><int64_t>parent)
        cdef uint64_t i = h & self._key_mask
        cdef Key* key = &self._keys[i]
        while key.target >= 0:
            if (
                key.hash == h and key.parent == parent and key.length == n
                and memcmp(self._text + key.at, p, n) == 0
            ):
                return key.target
            i = (i + 1) & self._key_mask
            key = &self._keys[i]
        return NONE

    cdef uint64_t _method_bit(self, const char* method, Py_ssize_t n) noexcept:
        """Return the bit of a method, 0 if no route can have it."""
        # HOT
        cdef uint64_t word
        cdef int i
        if n <= 8:
            word = load_word(method, n)
            for i in range(self._n_methods):
                if self._methods[i].word == word and self._methods[i].length == n:
                    return <uint64_t>1 << i
            return 0
        i = self._key(METHOD, method, n)
        return <uint64_t>1 << i if i >= 0 else 0

    cdef PyObject* _choose(
        self, int number, uint64_t bit, const char* host, Py_ssize_t host_len, Why* why
    ) noexcept:
        """Return the route of a leaf for method and host; NULL and the reason if there is none."""
        # HOT
        cdef Leaf* leaf = &self._leaves[number]
        cdef uint64_t mask = leaf.mask
        cdef int first = leaf.first, found
        why[0] = WRONG_METHOD
        if leaf.hosts:
            why[0] = WRONG_HOST
            if host is NULL:
                return NULL
            found = self._key(self._n_nodes + self._n_prefixes + number, host, host_len)
            if found < 0:
                return NULL
            mask = self._hosts[found].mask
            first = self._hosts[found].first
        if not mask & bit:
            return NULL
        mask &= bit - 1
        return self._slots[first + (__builtin_popcountll(mask) if mask else 0)]

    cdef bint _fill(self, Search* s, CompiledRoute route) except -1:
        """Make the parameters; false when a file name turns out to be refused."""
        # HOT
        cdef Span* span
        cdef int i
        cdef dict params
        if not route.names:
            return True
        params = {}
        for i in range(len(route.names)):
            span = &s.spans[i]
            extract = route.extractors[i]
            # A route matched as a whole gives plain text.
            if extract is None or span.kind == K_RAW:
                PyDict_SetItem(params, route.names[i], make_value(span, route.unquote))
            elif not extract(params, make_value(span, False), route.unquote):
                return False
        self.params = params
        return True

    cdef int _missed(self, int miss, int leaf, const char* path, Py_ssize_t n) except -1:
        """Note why nothing was found; a 404 names the path without its trailing slashes."""
        cdef int bit
        self.miss = miss
        self.missed_path = decode(path, n)
        allowed = []
        if miss == 405:
            for bit in range(self._n_methods):
                if self._leaves[leaf].mask & (<uint64_t>1 << bit):
                    allowed.append(self.methods[bit])
        self.allowed = tuple(allowed)
        return 0

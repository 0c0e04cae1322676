"""Route matching on raw bytes: exact table, segment tree, whole-path routes. See router.pxd."""

from cpython.bytearray cimport PyByteArray_AS_STRING
from cpython.dict cimport PyDict_SetItem
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.ref cimport Py_XDECREF
from libc.string cimport memcmp

from sanic_fast._core.bytes_ cimport find_byte, hash_bytes, load_le
from sanic_fast._core.convert cimport decode, fits, keep, make_value
from sanic_fast._core.segments cimport (
    K_ALPHA, K_CAST, K_EXT, K_FLOAT, K_INT, K_LITERAL, K_PATH, K_RAW, K_REGEX, K_SLUG, K_STR,
    K_STROREMPTY, K_UUID, K_YMD, form,
)

cdef extern from *:
    int __builtin_popcountll(unsigned long long) noexcept nogil

cdef enum:
    # Parameter values kept on the C stack; a table with longer routes uses the heap.
    INLINE_SPANS = 16
    # Depth of the tree of literal prefixes; deeper prefixes are cut, not refused.
    MAX_PREFIX = 32
    # Trailing slashes dropped one by one; more than these go at once, so that a path made of
    # slashes costs no more than 64 searches.
    MAX_SLASHES = 64
    EXACT = -1
    METHOD = -2
    NONE = -1

cdef enum Why:
    WRONG_HOST
    WRONG_METHOD

PREFIX_LIMIT = MAX_PREFIX
KINDS = {
    "str": K_STR, "strorempty": K_STROREMPTY, "int": K_INT, "float": K_FLOAT, "alpha": K_ALPHA,
    "slug": K_SLUG, "uuid": K_UUID, "ymd": K_YMD, "ext": K_EXT, "path": K_PATH,
    "cast": K_CAST, "regex": K_REGEX, "literal": K_LITERAL,
}


cdef class VersionCell:
    """A counter that grows whenever something that the hot path has copied changes."""

    cpdef void bump(self) noexcept:
        """Say that something changed."""
        self.value += 1


cdef class CompiledRoute:
    """What dispatch needs of one Route, read once per change instead of once per request."""

    def __cinit__(self, route not None, VersionCell cell not None):
        self.route = route
        self.cell = cell
        self.seen = cell.value - 1
        self.names = ()
        self.request_middleware = self.response_middleware = ()

    def refresh_now(self):
        """Read the Route again."""
        self.refresh()

    def describe(self, tuple names not None, tuple extractors not None, bint unquote, bint strict,
                 bint slash):
        """Set what matching needs: called by every finalize, before the table is built."""
        self.names = names
        self.extractors = extractors
        self.unquote = unquote
        self.strict = strict
        self.slash = slash

    cdef int refresh(self) except -1:
        self.seen = self.cell.value
        extra = self.route.extra
        self.handler = self.route.handler
        self.stream = bool(getattr(extra, "stream", False))
        self.ignore_body = bool(getattr(extra, "ignore_body", False))
        self.websocket = bool(getattr(extra, "websocket", False))
        self.static = bool(getattr(extra, "static", False))
        self.request_middleware = bare(getattr(extra, "request_middleware", ()))
        self.response_middleware = bare(getattr(extra, "response_middleware", ()))
        return 0

    def __repr__(self):
        return f"<CompiledRoute of {self.route!r}>"


cdef tuple bare(entries):
    """Return the callables of a middleware deque: `Middleware` objects give their function."""
    return tuple([
        entry.func if hasattr(entry, "func") and hasattr(entry, "location") else entry
        for entry in entries or ()
    ])


cdef inline void release(Search* s) noexcept:
    cdef int i
    for i in range(s.n_spans):
        Py_XDECREF(s.spans[i].value)
        s.spans[i].value = NULL
    s.n_spans = 0


cdef class RouteTable:
    """All routes of a router, frozen. Made by `sanic_fast.routing.compile`.

    Args:
        methods: method names; bit n of every mask is the n-th of them. At most 64.
        leaves: one per group: `({bit: CompiledRoute}, {host: {bit: CompiledRoute}} or None,
            has more than one route, per-parameter forms or None)`.
        exact: whole paths without the leading slash -> leaf number.
        nodes: segment tree, root first: `(leaf or -1, {segment: node} or None, [(kind, node,
            object or None)] or None, number of edges tried before a literal that ends a route)`.
        wholes: whole-path groups in order of trial: `(leaf, [(kind, expression or spellings)] or
            None, expression, group numbers)`.
        prefixes: tree of literal prefixes, root first: `({segment: prefix}, [whole numbers])`.
    """

    def __cinit__(self, tuple methods not None, list leaves not None, dict exact not None,
                  list nodes not None, list wholes not None, list prefixes not None):
        if len(methods) > 64:
            raise ValueError("a router knows at most 64 methods")
        self._routes = []
        self._objects = []
        self._blocks = []
        cdef bytearray arena = bytearray()
        self.methods = methods
        self._allocate(leaves, exact, nodes, wholes, prefixes)
        self._load_methods(arena)
        self._load_leaves(leaves, arena, len(nodes) + len(prefixes))
        self._load_nodes(nodes, arena)
        self._load_wholes(wholes, arena)
        self._load_prefixes(prefixes, arena, len(nodes))
        for path, leaf in exact.items():
            self._add_key(EXACT, path, leaf, arena)
            self._longest_path = max(self._longest_path, len(path))
        self._text = self._arena = bytes(arena)

    # ---- building

    cdef int _allocate(
        self, list leaves, dict exact, list nodes, list wholes, list prefixes
    ) except -1:
        cdef size_t n_hosts = 0, n_slots = 0, n_elements = 0, n_ranks = 0, n_edges = 0
        cdef size_t n_keys = len(exact) + len(self.methods)
        for slots, hosts, _, _ in leaves:
            n_slots += len(slots) + sum([len(some) for some in (hosts or {}).values()])
            n_hosts += len(hosts or ())
        for _, literals, edges, _ in nodes:
            n_keys += len(literals or ())
            n_edges += len(edges or ())
        for _, elements, _, _ in wholes:
            n_elements += sum([
                len(more) if kind == K_LITERAL else 1 for kind, more in elements or ()
            ])
        for children, ranks in prefixes:
            n_keys += len(children)
            n_ranks += len(ranks)
        n_keys += n_hosts
        self._key_mask = 8
        while self._key_mask < n_keys * 2:
            self._key_mask *= 2
        self._slots = <PyObject**>self._take(n_slots, sizeof(PyObject*))
        self._leaves = <Leaf*>self._take(len(leaves), sizeof(Leaf))
        self._hosts = <Host*>self._take(n_hosts, sizeof(Host))
        self._nodes = <Node*>self._take(len(nodes), sizeof(Node))
        self._edges = <Edge*>self._take(n_edges, sizeof(Edge))
        self._keys = <Key*>self._take(self._key_mask, sizeof(Key))
        self._elements = <Element*>self._take(n_elements, sizeof(Element))
        self._wholes = <Whole*>self._take(len(wholes), sizeof(Whole))
        self._prefixes = <Prefix*>self._take(len(prefixes), sizeof(Prefix))
        self._ranks = <int32_t*>self._take(n_ranks, sizeof(int32_t))
        self._method_words = <uint64_t*>self._take(len(self.methods), sizeof(uint64_t))
        cdef uint64_t i
        for i in range(self._key_mask):
            self._keys[i].target = NONE
        self._key_mask -= 1
        self._n_nodes = len(nodes)
        self._n_wholes = len(wholes)
        self._n_prefixes = len(prefixes)
        self._n_methods = len(self.methods)
        return 0

    cdef void* _take(self, size_t count, size_t size) except NULL:
        """Return zeroed memory that lives as long as the table: one element at least."""
        cdef bytearray block = bytearray((count or 1) * size)
        self._blocks.append(block)
        return PyByteArray_AS_STRING(block)

    cdef int _load_methods(self, bytearray arena) except -1:
        cdef bytes name
        cdef int i = 0
        for text in self.methods:
            name = text.encode()
            if b"\0" in name:
                raise ValueError(f"{text!r} is no method name")
            if len(name) <= 8:
                self._method_words[i] = load_le(name, len(name))
            self._add_key(METHOD, name, i, arena)
            i += 1
        return 0

    cdef int _load_slots(self, dict slots, int32_t* first, uint64_t* mask) except -1:
        """Append one slot per method, in bit order."""
        first[0] = len(self._routes)
        mask[0] = 0
        for bit, route in sorted(slots.items()):
            if not isinstance(route, CompiledRoute):
                raise TypeError(f"CompiledRoute expected, not {route!r}")
            self._slots[len(self._routes)] = <PyObject*>route
            self._routes.append(route)
            mask[0] |= <uint64_t>1 << <int>bit
            self._max_params = max(self._max_params, len((<CompiledRoute>route).names))
        return 0

    cdef int _load_leaves(self, list leaves, bytearray arena, int host_parents) except -1:
        cdef int number = 0, n_hosts = 0
        cdef Leaf* leaf
        for slots, hosts, many, forms in leaves:
            leaf = &self._leaves[number]
            leaf.many = many
            leaf.hosts = hosts is not None
            leaf.forms = self._number(forms)
            if hosts is None:
                self._load_slots(slots, &leaf.first, &leaf.mask)
            else:
                for host, some in hosts.items():
                    self._load_slots(
                        some, &self._hosts[n_hosts].first, &self._hosts[n_hosts].mask
                    )
                    leaf.mask |= self._hosts[n_hosts].mask
                    self._add_key(host_parents + number, host, n_hosts, arena)
                    n_hosts += 1
            number += 1
        return 0

    cdef int _load_nodes(self, list nodes, bytearray arena) except -1:
        cdef int number = 0, n_edges = 0
        cdef Node* node
        for leaf, literals, edges, early in nodes:
            node = &self._nodes[number]
            node.leaf = leaf
            node.literals = bool(literals)
            node.edges = n_edges
            node.early = n_edges + <int>early
            for kind, child, thing in edges or ():
                self._edges[n_edges].kind = kind
                self._edges[n_edges].child = child
                self._edges[n_edges].object = self._number(thing)
                n_edges += 1
            node.late = n_edges
            for segment, child in (literals or {}).items():
                self._add_key(number, segment, child, arena)
                self._longest_segment = max(self._longest_segment, len(segment))
            number += 1
        return 0

    cdef int _load_wholes(self, list wholes, bytearray arena) except -1:
        cdef int number = 0, n_elements = 0
        cdef Whole* whole
        for leaf, elements, expression, groups in wholes:
            whole = &self._wholes[number]
            whole.leaf = leaf
            whole.regex = self._number(expression)
            whole.groups = self._number(groups)
            whole.elements = n_elements
            for kind, more in elements or ():
                for spelling in more if kind == K_LITERAL else (b"",):
                    self._elements[n_elements].kind = kind
                    self._elements[n_elements].object = (
                        len(more) if kind == K_LITERAL else self._number(more)
                    )
                    self._elements[n_elements].at = len(arena)
                    self._elements[n_elements].length = len(spelling)
                    arena += spelling
                    n_elements += 1
            whole.n_elements = n_elements - whole.elements
            number += 1
        return 0

    cdef int _load_prefixes(self, list prefixes, bytearray arena, int parents) except -1:
        cdef int number = 0, n_ranks = 0
        for children, ranks in prefixes:
            self._prefixes[number].first = n_ranks
            for rank in ranks:
                self._ranks[n_ranks] = rank
                n_ranks += 1
            self._prefixes[number].end = n_ranks
            for segment, child in children.items():
                self._add_key(parents + number, segment, child, arena)
                self._longest_segment = max(self._longest_segment, len(segment))
            number += 1
        return 0

    cdef int _number(self, thing) except -2:
        """Keep an object and return its number; -1 for None."""
        if thing is None:
            return NONE
        self._objects.append(thing)
        return len(self._objects) - 1

    cdef int _add_key(self, int parent, bytes text, int target, bytearray arena) except -1:
        cdef uint64_t h = hash_bytes(text, len(text), <uint64_t><int64_t>parent)
        cdef uint64_t i = h & self._key_mask
        while self._keys[i].target >= 0:
            i = (i + 1) & self._key_mask
        self._keys[i].hash = h
        self._keys[i].parent = parent
        self._keys[i].target = target
        self._keys[i].at = len(arena)
        self._keys[i].length = len(text)
        arena += text
        return 0

    # ---- matching

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
        cdef Search s
        cdef Span spans[INLINE_SPANS]
        self.params = None
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
            return self._match(&s, self._method_bit(method, method_len), path_len, host, host_len)
        finally:
            release(&s)
            self.visited = s.visited
            if s.spans is not spans:
                PyMem_Free(s.spans)

    cdef CompiledRoute _match(
        self, Search* s, uint64_t bit, Py_ssize_t path_len, const char* host, Py_ssize_t host_len,
    ):
        """Try the path as it is, then with one trailing slash less each time."""
        cdef int leaf, mismatch = NONE, why = WRONG_HOST
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
                break
            self._drop_slash(s, path_len)
        if mismatch >= 0:
            self._missed(405, mismatch, s.path, path_len)
        else:
            self._missed(404, NONE, s.path, s.end if s.end > 1 else 0)
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
        if 0 < n <= 8 and method[n - 1] != 0:
            word = load_le(method, n)
            for i in range(self._n_methods):
                if self._method_words[i] == word:
                    return <uint64_t>1 << i
            return 0
        i = self._key(METHOD, method, n)
        return <uint64_t>1 << i if i >= 0 else 0

    cdef PyObject* _choose(
        self, int number, uint64_t bit, const char* host, Py_ssize_t host_len, int* why
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
        return self._slots[first + __builtin_popcountll(mask & (bit - 1))]

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

"""Compiled routes, and the building of a route table's arrays. See routes.pxd."""

from cpython.bytearray cimport PyByteArray_AS_STRING

from sanic_fast._core.bytes_ cimport hash_bytes, load_word
from sanic_fast._core.segments cimport K_LITERAL


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


cdef class RouteArrays:
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
        self._methods = <Method*>self._take(len(self.methods), sizeof(Method))
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
            self._methods[i].length = len(name)
            self._methods[i].word = load_word(name, min(len(name), 8))
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

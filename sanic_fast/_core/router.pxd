"""Route matching on raw bytes.

Order of use: `routing/compile.py` makes a `RouteTable` from plain Python lists at finalize; a
request calls `match()`, then reads `params` (or `miss`, `allowed`, `missed_path`) before anything
else can call `match()` again; the `CompiledRoute` it got is refreshed when `cell.value != seen`.
"""

from cpython.ref cimport PyObject
from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t

from sanic_fast._core.convert cimport Span


cdef class VersionCell:
    # grows at every change of whatever shares the cell
    cdef public unsigned long long value
    cpdef void bump(self) noexcept


cdef class CompiledRoute:
    cdef object __weakref__
    # the Python Route; it holds us too, the collector knows the cycle
    cdef readonly object route
    # shared with the Route, its `extra` and the deques there; never replaced
    cdef readonly VersionCell cell
    # value of the cell at the last refresh()
    cdef readonly unsigned long long seen
    cdef readonly object handler
    cdef readonly bint stream
    cdef readonly bint ignore_body
    cdef readonly bint websocket
    # serves files
    cdef readonly bint static
    # snapshots in run order, Middleware objects replaced by their functions
    cdef readonly tuple request_middleware
    cdef readonly tuple response_middleware
    # names of the path parameters in path order
    cdef readonly tuple names
    # per parameter: None, or a function `(params, value, unquote) -> bool` that stores its values
    cdef tuple extractors
    cdef bint unquote
    # a request must agree with the trailing slash of the route
    cdef bint strict
    cdef bint slash
    cdef int refresh(self) except -1


cdef struct Leaf:
    # One route group: all routes of one generalised path.
    uint64_t mask         # bit per method; slots lie in bit order from `first`
    int32_t first
    bint hosts            # only for certain host names
    int32_t forms         # index of a tuple of expressions every segment must match too, or -1
    bint many             # more than one route

cdef struct Host:
    # One host name of a leaf; found through the key table.
    uint64_t mask
    int32_t first

cdef struct Node:
    # One position of the segment tree.
    int32_t leaf          # group that ends here, or -1
    int32_t edges         # first of its parameter edges, in order of trial
    int32_t early         # end of those tried before a literal child that ends a route
    int32_t late          # end of all
    bint literals         # has literal children (in the key table)

cdef struct Edge:
    int32_t kind
    int32_t child
    int32_t object        # cast or expression, or -1

cdef struct Key:
    # Slot of the literal table: (parent, bytes) -> target; empty if target < 0.
    uint64_t hash
    int32_t parent
    int32_t target
    uint32_t at
    int32_t length

cdef struct Element:
    # One segment of a Whole; a literal may have a second spelling in the next record.
    int32_t kind
    int32_t object        # expression, or number of spellings of a literal
    uint32_t at
    int32_t length

cdef struct Whole:
    # A group matched over the whole path, behind its literal prefix.
    int32_t leaf
    int32_t elements      # first Element, for segment-wise globbing
    int32_t n_elements
    int32_t regex         # index of the whole expression (used instead of the elements), or -1
    int32_t groups        # index of the tuple of its group numbers, or -1

cdef struct Prefix:
    # Node of the tree of literal prefixes: ranks of the wholes that hang here.
    int32_t first
    int32_t end

cdef struct Search:
    # One call of match(), on its stack.
    const char* path
    Py_ssize_t end        # length of the path as tried now
    Span* spans
    int n_spans           # how many are filled after a successful search
    bint literal          # found by the exact table
    int visited


cdef class RouteTable:
    # outcome of the last match(); see the module text
    cdef readonly object params
    cdef readonly int miss
    cdef readonly object allowed
    cdef readonly str missed_path
    # tree nodes looked at and expressions tried by the last match()
    cdef readonly int visited

    # method names in bit order, owned
    cdef readonly tuple methods
    # keeps every CompiledRoute of `_slots` alive
    cdef list _routes
    # casts, expressions, tuples named by number
    cdef list _objects
    # all literal bytes; `_text` points into it
    cdef bytes _arena
    cdef const char* _text
    # own the C arrays below, which are filled once, in __cinit__
    cdef list _blocks
    cdef PyObject** _slots
    cdef Leaf* _leaves
    cdef Host* _hosts
    cdef Node* _nodes
    cdef Edge* _edges
    cdef Key* _keys
    cdef Element* _elements
    cdef Whole* _wholes
    cdef Prefix* _prefixes
    cdef int32_t* _ranks
    cdef uint64_t* _method_words
    cdef uint64_t _key_mask
    cdef int _n_methods
    cdef int _n_nodes
    cdef int _n_wholes
    cdef int _n_prefixes
    cdef int _max_params
    cdef Py_ssize_t _longest_path
    cdef Py_ssize_t _longest_segment

    cdef int _allocate(
        self, list leaves, dict exact, list nodes, list wholes, list prefixes
    ) except -1
    cdef void* _take(self, size_t count, size_t size) except NULL
    cdef int _load_methods(self, bytearray arena) except -1
    cdef int _load_slots(self, dict slots, int32_t* first, uint64_t* mask) except -1
    cdef int _load_leaves(self, list leaves, bytearray arena, int host_parents) except -1
    cdef int _load_nodes(self, list nodes, bytearray arena) except -1
    cdef int _load_wholes(self, list wholes, bytearray arena) except -1
    cdef int _load_prefixes(self, list prefixes, bytearray arena, int parents) except -1
    cdef int _number(self, thing) except -2
    cdef int _add_key(self, int parent, bytes text, int target, bytearray arena) except -1

    cdef CompiledRoute match(
        self, const char* method, Py_ssize_t method_len, const char* path, Py_ssize_t path_len,
        const char* host, Py_ssize_t host_len,
    )
    cdef CompiledRoute _match(
        self, Search* s, uint64_t bit, Py_ssize_t path_len, const char* host, Py_ssize_t host_len,
    )
    cdef void _drop_slash(self, Search* s, Py_ssize_t path_len) noexcept
    cdef int _search(self, Search* s) except -2
    cdef int _walk(self, Search* s, int number, Py_ssize_t at, int n_params) except -2
    cdef int _try_edge(
        self, Search* s, Edge* edge, Py_ssize_t at, Py_ssize_t stop, int n_params
    ) except -2
    cdef bint _forms(self, Search* s, Leaf* leaf, int n_params) except -1
    cdef int _try_wholes(self, Search* s) except -2
    cdef bint _glob(self, Search* s, Whole* whole, Py_ssize_t at) except -1
    cdef int _element(self, Element* element, const char* p, Py_ssize_t n) except -1
    cdef bint _expression(self, Search* s, Whole* whole, Py_ssize_t at) except -1
    cdef int _key(self, int parent, const char* p, Py_ssize_t n) noexcept
    cdef uint64_t _method_bit(self, const char* method, Py_ssize_t n) noexcept
    cdef PyObject* _choose(
        self, int number, uint64_t bit, const char* host, Py_ssize_t host_len, int* why
    ) noexcept
    cdef bint _fill(self, Search* s, CompiledRoute route) except -1
    cdef int _missed(self, int miss, int leaf, const char* path, Py_ssize_t n) except -1

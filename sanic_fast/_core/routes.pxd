"""What matching reads: compiled routes, and the arrays that a table is made of.

`routing/compile.py` makes plain Python lists at finalize; `RouteArrays` turns them into C arrays,
once. `router.pxd` has the matching.
"""

cimport cython
from cpython.ref cimport PyObject
from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t

cdef enum:
    # Parents in the key table that are no node.
    EXACT = -1
    METHOD = -2
    # "No such thing", for all numbers of things.
    NONE = -1
    # Depth of the tree of literal prefixes; deeper prefixes are cut, not refused.
    MAX_PREFIX = 32


@cython.final
cdef class VersionCell:
    # grows at every change of whatever shares the cell
    cdef public unsigned long long value
    cpdef void bump(self) noexcept


@cython.final
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


cdef struct Method:
    uint64_t word         # `load_word()` of the name, if it has at most 8 bytes
    Py_ssize_t length

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


cdef class RouteArrays:
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
    cdef Method* _methods
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

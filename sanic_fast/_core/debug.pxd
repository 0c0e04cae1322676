cdef extern from "debug.h":
    bint SF_DEBUG

"""Class attributes of extension types, which Python code may not assign."""

cdef extern from "typeattr.h":
    int sf_set_type_attr(object type_, const char* name, object value) except -1

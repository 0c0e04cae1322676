"""Request ids."""

cdef object random_uuid()
cdef object parse_id(object value)

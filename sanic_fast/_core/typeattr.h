/* Class attributes of static extension types, which Python code may not assign. */
#ifndef SF_TYPEATTR_H
#define SF_TYPEATTR_H
#include <Python.h>

/* Set `type.name`, seen by subclasses too; -1 with an exception set where that fails. */
static int sf_set_type_attr(PyObject *type, const char *name, PyObject *value) {
#if PY_VERSION_HEX >= 0x030C0000
    PyObject *dict = PyType_GetDict((PyTypeObject *)type);
#else
    PyObject *dict = ((PyTypeObject *)type)->tp_dict;
    Py_XINCREF(dict);
#endif
    int result = dict == NULL ? -1 : PyDict_SetItemString(dict, name, value);
    Py_XDECREF(dict);
    PyType_Modified((PyTypeObject *)type);
    return result;
}

#endif

/*
 * The standard library slices that are written in Python (src/python/lib), as text in the program.
 *
 * They are executed by the interpreter like any module; what they need of the host they import from
 * _host (lib_host.c). A name that one of them lacks is an unknown, as with partial native modules.
 */
#ifndef PYTHON_EMBEDDED_H
#define PYTHON_EMBEDDED_H

struct py_embedded {
    const char *name; /* dotted; NULL ends the table */
    const char *text;
};

extern const struct py_embedded py_embedded_modules[];

#endif

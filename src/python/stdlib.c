/* The table of the standard library. */
#include "config.h"

#include "python/interp.h"

#define STDLIB(id) extern const struct py_native_module py_##id##_module;
#include "python/stdlib.def"
#undef STDLIB

const struct py_native_module *const py_stdlib_modules[] = {
#define STDLIB(id) &py_##id##_module,
#include "python/stdlib.def"
#undef STDLIB
    NULL,
};

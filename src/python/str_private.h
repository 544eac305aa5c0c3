/*
 * What the files of the class str share: str_class.c has the class, str_char.c what asks about
 * single characters, str_search.c what looks for one text in another and cuts there.
 */
#ifndef PYTHON_STR_PRIVATE_H
#define PYTHON_STR_PRIVATE_H

#include "python/interp.h"

static inline const struct py_str *py_str_self(struct py_call *call)
{
    return py_str_of(call->self);
}

/* ------------------------------------------------------------------ str_char.c */

/* The characters of a text, one after the other. */
struct py_char_walk {
    const char *p, *end;
};

struct py_char_walk py_char_walk(const struct py_str *s);
bool py_char_next(struct py_char_walk *w, uint32_t *c); /* false: there are no more */
void py_char_add(struct str *out, uint32_t c);
bool py_char_is_space(uint32_t c);

/* upper, lower, title and their like; isupper, isdigit and theirs. */
struct py_value py_str_case(struct py_run *run, struct py_call *call);
struct py_value py_str_is(struct py_run *run, struct py_call *call);

/* ------------------------------------------------------------------ str_search.c */

/* An argument that must be a str. */
const struct py_str *py_str_arg(struct py_run *run, struct py_value v);

/* One function for methods that are alike: call->function->name tells which. */
struct py_value py_str_find(struct py_run *run, struct py_call *call);
struct py_value py_str_count(struct py_run *run, struct py_call *call);
struct py_value py_str_starts(struct py_run *run, struct py_call *call);
struct py_value py_str_strip(struct py_run *run, struct py_call *call);
struct py_value py_str_split(struct py_run *run, struct py_call *call);
struct py_value py_str_splitlines(struct py_run *run, struct py_call *call);
struct py_value py_str_partition(struct py_run *run, struct py_call *call);
struct py_value py_str_remove(struct py_run *run, struct py_call *call);
extern const struct py_arg py_str_split_args[], py_str_splitlines_args[];

#endif

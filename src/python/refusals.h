/*
 * Why something is refused: the kinds, with the code that users see. See refusals.def; the manual
 * page retort-python(7) is made from the same rows.
 */
#ifndef PYTHON_REFUSALS_H
#define PYTHON_REFUSALS_H

enum py_refusal {
#define PY_REFUSAL(id, code, title, explanation) PY_REFUSE_##id,
#include "python/refusals.def"
#undef PY_REFUSAL
    PY_REFUSALS
};

/* The code of a kind: "RT1201"; a static string. */
const char *py_refusal_code(enum py_refusal refusal);

/* The kind that has the code; there must be one. */
enum py_refusal py_refusal_of(const char *code);

/* Its title: "Module not available"; a static string. */
const char *py_refusal_title(enum py_refusal refusal);

/* What it means and what to do about it, one paragraph; a static string. */
const char *py_refusal_explanation(enum py_refusal refusal);

#endif

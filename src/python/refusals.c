#include "config.h"

#include "python/refusals.h"

#include <string.h>

static const struct {
    const char *code, *title, *explanation;
} refusals[] = {
#define PY_REFUSAL(id, code, title, explanation) [PY_REFUSE_##id] = {code, title, explanation},
#include "python/refusals.def"
#undef PY_REFUSAL
};

const char *py_refusal_code(enum py_refusal refusal)
{
    return refusals[refusal].code;
}

enum py_refusal py_refusal_of(const char *code)
{
    enum py_refusal refusal = 0;
    while (refusal + 1 < PY_REFUSALS && strcmp(refusals[refusal].code, code) != 0)
        refusal++;
    return refusal;
}

const char *py_refusal_title(enum py_refusal refusal)
{
    return refusals[refusal].title;
}

const char *py_refusal_explanation(enum py_refusal refusal)
{
    return refusals[refusal].explanation;
}

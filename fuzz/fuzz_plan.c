/* Plans as JSON: what is taken for a plan is written and read again as the same one. */
#include "config.h"

#include "fuzz/fuzz.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/err.h"
#include "run/plan_json.h"

/* NULL: it is refused. */
static json_t *there_and_back(struct arena *a, const json_t *json)
{
    struct err err = ERR_INIT;
    struct plan *plan = NULL;
    json_t *again = NULL;
    if (plan_from_json(a, json, NULL, &plan, &err)) {
        again = plan_to_json(plan, &err);
        if (!again)
            abort(); /* all texts came out of JSON, so they are UTF-8 */
        plan_clear(plan);
    } else if (!err.message) {
        abort();
    }
    err_clear(&err);
    return again;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    json_t *json = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
    json_t *once = json ? there_and_back(a, json) : NULL;
    json_t *twice = once ? there_and_back(a, once) : NULL;
    if (once && (!twice || !json_equal(once, twice)))
        abort();
    json_decref(json);
    json_decref(once);
    json_decref(twice);
    arena_free(a);
    return 0;
}

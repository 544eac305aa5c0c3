/* What a worker or its client sends: an event, or none; one that is taken says the same again. */
#include "config.h"

#include "fuzz/fuzz.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/err.h"
#include "run/protocol.h"

/* Two steps of two statements. */
static struct plan *make_plan(struct arena *a)
{
    struct plan *plan = ARENA_NEW(a, struct plan);
    const struct plan_statement statement = {.sql = "SELECT 1"};
    for (int i = 0; i < 2; i++) {
        struct plan_step step = {.from = "a", .to = "b"};
        vec_push(a, &step.statements, statement);
        vec_push(a, &step.statements, statement);
        vec_push(a, &plan->steps, step);
    }
    return plan;
}

/* NULL: it is no event. Its error is read into a new one each time. */
static json_t *there_and_back(const json_t *json, const struct plan *plan)
{
    struct err err = ERR_INIT;
    struct run_event event;
    struct live_asked asked;
    json_t *again = NULL;
    if (protocol_read_event(json, plan, &event, &err)) {
        if (protocol_read_asked(json, &asked))
            event.asked = &asked;
        again = protocol_event(&event, plan);
    }
    err_clear(&err);
    return again;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    const struct plan *plan = make_plan(a);
    json_t *json = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
    if (json) {
        json_t *once = there_and_back(json, plan);
        json_t *twice = once ? there_and_back(once, plan) : NULL;
        if (once && (!twice || !json_equal(once, twice)))
            abort();
        json_decref(once);
        json_decref(twice);
        json_decref(json);
    }
    arena_free(a);
    return 0;
}

#include "config.h"

#include "run/run_edit.h"

#include "base/arena.h"
#include "base/str.h"
#include "run/plan_edit.h"

static const char *const kind_names[] = {
    [RUN_EDIT_REPLACE] = "replace",
    [RUN_EDIT_INSERT] = "insert",
    [RUN_EDIT_REMOVE] = "remove",
};

enum { KINDS = sizeof(kind_names) / sizeof(kind_names[0]) };

bool run_edit_apply(struct plan *plan, const struct run_edit *edit, struct err *err)
{
    struct arena *a = plan->arena;
    if (!a)
        return err_set(err, ERR_USAGE, "this plan cannot be edited");
    const char *text = arena_strdup(a, edit->text ? edit->text : "");
    size_t step = edit->at.step, statement = edit->at.statement;
    switch (edit->kind) {
    case RUN_EDIT_REPLACE:
        return plan_edit_replace(a, plan, step, statement, text, NULL, err);
    case RUN_EDIT_INSERT:
        return plan_edit_insert(a, plan, step, statement, text, edit->in_transaction, NULL, err);
    case RUN_EDIT_REMOVE:
        return plan_edit_remove(a, plan, step, statement, err);
    }
    return err_set(err, ERR_INTERNAL, "no such edit");
}

struct position run_edit_move(const struct run_edit *edit, size_t before, size_t after,
                              struct position at)
{
    bool behind = edit->kind == RUN_EDIT_INSERT ? at.statement >= edit->at.statement
                                                : at.statement > edit->at.statement;
    if (at.step == edit->at.step && behind)
        at.statement = at.statement + after - before;
    return at;
}

json_t *run_edit_json(const struct run_edit *edit)
{
    json_t *o = json_object();
    json_object_set_new(o, "how", json_string(kind_names[edit->kind]));
    json_object_set_new(o, "at", position_json(edit->at));
    if (edit->text)
        json_object_set_new(o, "text", json_string(edit->text));
    json_object_set_new(o, "in_transaction", json_boolean(edit->in_transaction));
    return o;
}

bool run_edit_read(const json_t *json, struct run_edit *out)
{
    const char *how = json_string_value(json_object_get(json, "how"));
    size_t kind = 0;
    while (kind < KINDS && !str_eq(kind_names[kind], how))
        kind++;
    *out = (struct run_edit){
        .kind = (enum run_edit_kind)kind,
        .text = json_string_value(json_object_get(json, "text")),
        .in_transaction = json_is_true(json_object_get(json, "in_transaction")),
    };
    return kind < KINDS && (out->text || kind == RUN_EDIT_REMOVE) &&
           position_read(json_object_get(json, "at"), &out->at);
}

json_t *position_json(struct position at)
{
    return json_pack("[I, I]", (json_int_t)at.step, (json_int_t)at.statement);
}

bool position_read(const json_t *json, struct position *out)
{
    const json_t *step = json_array_get(json, 0), *statement = json_array_get(json, 1);
    if (!json_is_integer(step) || !json_is_integer(statement) || json_integer_value(step) < 0 ||
        json_integer_value(statement) < 0)
        return false;
    *out =
        (struct position){(size_t)json_integer_value(step), (size_t)json_integer_value(statement)};
    return true;
}

#include "config.h"

#include "run/run_edit.h"

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "run/plan_edit.h"
#include "run/plan_live.h"

static const char *const kind_names[] = {
    [RUN_EDIT_REPLACE] = "replace", [RUN_EDIT_INSERT] = "insert",
    [RUN_EDIT_REMOVE] = "remove",   [RUN_EDIT_TAKE] = "take",
    [RUN_EDIT_DROP] = "drop",       [RUN_EDIT_RENEW] = "renew",
};

enum { KINDS = sizeof(kind_names) / sizeof(kind_names[0]) };

bool run_edit_is_ordered(const struct run_edit *edit)
{
    return edit->kind <= RUN_EDIT_REMOVE;
}

static bool take(struct plan *plan, const struct run_edit *edit, struct err *err)
{
    const struct plan_statement taken = {.sql = edit->text,
                                         .origin = edit->origin,
                                         .in_transaction = edit->in_transaction,
                                         .nondeterministic = edit->nondeterministic};
    return plan_live_take(plan, edit->at.step, edit->at.statement, edit->number, &taken, err);
}

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
    case RUN_EDIT_TAKE:
        return take(plan, edit, err);
    case RUN_EDIT_DROP:
        return plan_live_drop(plan, step, edit->number, err);
    case RUN_EDIT_RENEW:
        return plan_live_renew(plan, step, edit->number, text, err);
    }
    return err_set(err, ERR_INTERNAL, "no such edit");
}

struct position run_edit_move(const struct run_edit *edit, size_t before, size_t after,
                              struct position at)
{
    bool inserts = edit->kind == RUN_EDIT_INSERT || edit->kind == RUN_EDIT_TAKE;
    bool behind = inserts ? at.statement >= edit->at.statement : at.statement > edit->at.statement;
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
    if (run_edit_is_ordered(edit))
        return o;
    json_object_set_new(o, "number", json_integer((json_int_t)edit->number));
    if (edit->origin.file)
        json_object_set_new(o, "file", json_string(edit->origin.file));
    json_object_set_new(o, "line", json_integer(edit->origin.line));
    json_object_set_new(o, "column", json_integer(edit->origin.column));
    json_object_set_new(o, "revision_line", json_integer(edit->origin.revision_line));
    json_object_set_new(o, "revision_end", json_integer(edit->origin.revision_end));
    json_object_set_new(o, "nondeterministic", json_boolean(edit->nondeterministic));
    return o;
}

/* Not negative. */
static int number_of(const json_t *json, const char *key)
{
    json_int_t value = json_integer_value(json_object_get(json, key));
    return value > 0 && value < INT32_MAX ? (int)value : 0;
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
        .nondeterministic = json_is_true(json_object_get(json, "nondeterministic")),
        .origin = {.file = json_string_value(json_object_get(json, "file")),
                   .line = number_of(json, "line"),
                   .column = number_of(json, "column"),
                   .revision_line = number_of(json, "revision_line"),
                   .revision_end = number_of(json, "revision_end")},
        .number = (size_t)number_of(json, "number"),
    };
    bool needs_text = kind != RUN_EDIT_REMOVE && kind != RUN_EDIT_DROP;
    return kind < KINDS && (out->text || !needs_text) &&
           (kind <= RUN_EDIT_REMOVE || out->number > 0) &&
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

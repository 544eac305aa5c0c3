#include "config.h"

#include "run/plan_json.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/str.h"
#include "run/plan_names.h"
#include "run/timeouts.h"

const char *const plan_change_words[] = {
    [ROW_INSERT] = "insert", [ROW_UPDATE] = "update", [ROW_DELETE] = "delete", NULL};

const char *const plan_status_words[] = {[READING_OK] = "ok",
                                         [READING_LIVE] = "live",
                                         [READING_RAISES] = "raises",
                                         [READING_PYTHON] = "python",
                                         NULL};

const char *const plan_control_words[] = {[SQL_CONTROL_NONE] = "none",
                                          [SQL_CONTROL_BEGIN] = "begin",
                                          [SQL_CONTROL_COMMIT] = "commit",
                                          [SQL_CONTROL_ROLLBACK] = "rollback",
                                          [SQL_CONTROL_SAVEPOINT] = "savepoint",
                                          [SQL_CONTROL_OTHER] = "other",
                                          NULL};

const char *const plan_sets_words[] = {[SQL_SETS_NOTHING] = "nothing",
                                       [SQL_SETS_LOCAL] = "local",
                                       [SQL_SETS_SESSION] = "session",
                                       NULL};

/* JSON has UTF-8 only; a text that is not would be lost, so the whole is given up. */
struct writer {
    const char *lost; /* the member whose text is not UTF-8; NULL: none */
};

static void put_text(struct writer *w, json_t *o, const char *key, const char *text)
{
    json_t *value = text ? json_string(text) : json_null();
    if (!value)
        w->lost = key;
    else
        json_object_set_new(o, key, value);
}

static void put_bool(json_t *o, const char *key, bool value)
{
    json_object_set_new(o, key, json_boolean(value));
}

static void put_int(json_t *o, const char *key, json_int_t value)
{
    json_object_set_new(o, key, json_integer(value));
}

static void put_names(struct writer *w, json_t *o, const char *key, const struct name_list *names)
{
    json_t *array = json_array();
    for (size_t i = 0; i < names->len; i++) {
        json_t *name = json_string(names->at[i]);
        if (!name)
            w->lost = key;
        else
            json_array_append_new(array, name);
    }
    json_object_set_new(o, key, array);
}

static json_t *locked_json(struct writer *w, const struct sql_locked_list *locked)
{
    json_t *array = json_array();
    for (size_t i = 0; i < locked->len; i++) {
        json_t *o = json_object();
        put_text(w, o, "relation", locked->at[i].relation);
        put_text(w, o, "lock", sql_lock_name(locked->at[i].lock));
        json_array_append_new(array, o);
    }
    return array;
}

static json_t *effect_json(struct writer *w, const struct sql_effect *effect)
{
    json_t *o = json_object();
    put_bool(o, "known", effect->known);
    put_int(o, "statements", (json_int_t)effect->statements);
    put_text(w, o, "tag", effect->tag);
    put_text(w, o, "relation", effect->relation);
    put_text(w, o, "lock", sql_lock_name(effect->lock));
    put_bool(o, "makes_relation", effect->makes_relation);
    json_object_set_new(o, "locked", locked_json(w, &effect->locked));
    put_bool(o, "outside_only", effect->outside_only);
    put_bool(o, "concurrent", effect->concurrent);
    put_text(w, o, "control", plan_control_words[effect->control]);
    put_text(w, o, "sets_timeouts", plan_sets_words[effect->sets_timeouts]);
    put_text(w, o, "loses_data", effect->loses_data);
    put_bool(o, "rewrites", effect->rewrites);
    return o;
}

static void put_origin(struct writer *w, json_t *o, const struct op_origin *origin)
{
    put_text(w, o, "file", origin->file);
    put_int(o, "line", origin->line);
    put_int(o, "column", origin->column);
    put_int(o, "revision_line", origin->revision_line);
    if (origin->revision_end > origin->revision_line)
        put_int(o, "revision_end", origin->revision_end);
}

static json_t *statement_json(struct writer *w, const struct plan_statement *s)
{
    json_t *o = json_object();
    put_text(w, o, "sql", s->sql);
    if (!str_eq(s->rendered, s->sql))
        put_text(w, o, "rendered", s->rendered);
    put_origin(w, o, &s->origin);
    put_bool(o, "in_transaction", s->in_transaction);
    put_bool(o, "version_row", s->version_row);
    put_bool(o, "nondeterministic", s->nondeterministic);
    put_int(o, "number", (json_int_t)s->number);
    if (s->asked_before > 0)
        put_int(o, "asked_before", (json_int_t)s->asked_before);
    put_text(w, o, "timeouts",
             timeouts_class_name(timeouts_class(&s->effect, s->in_transaction, s->version_row)));
    json_object_set_new(o, "effect", effect_json(w, &s->effect));
    return o;
}

static void put_statements(struct writer *w, json_t *o, const char *key,
                           const struct plan_statement_list *statements)
{
    json_t *array = json_array();
    for (size_t i = 0; i < statements->len; i++)
        json_array_append_new(array, statement_json(w, &statements->at[i]));
    json_object_set_new(o, key, array);
}

static void put_segments(json_t *o, const struct plan_segment_list *segments)
{
    json_t *array = json_array();
    for (size_t i = 0; i < segments->len; i++) {
        const struct plan_segment *segment = &segments->at[i];
        json_array_append_new(
            array, json_pack("{s:b, s:I, s:I}", "in_transaction", segment->in_transaction, "first",
                             (json_int_t)segment->first, "count", (json_int_t)segment->count));
    }
    json_object_set_new(o, "segments", array);
}

static void put_changes(struct writer *w, json_t *o, const struct row_change_list *changes)
{
    json_t *array = json_array();
    for (size_t i = 0; i < changes->len; i++) {
        json_t *change = json_object();
        put_text(w, change, "kind", plan_change_words[changes->at[i].kind]);
        put_text(w, change, "from", changes->at[i].from);
        put_text(w, change, "to", changes->at[i].to);
        json_array_append_new(array, change);
    }
    json_object_set_new(o, "changes", array);
}

static void put_prints(struct writer *w, json_t *o, const char *key,
                       const struct revision_prints *prints)
{
    json_t *array = json_array();
    for (size_t i = 0; i < prints->len; i++) {
        json_t *print = json_object();
        put_int(print, "before", (json_int_t)prints->at[i].before);
        put_text(w, print, "text", prints->at[i].text);
        json_array_append_new(array, print);
    }
    json_object_set_new(o, key, array);
}

static void put_status(struct writer *w, json_t *o, const struct rendering *rendering)
{
    put_text(w, o, "status", plan_status_words[rendering->status]);
    if (rendering->status == READING_OK)
        return;
    put_text(w, o, "reason", rendering->err.message);
    put_int(o, "line", rendering->err.line);
    put_int(o, "column", rendering->err.column);
}

static void put_fingerprint(struct writer *w, json_t *o, uint64_t value)
{
    char text[17];
    snprintf(text, sizeof(text), "%016" PRIx64, value);
    put_text(w, o, "fingerprint", text);
}

static void put_files(struct writer *w, json_t *o, const struct revision_modules *files)
{
    json_t *array = json_array();
    for (size_t i = 0; i < files->len; i++) {
        json_t *file = json_object();
        put_text(w, file, "file", files->at[i].path);
        put_fingerprint(w, file, files->at[i].fingerprint);
        json_array_append_new(array, file);
    }
    json_object_set_new(o, "files", array);
}

static json_t *asked_json(struct writer *w, const struct live_asked *asked)
{
    json_t *o = json_object();
    if (asked->sql)
        put_text(w, o, "sql", asked->sql);
    if (asked->call)
        put_text(w, o, "call", asked->call);
    put_text(w, o, "answer", asked->answer);
    if (asked->note)
        put_text(w, o, "note", asked->note);
    put_bool(o, "outdated", asked->outdated);
    put_origin(w, o, &asked->origin);
    return o;
}

/* What it asked the database, where it did. */
static void put_live(struct writer *w, json_t *o, const struct plan_step *step)
{
    if (step->live)
        put_bool(o, "live", true);
    if (step->open) {
        json_t *open = json_object();
        put_text(w, open, "reason", step->open_reason);
        put_origin(w, open, &step->open_at);
        json_object_set_new(o, "open", open);
    }
    if (!step->asked.len)
        return;
    json_t *list = json_array();
    for (size_t i = 0; i < step->asked.len; i++)
        json_array_append_new(list, asked_json(w, &step->asked.at[i]));
    json_object_set_new(o, "asked", list);
}

static json_t *step_json(struct writer *w, const struct plan_step *step)
{
    json_t *o = json_object();
    put_text(w, o, "verb", plan_verb_name(step->verb));
    put_text(w, o, "revision", step->id);
    put_text(w, o, "file", step->file);
    put_fingerprint(w, o, step->rendering.fingerprint);
    put_text(w, o, "doc", step->doc);
    put_text(w, o, "from", step->from);
    put_text(w, o, "to", step->to);
    put_names(w, o, "rows_before", &step->rows_before);
    put_names(w, o, "rows_after", &step->rows_after);
    put_changes(w, o, &step->changes);
    put_prints(w, o, "prints", &step->rendering.prints);
    put_prints(w, o, "prints_after", &step->applied.prints);
    put_status(w, o, &step->rendering);
    if (step->bridge)
        put_bool(o, "bridge", true);
    put_live(w, o, step);
    put_segments(o, &step->segments);
    put_bool(o, "edited", step->edited);
    put_statements(w, o, "statements", &step->statements);
    if (step->edited)
        put_statements(w, o, "original", &step->original);
    return o;
}

static json_t *database_json(struct writer *w, const struct plan_database *database)
{
    json_t *o = json_object();
    put_text(w, o, "identity", database->identity ? database->identity : "");
    put_text(w, o, "name", database->name ? database->name : "");
    put_int(o, "oid", database->oid);
    put_int(o, "server_version", database->server_version);
    return o;
}

static json_t *table_json(struct writer *w, const struct plan *plan)
{
    json_t *o = json_object();
    put_text(w, o, "name", plan->table.name);
    put_text(w, o, "schema", plan->table.schema);
    put_bool(o, "primary_key", plan->table.primary_key);
    put_bool(o, "create", plan->create_version_table);
    return o;
}

json_t *plan_to_json(const struct plan *plan, struct err *err)
{
    struct writer w = {0};
    json_t *o = json_object(), *steps = json_array();
    put_int(o, "retort_plan", PLAN_FORM);
    put_text(&w, o, "verb", plan_verb_name(plan->verb));
    put_text(&w, o, "target", plan->target ? plan->target : "");
    put_text(&w, o, "scope", plan_scope_name(plan->scope));
    put_bool(o, "scope_chosen", plan->scope_chosen);
    json_object_set_new(o, "database", database_json(&w, &plan->database));
    json_object_set_new(o, "version_table", table_json(&w, plan));
    put_names(&w, o, "rows", &plan->rows);
    put_files(&w, o, &plan->files);
    put_text(&w, o, "warning", plan->warning);
    put_int(o, "statement_count", (json_int_t)plan->statement_count);
    for (size_t i = 0; i < plan->steps.len; i++)
        json_array_append_new(steps, step_json(&w, &plan->steps.at[i]));
    json_object_set_new(o, "steps", steps);
    if (!w.lost)
        return o;
    json_decref(o);
    err_set(err, ERR_COMMAND, "the plan cannot be written as JSON: '%s' is not UTF-8", w.lost);
    return NULL;
}

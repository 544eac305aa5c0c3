/*
 * The functions of context.configure(on_version_apply=...): they are called after every step, in
 * the evaluation of env.py that they come from, and what they print and execute belongs to the
 * step.
 */
#include "config.h"

#include "alembic/env_run.h"
#include "base/arena.h"
#include "base/err.h"

struct env_callbacks {
    struct py_run *run;
    struct py_tuple *functions;
};

void env_read_callbacks(struct py_run *run, struct env_options *options, struct py_value value,
                        const char *name)
{
    options->callbacks = NULL;
    if (py_is_unset(value))
        return;
    if (py_is_unknown(value)) {
        env_find(run, false, "%s is not known: what it does beside the migrations is left out",
                 name);
        return;
    }
    struct env_callbacks *callbacks = py_alloc(run, sizeof(*callbacks));
    callbacks->run = run;
    callbacks->functions = py_callable(run, value) ? py_tuple_of(py_new_tuple(run, &value, 1))
                                                   : py_items(run, value);
    options->callbacks = callbacks;
    env_find(run, false, "%s: what it prints and executes is done, all else is left out", name);
}

/* ---- the step, as the functions see it: MigrationInfo ---- */

static const struct env_applied *info_of(struct py_call *call)
{
    return *(const struct env_applied **)py_payload(call->self, &env_migration_info_class);
}

static struct py_value id_tuple(struct py_run *run, const struct name_list *ids)
{
    struct py_value *items = py_alloc(run, (ids->len + 1) * sizeof(*items));
    for (size_t i = 0; i < ids->len; i++)
        items[i] = py_new_str(run, ids->at[i]);
    return py_new_tuple(run, items, ids->len);
}

static struct py_value is_upgrade(struct py_run *run, struct py_call *call)
{
    (void)run;
    return py_bool(info_of(call)->is_upgrade);
}

static struct py_value is_stamp(struct py_run *run, struct py_call *call)
{
    (void)run;
    return py_bool(info_of(call)->is_stamp);
}

static struct py_value is_migration(struct py_run *run, struct py_call *call)
{
    (void)run;
    return py_bool(!info_of(call)->is_stamp);
}

static struct py_value up_revision_id(struct py_run *run, struct py_call *call)
{
    const struct name_list *up = &info_of(call)->up;
    return up->len ? py_new_str(run, up->at[0]) : py_none();
}

static struct py_value up_revision_ids(struct py_run *run, struct py_call *call)
{
    return id_tuple(run, &info_of(call)->up);
}

static struct py_value down_revision_ids(struct py_run *run, struct py_call *call)
{
    return id_tuple(run, &info_of(call)->down);
}

static struct py_value source_revision_ids(struct py_run *run, struct py_call *call)
{
    const struct env_applied *info = info_of(call);
    return id_tuple(run, info->is_upgrade ? &info->down : &info->up);
}

static struct py_value destination_revision_ids(struct py_run *run, struct py_call *call)
{
    const struct env_applied *info = info_of(call);
    return id_tuple(run, info->is_upgrade ? &info->up : &info->down);
}

static const struct py_member info_members[] = {
    PY_PROPERTY("is_upgrade", is_upgrade),
    PY_PROPERTY("is_stamp", is_stamp),
    PY_PROPERTY("is_migration", is_migration),
    PY_PROPERTY("up_revision_id", up_revision_id),
    PY_PROPERTY("up_revision_ids", up_revision_ids),
    PY_PROPERTY("down_revision_ids", down_revision_ids),
    PY_PROPERTY("source_revision_ids", source_revision_ids),
    PY_PROPERTY("destination_revision_ids", destination_revision_ids),
    PY_MEMBERS_END,
};

const struct py_native_class env_migration_info_class = {
    .name = "MigrationInfo",
    .module = "alembic.runtime.migration",
    .members = info_members,
    .payload_size = sizeof(const struct env_applied *),
};

/* ---- calling ---- */

struct call {
    const struct env_callbacks *callbacks;
    const struct env_applied *applied;
};

static void call_all(struct py_run *run, void *payload)
{
    const struct call *c = payload;
    struct py_tuple *functions = c->callbacks->functions;
    for (size_t i = 0; i < functions->len; i++) {
        void *slot;
        struct py_value info = py_new(run, &env_migration_info_class, &slot);
        *(const struct env_applied **)slot = c->applied;
        struct py_value heads = py_new_set(run), arguments = py_new_dict(run), key, value;
        for (size_t k = 0; k < c->applied->heads.len; k++)
            py_set_add(run, heads, py_new_str(run, c->applied->heads.at[k]));
        const struct py_dict *given = c->applied->run ? c->applied->run->values : NULL;
        for (size_t k = 0; given && py_dict_next(given, &k, &key, &value);)
            py_dict_put(run, py_dict_of(arguments), key, value);
        struct py_dict *kw = py_dict_of(py_new_dict(run));
        py_dict_put_name(run, kw, "ctx", env_migration_context(run));
        py_dict_put_name(run, kw, "step", info);
        py_dict_put_name(run, kw, "heads", heads);
        py_dict_put_name(run, kw, "run_args", arguments);
        py_call(run, functions->items[i], NULL, 0, kw);
    }
}

bool alembic_env_applied(const struct env_options *options, const struct env_applied *applied,
                         struct env_steps *out, struct err *err)
{
    if (!options || !options->callbacks)
        return true;
    struct py_run *run = options->callbacks->run;
    struct env_run *env = env_run_of(run);
    struct env_script own = {.err = ERR_INIT}, *script = env->script;
    struct call call = {options->callbacks, applied};
    struct py_outcome outcome;
    size_t findings = env->project->findings.len;
    env->script = &own;
    bool ok = py_run_protect(run, call_all, &call, &outcome);
    env->script = script;
    *out = own.steps;
    if (!ok)
        return py_outcome_err(run, &outcome, err);
    for (size_t i = findings; own.blocked && i < env->project->findings.len; i++)
        if (env->project->findings.at[i].blocks) {
            err_copy(err, &env->project->findings.at[i].err);
            return false;
        }
    return true;
}

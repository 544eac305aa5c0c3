/*
 * render_item of context.configure(): what a project writes for an object itself. It gets the
 * object and an AutogenContext, to whose imports it can add.
 */
#include "config.h"

#include "alembic/env_compare.h"

#include "alembic/env_functions.h"
#include "alembic/sa_type.h"
#include "base/arena.h"
#include "base/str.h"

/* ---- AutogenContext ---- */

struct context {
    struct py_value imports; /* a set */
};

static const struct py_native_class context_class;

static struct py_value context_imports(struct py_run *run, struct py_call *call)
{
    (void)run;
    return ((struct context *)py_payload(call->self, &context_class))->imports;
}

static struct py_value context_migration_context(struct py_run *run, struct py_call *call)
{
    (void)call;
    return env_migration_context(run);
}

static struct py_value context_dialect(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_getattr(run, env_migration_context(run), "dialect");
}

static const struct py_member context_members[] = {
    PY_PROPERTY("imports", context_imports),
    PY_PROPERTY("migration_context", context_migration_context),
    PY_PROPERTY("dialect", context_dialect),
    PY_MEMBERS_END,
};
static const struct py_native_class context_class = {
    .name = "AutogenContext",
    .module = "alembic.autogenerate.api",
    .members = context_members,
    .payload_size = sizeof(struct context),
};

/* ---- the call ---- */

struct rendering {
    struct arena *arena;
    struct py_value function;
    const char *kind;
    const void *object;
    struct str *out;
    struct name_list *imports;
    bool *done;
};

static struct py_value object_of(struct py_run *run, const struct rendering *r)
{
    if (str_eq(r->kind, "type"))
        return sa_type_object(run, r->object);
    return py_new_unknown(run, PY_REFUSE_CONTEXT, r->kind, "it is not given to such a function");
}

static void call_render_item(struct py_run *run, void *payload)
{
    struct rendering *r = payload;
    void *slot;
    struct py_value context = py_new(run, &context_class, &slot), imports = py_new_set(run);
    *(struct context *)slot = (struct context){imports};
    const struct py_value args[] = {py_new_str(run, r->kind), object_of(run, r), context};
    struct py_value text = py_require_known(run, py_call(run, r->function, args, 3, NULL));
    *r->done = text.kind != PY_BOOL || py_truth(run, text);
    if (*r->done)
        str_add(r->out, py_as_string(run, text, "what render_item gives"));
    const struct py_tuple *lines = py_items(run, imports);
    for (size_t i = 0; i < lines->len; i++)
        vec_push(r->arena, r->imports,
                 arena_strdup(r->arena, py_as_string(run, lines->items[i], "an import")));
}

bool env_render_item(struct arena *a, const struct env_options *options, const char *kind,
                     const void *object, struct str *out, struct name_list *imports, bool *done,
                     struct err *err)
{
    *done = false;
    if (!env_has_function(options, ENV_RENDER_ITEM))
        return true;
    struct rendering r = {a,   options->functions->at[ENV_RENDER_ITEM], kind, object, out, imports,
                          done};
    return env_functions_protect(options, call_render_item, &r, err);
}

#include "config.h"

#include "ui/action.h"

#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"
#include "ui/key.h"

const struct action_info action_infos[N_ACTIONS] = {
    [ACTION_NONE] = {"none", 0, "", "", "do nothing"},
#define ACTION(id, name, contexts, keys, hint, reason, function, help)                             \
    [ACTION_##id] = {name, contexts, keys, hint, help},
#include "ui/action.def"
#undef ACTION
};

static const char *const context_names[N_CONTEXTS] = {
#define X(id, name, title) name,
    CONTEXTS(X)
#undef X
};

static const char *const context_titles[N_CONTEXTS] = {
#define X(id, name, title) title,
    CONTEXTS(X)
#undef X
};

struct binding {
    enum context context;
    int32_t key;
    enum action action;
};

static VEC(struct binding) bindings;

const char *context_name(enum context_number context)
{
    return context_names[context];
}

const char *context_title(enum context_number context)
{
    return context_titles[context];
}

static void bind(enum context context, int32_t key, enum action action)
{
    for (size_t i = 0; i < bindings.len; i++) {
        if (bindings.at[i].context == context && bindings.at[i].key == key) {
            bindings.at[i].action = action;
            return;
        }
    }
    struct binding binding = {context, key, action};
    vec_push(NULL, &bindings, binding);
}

static void bind_keys(enum context context, const char *keys, enum action action)
{
    while (*keys) {
        size_t len = strcspn(keys, " ");
        int32_t key;
        bool known = key_parse(keys, len, &key);
        assert(known && "action.def names a key that does not exist");
        if (known)
            bind(context, key, action);
        keys += len;
        keys += strspn(keys, " ");
    }
}

void action_unbind_all(void)
{
    vec_clear(&bindings);
}

void action_bind_default(enum action action, enum context_number context)
{
    bind_keys((enum context)(1u << context), action_infos[action].keys, action);
}

void action_bind_defaults(void)
{
    action_unbind_all();
    for (enum action action = 1; action < N_ACTIONS; action++) {
        const struct action_info *info = &action_infos[action];
        for (int n = 0; n < N_CONTEXTS; n++)
            if (info->contexts & 1u << n)
                bind_keys((enum context)(1u << n), info->keys, action);
    }
}

static bool is_letter(int32_t key)
{
    return (key >= 'a' && key <= 'z') || (key >= 'A' && key <= 'Z');
}

static bool executes(enum action action)
{
    return action == ACTION_STEP || action == ACTION_STEP_REVISION;
}

/* What rules 1 and 2 forbid, in words; NULL: nothing. */
static const char *why_forbidden(enum context context, int32_t key, enum action action)
{
    const unsigned panes = CTX_GRAPH | CTX_DETAIL | CTX_SQL | CTX_DIFF | CTX_PENDING | CTX_RUN |
                           CTX_LOG | CTX_LIST | CTX_TEXT | CTX_MOVE | CTX_GLOBAL;
    if (action == ACTION_CONFIRM_YES && !is_letter(key))
        return "only a letter says yes";
    if (executes(action) && !is_letter(key))
        return "only a letter executes";
    if (executes(action) && strchr("dDuUcC", (char)key))
        return "Ctrl with this letter is a habit: it never executes";
    if ((context & panes) && action != ACTION_NONE && executes(action_lookup(CTX_BAR, key)))
        return "it executes in the run bar, and means nothing elsewhere";
    if (executes(action))
        for (int n = 0; n < N_CONTEXTS; n++)
            if ((panes & 1u << n) && action_lookup((enum context)(1u << n), key) != ACTION_NONE)
                return "it means something in a pane, and must not execute";
    return NULL;
}

bool action_bind(const char *context, const char *key, const char *action, struct err *err)
{
    int number = 0;
    while (number < N_CONTEXTS && !str_eq(context_names[number], context))
        number++;
    if (number == N_CONTEXTS)
        return err_set(err, ERR_USAGE, "no key context \"%s\"", context);
    int32_t code;
    if (!key_parse(key, strlen(key), &code))
        return err_set(err, ERR_USAGE, "no key \"%s\"", key);
    enum action found = action_find(action);
    if (found == ACTION_NONE && !str_eq(action, "none"))
        return err_set(err, ERR_USAGE, "no action \"%s\"", action);
    enum context bit = (enum context)(1u << number);
    if (found != ACTION_NONE && !(action_infos[found].contexts & bit))
        return err_set(err, ERR_USAGE, "action \"%s\" has no meaning in \"%s\"", action, context);
    const char *forbidden = why_forbidden(bit, code, found);
    if (forbidden)
        return err_set(err, ERR_USAGE, "%s cannot be %s: %s", key, action, forbidden);
    bind(bit, code, found);
    return true;
}

enum action action_lookup(enum context context, int32_t key)
{
    for (size_t i = 0; i < bindings.len; i++)
        if (bindings.at[i].context == context && bindings.at[i].key == key)
            return bindings.at[i].action;
    return ACTION_NONE;
}

enum action action_find(const char *name)
{
    for (enum action action = 1; action < N_ACTIONS; action++)
        if (str_eq(action_infos[action].name, name))
            return action;
    return ACTION_NONE;
}

void action_keys(struct str *out, enum action action, enum context context, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < bindings.len && count < max; i++) {
        const struct binding *binding = &bindings.at[i];
        if (binding->action != action || binding->context != context)
            continue;
        if (count++)
            str_addc(out, ' ');
        key_format(out, binding->key);
    }
}

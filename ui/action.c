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

#include "config.h"

#include "run/pending_revision.h"

#include <string.h>

#include "alembic/env_compare.h"
#include "autogenerate/write.h"
#include "base/arena.h"
#include "base/str.h"
#include "config/config.h"
#include "run/draft.h"
#include "run/pending.h"

static bool is_asked_for(struct arena *a, const struct config *config, enum difference_kind kind,
                         bool *out, struct err *err)
{
    const char *key = arena_printf(a, "autogenerate_%s", difference_name(a, kind));
    const char *value = config_setting(a, config, key, NULL, err);
    *out = value && (strcmp(value, "true") == 0 || strcmp(value, "True") == 0);
    if (err->code != ERR_NONE)
        return false;
    if (!value || *out || strcmp(value, "false") == 0 || strcmp(value, "False") == 0)
        return true;
    return err_set(err, ERR_CONFIG, "[retort] %s: '%s' is neither true nor false", key, value);
}

bool pending_included(struct arena *a, const struct config *config, const struct differences *all,
                      const bool **out, struct err *err)
{
    bool *included = ARENA_ARRAY(a, all->items.len + 1, bool);
    *out = included;
    for (size_t i = 0; i < all->items.len; i++) {
        enum difference_kind kind = all->items.at[i].kind;
        included[i] = !difference_is_beyond(kind);
        if (!included[i] && !is_asked_for(a, config, kind, &included[i], err))
            return false;
    }
    return true;
}

/* What the options' payload is for render_item(). */
struct rendering {
    struct arena *arena;
    const struct env_options *env;
};

static bool render_item(void *payload, const char *kind, const void *object, struct str *out,
                        struct name_list *imports, bool *done, struct err *err)
{
    const struct rendering *r = payload;
    return env_render_item(r->arena, r->env, kind, object, out, imports, done, err);
}

bool pending_bodies(struct arena *a, const struct pending *pending, const bool *included,
                    struct draft_bodies *out, bool *keep, struct err *err)
{
    const struct env_options *env = &pending->models.script.options;
    struct rendering rendering = {a, env};
    const struct write_options options = {
        .alembic_prefix = env->alembic_prefix,
        .sqlalchemy_prefix = env->sqlalchemy_prefix,
        .user_prefix = env->user_prefix,
        .as_batch = env->render_as_batch,
        .sqlalchemy_is_1 = pending->models.sqlalchemy_is_1,
        .item = env_has_function(env, ENV_RENDER_ITEM) ? render_item : NULL,
        .payload = &rendering,
    };
    struct op_list up = {0}, down = {0};
    struct str upgrades = STR_IN(a), downgrades = STR_IN(a);
    differences_operations(a, &pending->differences, included, &up, &down);
    if (!env_process_directives(env, up.len == 0, keep, err) ||
        !write_body(a, &up, &options, &out->imports, &upgrades, err) ||
        !write_body(a, &down, &options, &out->imports, &downgrades, err))
        return false;
    out->upgrades = upgrades.ptr;
    out->downgrades = downgrades.ptr;
    out->upgrade_token = env->upgrade_token;
    out->downgrade_token = env->downgrade_token;
    return true;
}

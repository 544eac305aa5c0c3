#include "config.h"

#include "ui/connect.h"

#include <string.h>

#include "base/arena.h"
#include "config/config.h"
#include "config/ini.h"
#include "ui/actions.h"
#include "ui/console.h"
#include "ui/ui.h"

static const char *const url_variable = "RETORT_URL=";

/* The environment without the URL that goes before the configuration's. */
static const char *const *without_url(struct arena *a, const char *const *environ_)
{
    VEC(const char *) kept = {0};
    for (const char *const *e = environ_; e && *e; e++)
        if (!str_starts_with(*e, url_variable))
            vec_push(a, &kept, *e);
    vec_push(a, &kept, NULL);
    return kept.at;
}

/* What the threads that are under way borrow stays as it is: these options are new ones. */
static void use(struct console *c, const char *section, const char *url)
{
    struct arena *a = c->profile_arena;
    struct ui_options *options = ARENA_NEW(a, struct ui_options);
    struct config_request *request = ARENA_NEW(a, struct config_request);
    *options = *c->options;
    *request = *c->options->config;
    if (section) {
        request->section = arena_strdup(a, section);
        options->environ_ = without_url(a, c->options->environ_);
    }
    options->url_option = url ? arena_strdup(a, url) : NULL;
    options->config = request;
    c->options = options;
    c->renderer.options = options;
}

static const char *why_not(const struct console *c)
{
    if (execution_is_active(&c->run))
        return "a run is active";
    if (execution_is_edited(&c->run))
        return "SQL is edited for this database; :revert drops that";
    return c->session->config ? NULL : "the project cannot be read";
}

void connect_to(struct console *c, const char *name)
{
    bool is_url = strstr(name, "://") != NULL;
    if (!*name)
        console_complain(c, "to which? a section of alembic.ini, or a URL");
    else if (why_not(c))
        console_complain(c, "%s", why_not(c));
    else if (!is_url && !ini_file_section(c->session->config->ini, name))
        console_complain(c, "alembic.ini has no section [%s]", name);
    else {
        use(c, is_url ? NULL : name, is_url ? name : NULL);
        planning_cancel(&c->planning);
        execution_clear(&c->run); /* a plan is for the database it was made for */
        console_mark_stale(c);
        console_load(c, is_url ? "connected by URL" : "another section of alembic.ini");
    }
}

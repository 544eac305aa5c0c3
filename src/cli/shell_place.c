/* Where the shell works: project, database, protection, settings, what goto chose, the log. */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/shell.h"
#include "cli/show.h"
#include "config/config.h"
#include "config/protection.h"
#include "revision/graph.h"
#include "run/link.h"
#include "run/settings.h"

enum { LOG_LINES_MAX = 2000 };

const char *shell_host(const char *host)
{
    return host && *host && *host != '/' ? host : "this machine";
}

/* -- looking ------------------------------------------------------------------------------------
 */

/* "ae10 (2 behind)": the rows, and how far it is to the heads. */
static const char *describe_position(struct arena *a, const struct graph *graph,
                                     const struct name_list *rows)
{
    struct str out = STR_IN(a);
    struct step_list pending = {0};
    struct err ignored = ERR_INIT;
    for (size_t i = 0; i < rows->len; i++)
        str_addf(&out, "%s%s", i ? ", " : "", rows->at[i]);
    if (!rows->len)
        str_add(&out, "base");
    if (!graph_upgrade_steps(a, graph, rows, "heads", &pending, &ignored))
        str_add(&out, " (not in the files)");
    else if (pending.len)
        str_addf(&out, " (%zu behind)", pending.len);
    else if (rows->len)
        str_add(&out, " (head)");
    err_clear(&ignored);
    return out.ptr;
}

static bool look(struct shell_place *place, struct err *err)
{
    struct cli *cli = &place->cli;
    const struct database_url *url;
    struct cli_rows now;
    if (!cli_open(cli, NEEDS_PROJECT, err) || !cli_find_url(cli, &url, err))
        return false;
    place->label = url_label(cli->arena, url);
    place->database = url->database ? url->database : "";
    place->host = shell_host(url->host);
    if (!cli_open(cli, NEEDS_GRAPH, err) || !cli_read_rows(cli, &now, err))
        return false;
    place->database = now.server.database;
    place->host = shell_host(now.server.host);
    place->position = describe_position(cli->arena, cli->graph, &now.rows);
    return true;
}

void shell_place_free(struct shell_place *place)
{
    if (!place)
        return;
    err_clear(&place->err);
    shell_end(&place->cli);
    mem_free(place);
}

void shell_look(struct shell *sh)
{
    shell_place_free(sh->place);
    sh->place = mem_zalloc(sizeof(*sh->place));
    sh->place->label = sh->place->database = sh->place->host = "";
    shell_wait_begin(sh);
    bool ok = shell_begin_plain(sh, &sh->place->cli, &sh->place->err) &&
              look(sh->place, &sh->place->err);
    shell_wait_end(sh, ok, &sh->place->err);
}

const struct shell_place *shell_here(struct shell *sh)
{
    if (!sh->place)
        shell_look(sh);
    return sh->place;
}

bool shell_refresh(struct shell *sh, struct cli *cli, struct err *err)
{
    (void)cli;
    shell_look(sh);
    if (sh->place->err.code != ERR_NONE)
        err_copy(err, &sh->place->err);
    return err->code == ERR_NONE;
}

/* -- protection ---------------------------------------------------------------------------------
 */

/* Under either name: what the URL says, and what the server does. *label: that of the URL. */
static bool find_protection(struct cli *cli, const struct database_url *url, const char *database,
                            bool *out, struct err *err)
{
    struct protection protection;
    struct database_url named = *url;
    *out = false;
    if (!cli_open(cli, NEEDS_CONFIG, err) ||
        !protection_read(cli->arena, cli->config, &protection, err))
        return false;
    *out = protection_covers(&protection, url_label(cli->arena, url));
    if (database && *database && !*out) {
        named.database = database;
        *out = protection_covers(&protection, url_label(cli->arena, &named));
    }
    return true;
}

bool shell_may_write(struct shell *sh, struct cli *cli, const struct database_url *url,
                     const char *database, struct err *err)
{
    bool guarded;
    if (!find_protection(cli, url, database, &guarded, err))
        return false;
    if (!guarded || str_eq(sh->unlocked, url_label(cli->arena, url)))
        return true;
    err_set(err, ERR_CONFIRM, "the connection is protected and read-only");
    return err_hint(err, sh->interactive ? "unlock first"
                                         : "unlock --confirm DBNAME makes it writable");
}

bool shell_unlock(struct shell *sh, struct cli *cli, struct err *err)
{
    const struct database_url *url;
    const struct shell_place *place = shell_here(sh);
    bool guarded;
    if (!cli_find_url(cli, &url, err) ||
        !find_protection(cli, url, place->database, &guarded, err))
        return false;
    if (!guarded)
        return err_set(err, ERR_USAGE, "the connection is not protected");
    if (!*place->database)
        return err_set(err, ERR_CONFIRM, "the name of the database is not known");
    if (!shell_confirm(sh, cli, CONFIRM_NAME, "make a protected connection writable",
                       place->database, place->host, err))
        return false;
    sh->unlocked = arena_strdup(sh->cli->arena, url_label(cli->arena, url));
    cli_printf(cli, "%s is unlocked; lock makes it read-only again\n", sh->unlocked);
    return true;
}

bool shell_lock(struct shell *sh, struct cli *cli, struct err *err)
{
    (void)err;
    cli_print(cli, sh->unlocked ? "locked: read-only\n" : "nothing was unlocked\n");
    sh->unlocked = NULL;
    return true;
}

/* -- the prompt ---------------------------------------------------------------------------------
 */

/* Names come from elsewhere: on the way to the terminal they are what can be printed. */
static void add_plain(struct str *out, const char *text)
{
    for (; *text; text++)
        str_addc(out, iscntrl((unsigned char)*text) ? '?' : *text);
}

static void add_run(const struct shell *sh, struct str *out)
{
    const struct link *link = sh->work->link;
    struct position next = shell_current(sh->work);
    str_addf(out, " %s", runner_state_words(link_state(link)));
    if (next.step < link_plan(link)->steps.len)
        str_addf(out, " at %zu.%zu", next.step + 1, next.statement + 1);
    if (link_in_transaction(link))
        str_add(out, ", in transaction");
    if (!link_steers(link))
        str_add(out, ", watching");
}

void shell_prompt(struct shell *sh, struct str *out)
{
    const struct shell_place *place = shell_here(sh);
    struct protection protection = {0};
    struct err ignored = ERR_INIT;
    const struct config *config = place->cli.config;
    bool known = config && protection_read(place->cli.arena, config, &protection, &ignored);
    err_clear(&ignored);
    add_plain(out, *place->label ? place->label : "no database");
    if (known && protection.label) {
        str_add(out, " [");
        add_plain(out, protection.label);
        str_addc(out, ']');
    }
    if (known && *place->label && protection_covers(&protection, place->label))
        str_add(out, str_eq(sh->unlocked, place->label) ? " (unlocked)" : " (protected)");
    if (shell_is_running(sh)) {
        add_run(sh, out);
    } else {
        str_addc(out, ' ');
        add_plain(out, place->position ? place->position : "(not read)");
    }
    str_add(out, sh->work && !sh->work->link && sh->work->made.plan ? " planned> " : "> ");
}

/* -- another database ---------------------------------------------------------------------------
 */

/* Whether there is a project with a database under these names. */
static bool can_connect(struct shell *sh, struct err *err)
{
    const struct database_url *url;
    struct cli cli;
    bool ok = shell_begin_plain(sh, &cli, err) && cli_find_url(&cli, &url, err);
    shell_end(&cli);
    return ok;
}

bool shell_connect(struct shell *sh, struct cli *cli, struct err *err)
{
    const char *name = cli->args.positionals.len ? cli->args.positionals.at[0] : NULL;
    const char *section = sh->section, *url = sh->url;
    bool is_url = name && strstr(name, "://");
    if (shell_is_running(sh))
        return err_set(err, ERR_BUSY, "a run is active; abort ends it, detach leaves it");
    if (name && !is_url && cli_getenv(cli, "RETORT_URL"))
        return err_set(err, ERR_USAGE, "RETORT_URL names the database, whatever the section says");
    sh->section = name && !is_url ? arena_strdup(sh->cli->arena, name) : NULL;
    sh->url = is_url ? arena_strdup(sh->cli->arena, name) : NULL;
    if (!can_connect(sh, err)) {
        sh->section = section;
        sh->url = url;
        return false;
    }
    shell_work_free(sh);
    sh->unlocked = sh->selected = NULL;
    return shell_refresh(sh, cli, err);
}

/* -- settings -----------------------------------------------------------------------------------
 */

static const struct setting *find_setting(const struct setting_list *list, const char *key)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->at[i].key, key))
            return &list->at[i];
    return NULL;
}

/* What is set here, and what the setting is without that. */
static bool print_setting(struct shell *sh, struct cli *cli, const struct setting *setting,
                          struct err *err)
{
    struct config_origin origin = {0};
    if (!cli_open(cli, NEEDS_CONFIG, err))
        return false;
    const char *value = config_setting(cli->arena, cli->config, setting->key, &origin, err);
    if (err->code != ERR_NONE)
        return false;
    cli_printf(cli, "%s=%s (%s; %s)\n  %s\n", setting->key, value ? value : setting->fallback,
               setting->value,
               map_has(&sh->settings, setting->key) ? "set here"
               : value                              ? origin.file
                                                    : "not set",
               setting->help);
    return true;
}

/* Whether all settings can still be read. */
static bool settings_are_fine(struct cli *cli, struct err *err)
{
    struct runner_settings run;
    struct worker_settings worker;
    return cli_open(cli, NEEDS_CONFIG, err) && migrate_settings(cli, &run, err) &&
           migrate_worker_settings(cli, &run, &worker, err);
}

static bool set_to(struct shell *sh, struct cli *cli, const char *key, const char *value,
                   struct err *err)
{
    char *old = map_get(&sh->settings, key);
    if (*value)
        map_put(&sh->settings, key, arena_strdup(sh->cli->arena, value));
    else
        map_remove(&sh->settings, key);
    if (settings_are_fine(cli, err))
        return true;
    if (old)
        map_put(&sh->settings, key, old);
    else
        map_remove(&sh->settings, key);
    return false;
}

static const struct setting scope_setting = {
    "scope", "revision | run", "revision",
    "A transaction for each revision, or one for the whole run.", false};

static bool set_named(struct shell *sh, struct cli *cli, const char *text, struct err *err)
{
    struct setting_list list = {0};
    const char *equals = strchr(text, '=');
    const char *key = equals ? arena_strndup(cli->arena, text, (size_t)(equals - text)) : text;
    enum plan_scope scope;
    settings_list(cli->arena, &list);
    vec_push(cli->arena, &list, scope_setting);
    const struct setting *setting = find_setting(&list, key);
    if (!setting)
        return err_set(err, ERR_USAGE, "no setting '%s'", key);
    if (!equals)
        return print_setting(sh, cli, setting, err);
    /* What guards the database is not for the session to take away. */
    if (str_eq(key, "protected") || str_eq(key, "label") || str_eq(key, "confirm"))
        return err_set(err, ERR_USAGE, "%s is for the configuration to say", key);
    if (str_eq(key, "scope") && equals[1] && !plan_scope_parse(equals + 1, &scope))
        return err_set(err, ERR_USAGE, "scope is revision or run, not '%s'", equals + 1);
    return set_to(sh, cli, key, equals + 1, err);
}

bool shell_set(struct shell *sh, struct cli *cli, struct err *err)
{
    if (cli->args.positionals.len)
        return set_named(sh, cli, cli->args.positionals.at[0], err);
    if (!map_has(&sh->settings, "scope"))
        cli_printf(cli, "scope=%s\n", scope_setting.fallback);
    for (size_t i = 0; i < sh->settings.len; i++)
        cli_printf(cli, "%s=%s\n", sh->settings.at[i].key, (const char *)sh->settings.at[i].value);
    return true;
}

/* -- a revision to look at ----------------------------------------------------------------------
 */

bool shell_goto(struct shell *sh, struct cli *cli, struct err *err)
{
    struct revision_list found = {0};
    const char *name = cli->args.positionals.len ? cli->args.positionals.at[0] : NULL;
    if (!name)
        return err_set(err, ERR_USAGE, "which revision?");
    if (!cli_open(cli, NEEDS_GRAPH, err) ||
        !graph_resolve(cli->arena, cli->graph, name, &found, err))
        return false;
    if (found.len != 1)
        return err_set(err, ERR_COMMAND, "\"%s\" is %s", name,
                       found.len ? "more than one revision" : "no revision");
    sh->selected = arena_strdup(sh->cli->arena, found.at[0]->header->id);
    cli_printf(cli, "%s\n", show_short(cli->arena, found.at[0], SHOW_PARENTS | SHOW_LABELS |
                                                                    SHOW_TREE | SHOW_DOC));
    return true;
}

/* -- the log ------------------------------------------------------------------------------------
 */

static const char *const level_names[] = {
    [LOG_DEBUG] = "debug", [LOG_SQL] = "sql", [LOG_INFO] = "info", [LOG_WARNING] = "warning",
    [LOG_ERROR] = "error",
};

void shell_log_line_add(enum log_level level, const char *origin, const char *text, void *payload)
{
    struct shell *sh = payload;
    (void)origin;
    if (level >= LOG_INFO) /* as the command line prints it */
        sh->cli->log.line(level, origin, text, sh->cli->log.payload);
    if (level < LOG_SQL)
        return;
    if (sh->log_lines.len == LOG_LINES_MAX) {
        mem_free(sh->log_lines.at[0].text);
        vec_remove(&sh->log_lines, 0);
    }
    vec_push(NULL, &sh->log_lines, ((struct shell_log_line){level, mem_strdup(text)}));
}

void shell_log_free(struct shell *sh)
{
    for (size_t i = 0; i < sh->log_lines.len; i++)
        mem_free(sh->log_lines.at[i].text);
    vec_clear(&sh->log_lines);
}

bool shell_log(struct shell *sh, struct cli *cli, struct err *err)
{
    static const struct {
        const char *name;
        enum log_level from;
    } levels[] = {{"all", LOG_SQL}, {"statements", LOG_SQL}, {"warnings", LOG_WARNING},
                  {"errors", LOG_ERROR}};
    const char *name = cli->args.positionals.len ? cli->args.positionals.at[0] : "all";
    size_t which = 0, count = sizeof(levels) / sizeof(levels[0]);
    while (which < count && !str_eq(levels[which].name, name))
        which++;
    if (which == count)
        return err_set(err, ERR_USAGE, "log takes all, statements, warnings or errors, not '%s'",
                       name);
    for (size_t i = 0; i < sh->log_lines.len; i++) {
        const struct shell_log_line *line = &sh->log_lines.at[i];
        bool only = str_eq(name, "statements");
        if (only ? line->level == LOG_SQL : line->level >= levels[which].from)
            cli_printf(cli, "%-7s %s\n", level_names[line->level], line->text);
    }
    return true;
}

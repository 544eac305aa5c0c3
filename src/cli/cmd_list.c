/* The commands that list revisions: heads, branches, history, show (spec/cli.md, section 5.1). */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/open.h"
#include "cli/show.h"
#include "config/config.h"

static bool is_current(const struct name_list *rows, const struct revision *r)
{
    for (size_t i = 0; rows && i < rows->len; i++)
        if (strcmp(rows->at[i], r->header->id) == 0)
            return true;
    return false;
}

/* One entry, short or with -v. rows are marked (current); NULL: nothing is. */
static void print_revision(struct cli *cli, const struct revision *r, unsigned pieces,
                           const struct name_list *rows)
{
    bool current = is_current(rows, r);
    const char *text = cli_given(cli, OPTION_VERBOSE)
                           ? show_verbose(cli->arena, r, current)
                           : show_short(cli->arena, r, pieces | (current ? SHOW_CURRENT : 0));
    cli_print(cli, text);
    cli_print(cli, "\n");
}

static void print_list(struct cli *cli, const char *key, const struct revision_list *list,
                       unsigned pieces, const struct name_list *rows)
{
    if (!cli_given(cli, OPTION_JSON)) {
        for (size_t i = 0; i < list->len; i++)
            print_revision(cli, list->at[i], pieces, rows);
        return;
    }
    json_t *root = json_new(), *array = json_array();
    for (size_t i = 0; i < list->len; i++) {
        json_t *one = show_json(list->at[i]);
        if (rows)
            json_object_set_new(one, "current", json_boolean(is_current(rows, list->at[i])));
        json_array_append_new(array, one);
    }
    json_object_set_new(root, key, array);
    json_print(cli, root);
}

bool cmd_heads(struct cli *cli, struct err *err)
{
    bool resolve = cli_given(cli, OPTION_RESOLVE_DEPENDENCIES);
    if (!cli_open_graph(cli, err)) {
        /* Alembic reads the heads outside of what turns errors into "FAILED: ...". */
        if (err->code == ERR_COMMAND && !resolve)
            err->code = ERR_GRAPH;
        return false;
    }
    print_list(cli, "heads", resolve ? &cli->graph->real_heads : &cli->graph->heads, SHOW_LABELS,
               NULL);
    return true;
}

static void print_branchpoint(struct cli *cli, const struct revision *r)
{
    unsigned verbose = cli_given(cli, OPTION_VERBOSE) ? SHOW_DOC : 0;
    print_revision(cli, r, SHOW_LABELS | SHOW_TREE, NULL);
    for (size_t i = 0; i < r->next.len; i++)
        cli_printf(cli, "%*s -> %s\n", (int)strlen(r->header->id), "",
                   show_short(cli->arena, r->next.at[i], SHOW_LABELS | SHOW_TREE | verbose));
    cli_print(cli, "\n");
}

bool cmd_branches(struct cli *cli, struct err *err)
{
    const struct history_bound open = {NULL, NULL};
    struct revision_list all = {0};
    if (!cli_open_graph(cli, err) ||
        !graph_history(cli->arena, cli->graph, open, open, &all, err))
        return false;
    json_t *array = json_array();
    for (size_t i = 0; i < all.len; i++) {
        const struct revision *r = all.at[i];
        if (!r->is_branchpoint)
            continue;
        if (!cli_given(cli, OPTION_JSON)) {
            print_branchpoint(cli, r);
            continue;
        }
        json_t *one = show_json(r), *into = json_array();
        for (size_t j = 0; j < r->next.len; j++)
            json_array_append_new(into, json_text(r->next.at[j]->header->id));
        json_object_set_new(one, "branches_into", into);
        json_array_append_new(array, one);
    }
    json_t *root = json_new();
    json_object_set_new(root, "branches", array);
    if (cli_given(cli, OPTION_JSON))
        json_print(cli, root);
    else
        json_decref(root);
    return true;
}

/* START:END of -r; an empty side is NULL. */
static bool parse_range(struct cli *cli, const char **start, const char **end, struct err *err)
{
    const char *range = cli_value(cli, OPTION_REV_RANGE);
    *start = *end = NULL;
    if (!range)
        return true;
    struct str text = STR_IN(cli->arena);
    str_add(&text, range);
    str_trim(&text);
    char *colon = strchr(text.ptr, ':');
    if (!colon)
        return err_set(err, ERR_COMMAND,
                       "History range requires [start]:[end], [start]:, or :[end]");
    if (strchr(colon + 1, ':'))
        return err_set(err, ERR_GRAPH, "a range has one colon: '%s'", text.ptr);
    *colon = '\0';
    *start = *text.ptr ? text.ptr : NULL;
    *end = colon[1] ? colon + 1 : NULL;
    return true;
}

bool cmd_history(struct cli *cli, struct err *err)
{
    const char *start, *end;
    struct cli_rows now = {0};
    struct revision_list list = {0};
    struct env_script env;
    if (!parse_range(cli, &start, &end, err))
        return false;
    bool from_current = start && strcmp(start, "current") == 0;
    bool to_current = end && strcmp(end, "current") == 0;
    bool database = from_current || to_current || cli_given(cli, OPTION_INDICATE_CURRENT);
    if ((database || cli->config->revision_environment) &&
        !cli_run_env(cli, &(struct env_command){.name = "history"}, &env, err))
        return false;
    if (database && !cli_read_rows(cli, &now, err))
        return false;
    /* An empty database is no bound: the default takes its place. */
    const struct name_list *rows = now.rows.len ? &now.rows : NULL;
    struct history_bound from = {start, NULL}, to = {end, NULL};
    if (to_current)
        to = (struct history_bound){NULL, rows};
    else if (from_current)
        from = (struct history_bound){NULL, rows};
    if (!cli_open_graph(cli, err) ||
        !graph_history(cli->arena, cli->graph, from, to, &list, err))
        return false;
    print_list(cli, "revisions", &list, SHOW_PARENTS | SHOW_LABELS | SHOW_TREE | SHOW_DOC,
               cli_given(cli, OPTION_INDICATE_CURRENT) ? &now.rows : NULL);
    return true;
}

bool cmd_show(struct cli *cli, struct err *err)
{
    const char *symbol = cli->args.positionals.at[0];
    struct revision_list list = {0};
    struct cli_rows now;
    struct env_script env;
    if (strcmp(symbol, "current") != 0) {
        if (!cli_open_graph(cli, err) ||
            !graph_resolve(cli->arena, cli->graph, symbol, &list, err))
            return false;
    } else {
        if (!cli_run_env(cli, &(struct env_command){.name = "show"}, &env, err) ||
            !cli_read_rows(cli, &now, err) || !cli_open_graph(cli, err))
            return false;
        for (size_t i = 0; i < now.rows.len; i++)
            if (!graph_resolve(cli->arena, cli->graph, now.rows.at[i], &list, err))
                return false;
    }
    cli->args.given[OPTION_VERBOSE] = true; /* show has no short form */
    print_list(cli, "revisions", &list, 0, NULL);
    return true;
}

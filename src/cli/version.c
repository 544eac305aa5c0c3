#include "config.h"

#include "cli/version.h"

#include "base/arena.h"
#include "base/vec.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "postgres/connection.h"
#include "sql/parse.h"

/* Line by line: a library and its version. */
VEC_DEFINE(library_list, const char *);

static struct library_list libraries(struct cli *cli)
{
    struct arena *a = cli->arena;
    struct library_list out = {0};
    int libpq = connection_library_version();
    vec_push(a, &out, arena_printf(a, "libpq %d.%d", libpq / 10000, libpq % 10000));
    vec_push(a, &out,
             arena_printf(a, "libpg_query, grammar of PostgreSQL %s", sql_grammar_version));
    if (cli->process->console_library)
        vec_push(a, &out, cli->process->console_library);
    vec_push(a, &out, arena_printf(a, "jansson %s", jansson_version_str()));
    vec_push(a, &out, "inih " INIH_VERSION);
    return out;
}

void version_print(struct cli *cli)
{
    struct library_list all = libraries(cli);
    if (!cli_given(cli, OPTION_JSON)) {
        cli_print_sql(cli, PACKAGE_STRING "\n");
        for (size_t i = 0; i < all.len; i++)
            cli_print_sql(cli, arena_printf(cli->arena, "%s\n", all.at[i]));
        return;
    }
    json_t *root = json_new(), *list = json_array();
    for (size_t i = 0; i < all.len; i++)
        json_array_append_new(list, json_text(all.at[i]));
    json_object_set_new(root, "version", json_text(PACKAGE_VERSION));
    json_object_set_new(root, "libraries", list);
    json_print(cli, root);
}

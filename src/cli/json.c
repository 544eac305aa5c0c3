#include "config.h"

#include "cli/json.h"

#include <stdlib.h>

#include "cli/cli.h"

enum { JSON_FORM = 1 }; /* counted up when a field changes its meaning */

json_t *json_new(void)
{
    json_t *root = json_object();
    json_object_set_new(root, "retort", json_integer(JSON_FORM));
    return root;
}

static void print(struct cli *cli, json_t *root, size_t flags)
{
    char *text = json_dumps(root, flags);
    if (text) {
        cli_print(cli, text);
        cli_print(cli, "\n");
    }
    free(text);
    json_decref(root);
}

void json_print(struct cli *cli, json_t *root)
{
    print(cli, root, JSON_INDENT(2));
}

void json_print_line(struct cli *cli, json_t *root)
{
    print(cli, root, 0);
}

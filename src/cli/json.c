#include "config.h"

#include "cli/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "cli/cli.h"

enum { JSON_FORM = 1 }; /* counted up when a member changes its meaning */

static const char form_key[] = "retort";

json_t *json_new(void)
{
    json_t *root = json_object();
    json_object_set_new(root, form_key, json_integer(JSON_FORM));
    return root;
}

json_t *json_text(const char *text)
{
    static const char unknown[] = "\xEF\xBF\xBD"; /* U+FFFD */
    size_t len = text ? strlen(text) : 0, bad;
    struct str out = STR_INIT;
    if (!text)
        return json_null();
    if (utf8_valid(text, len, &bad))
        return json_string(text);
    for (; !utf8_valid(text, len, &bad); text += bad + 1, len -= bad + 1) {
        str_addn(&out, text, bad);
        str_add(&out, unknown);
    }
    str_addn(&out, text, len);
    json_t *made = json_string(out.ptr);
    str_clear(&out);
    return made;
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
    print(cli, root, JSON_COMPACT);
    fflush(cli->process->out);
}

void json_print_foreign(struct cli *cli, json_t *object)
{
    json_t *root = json_new(), *version = json_object_get(object, form_key);
    if (version)
        json_object_set(root, "version", version);
    json_object_update_missing(root, object);
    json_decref(object);
    json_print_line(cli, root);
}

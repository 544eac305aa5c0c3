/* check: whether a revision would have anything to do (spec/cli.md, section 5.7). */
#include "config.h"

#include "autogenerate/tuples.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/autogenerate.h"
#include "cli/cli.h"
#include "cli/json.h"

/* What Alembic detects, whatever [retort] asks for: scripts rely on it. */
static size_t count_detected(const struct differences *all)
{
    size_t n = 0;
    for (size_t i = 0; i < all->items.len; i++)
        n += !difference_is_beyond(all->items.at[i].kind);
    return n;
}

static bool report(struct cli *cli, const struct pending *p, struct err *err)
{
    size_t count = count_detected(&p->differences);
    if (cli_given(cli, OPTION_JSON)) {
        json_t *root = json_new();
        json_object_set_new(root, "clean", json_boolean(count == 0));
        json_object_set_new(root, "differences", json_integer((json_int_t)count));
        json_print(cli, root);
        cli->exit_code = count == 0 ? 0 : 255;
        return true;
    }
    if (count == 0) {
        cli_print(cli, "No new upgrade operations detected.\n");
        return true;
    }
    struct str tuples = STR_IN(cli->arena);
    tuples_add(cli->arena, &p->differences, &tuples);
    return err_set(err, ERR_COMMAND, "New upgrade operations detected: %s", tuples.ptr);
}

bool cmd_check(struct cli *cli, struct err *err)
{
    struct pending pending;
    if (!autogenerate_read(cli, false, &pending, err))
        return false;
    bool ok = report(cli, &pending, err);
    pending_clear(&pending);
    return ok;
}

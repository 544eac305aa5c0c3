/* Pending differences: which are included, and the revision that is made of them. */
#include "config.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "run/pending_revision.h"
#include "ui/actions.h"
#include "ui/add_revision.h"
#include "ui/console.h"
#include "ui/diff_lines.h"

void act_pane_diff(struct console *c)
{
    console_focus_view(c, VIEW_DIFF);
    if (c->differ.state == DIFFER_OFF)
        console_compare(c);
}

void act_diff_open(struct console *c)
{
    console_focus_view(c, VIEW_DETAIL);
}

void act_diff_include(struct console *c)
{
    struct differ_item *item = console_difference(c);
    if (!item)
        return;
    item->included = !item->included;
    act_down(c);
}

void act_diff_include_all(struct console *c)
{
    bool all = differ_included(&c->differ) == c->differ.items.len;
    for (size_t i = 0; i < c->differ.items.len; i++)
        c->differ.items.at[i].included = !all;
    console_say(c, all ? "none is included" : "all %zu are included", c->differ.items.len);
}

void act_diff_show(struct console *c)
{
    static const char *const words[N_DIFF_FILTERS] = {"all differences", "additions", "changes",
                                                      "removals"};
    c->diff.filter = (c->diff.filter + 1) % N_DIFF_FILTERS;
    console_mark_stale(c);
    console_say(c, "showing %s", words[c->diff.filter]);
}

/* Everything in the arena of its own; the draft names the new file. */
static bool write_revision(struct console *c, struct arena *a, const char *message,
                           struct draft **draft, struct err *err)
{
    struct differ *d = &c->differ;
    struct draft_request request = {.message = message, .now = clock_wall()};
    struct draft_bodies bodies = {0};
    bool *included = ARENA_ARRAY(a, d->items.len + 1, bool), keep = true;
    for (size_t i = 0; i < d->items.len; i++)
        included[i] = d->items.at[i].included;
    if (!pending_bodies(a, &d->pending, included, &bodies, &keep, err))
        return false;
    if (!keep)
        return err_set(err, ERR_COMMAND, "process_revision_directives of env.py wants no revision");
    return add_revision_write(a, d->session, &request, &bodies, draft, err);
}

static void add_revision(struct console *c, const char *message)
{
    struct arena *a = arena_new();
    struct draft *draft = NULL;
    struct err err = ERR_INIT;
    size_t included = differ_included(&c->differ);
    bool ok = write_revision(c, a, message, &draft, &err);
    add_revision_show(c, draft);
    if (ok)
        console_say(c, "wrote %s: %zu difference%s; review it, r runs it", draft->id, included,
                    included == 1 ? "" : "s");
    else
        console_show_err(c, &err);
    err_clear(&err);
    arena_free(a);
}

void act_diff_add(struct console *c)
{
    if (c->differ.pending.outdated.code != ERR_NONE)
        console_complain(c, "%s r upgrades it first", c->differ.pending.outdated.message);
    else if (!c->differ.session->graph)
        console_show_err(c, &c->differ.session->err);
    else
        prompt_ask(c, "message of the new revision: ", add_revision);
}

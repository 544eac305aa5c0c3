/* Pending differences: which are included, and the revision that is made of them. */
#include "config.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "run/ignore.h"
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
    const struct diff_group *group = console_difference_group(c);
    if (group)
        diff_group_fold(c, group, !diff_group_is_folded(c, group));
    else
        console_focus_view(c, VIEW_DETAIL);
}

static void fold_all(struct console *c, bool folded)
{
    if (c->views[VIEW_DIFF].filter.text)
        console_complain(c, "a filter shows all that matches, without headings; Esc ends it");
    else
        diff_fold_all(c, folded);
}

void act_diff_expand(struct console *c)
{
    fold_all(c, false);
}

void act_diff_collapse(struct console *c)
{
    fold_all(c, true);
}

/* All of it, or none; then to what comes after it. */
static void include_group(struct console *c, const struct diff_group *group)
{
    size_t row, steps = diff_group_is_folded(c, group) ? 1 : group->items.len + 1;
    struct view *view = &c->views[VIEW_DIFF];
    diff_group_include(c, group, diff_group_included(c, group) < group->items.len);
    if (view_row(view, &row) && row + steps < c->diff.rows.len)
        view_go_row(view, row + steps);
    view_settle(c, view, 1);
}

void act_diff_include(struct console *c)
{
    const struct diff_group *group = console_difference_group(c);
    struct differ_item *item = console_difference(c);
    if (group && c->diff.filter != DIFF_IGNORED)
        include_group(c, group);
    else if (group)
        console_complain(c, "rules of [retort] ignore them");
    if (!item)
        return;
    if (item->ignored) {
        console_complain(c, "a rule of [retort] ignores it");
        return;
    }
    item->included = !item->included;
    act_down(c);
}

void act_diff_include_all(struct console *c)
{
    size_t count = c->differ.items.len - c->differ.pending.differences.ignored.len;
    bool all = differ_included(&c->differ) == count;
    for (size_t i = 0; i < count; i++)
        c->differ.items.at[i].included = !all;
    view_settle(c, &c->views[VIEW_DIFF], 1);
    console_say(c, all ? "none is included" : "all %zu are included", count);
}

void act_diff_show(struct console *c)
{
    static const char *const words[N_DIFF_FILTERS] = {"all differences", "additions", "changes",
                                                      "removals", "what rules ignore"};
    c->diff.filter = (c->diff.filter + 1) % N_DIFF_FILTERS;
    diff_gather_again(c);
    console_say(c, "showing %s", words[c->diff.filter]);
}

/* -- ignoring -----------------------------------------------------------------------------------
 */

static void ignore_confirmed(struct console *c, int value)
{
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    const char *path = NULL;
    (void)value;
    if (c->session->config && ignore_add(a, c->session->config, c->diff.rule, &path, &err)) {
        console_load(c, "the rule is in the project's configuration; commit it with the project");
    } else {
        console_show_err(c, &err);
    }
    err_clear(&err);
    arena_free(a);
}

void act_diff_ignore(struct console *c)
{
    const struct differ_item *item = console_difference(c);
    struct arena *a = arena_new();
    const char *rule = item ? ignore_rule(a, item->difference) : NULL;
    if (item && item->ignored) {
        console_complain(c, "it is ignored already: take its line out of ignore_differences");
    } else if (console_difference_group(c)) {
        console_complain(c, "a rule is of one difference: go to that");
    } else if (!rule) {
        console_complain(c, "it has no name that a rule could have");
    } else {
        mem_free(c->diff.rule);
        c->diff.rule = mem_strdup(rule);
        popup_confirm(
            c, "Ignore this difference",
            arena_printf(a,
                         "From now on retort takes no notice of\n\n    %s\n\n"
                         "in check, diff, revision --autogenerate and here. The rule goes "
                         "into ignore_differences, [retort] of alembic.ini, where everybody "
                         "who has the project sees it. Alembic itself goes on finding the "
                         "difference.",
                         rule),
            "ignore", ignore_confirmed);
    }
    arena_free(a);
}

/* -- the revision -------------------------------------------------------------------------------
 */

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
    if (ok)
        diff_forget_choice(c);
    add_revision_show(c, draft);
    if (ok)
        console_say(c, "wrote %s: %zu difference%s; review it, r runs it%s", draft->id, included,
                    included == 1 ? "" : "s", add_revision_hooks(a, c->differ.session));
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

#include "config.h"

#include "ui/save_flow.h"

#include "base/arena.h"
#include "base/diff.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "run/plan_edit.h"
#include "ui/actions.h"
#include "ui/console.h"
#include "ui/err_text.h"
#include "ui/guard.h"
#include "ui/sql_lines.h"

enum { REVISION_MAX = 16 << 20 };

static size_t count_edited(const struct plan *plan, size_t *last)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->steps.len; i++) {
        if (!plan->steps.at[i].edited)
            continue;
        count++;
        *last = i;
    }
    return count;
}

/* The step to save; false with a complaint. */
static bool find_step(struct console *c, const char *revision, size_t *step)
{
    const struct plan *plan = c->run.own_plan;
    const struct plan_step *shown = sql_plan_step(c);
    struct err err = ERR_INIT;
    bool ok = true;
    if (*revision)
        ok = save_edit_find(plan, revision, step, &err);
    else if (shown && shown->edited)
        *step = (size_t)(shown - plan->steps.at);
    else if (count_edited(plan, step) != 1)
        ok = err_set(&err, ERR_USAGE, "several revisions are edited: which one? :save REV");
    if (!ok)
        console_show_err(c, &err);
    err_clear(&err);
    return ok;
}

static void saved(struct console *c, int value)
{
    struct save_flow *s = &c->save;
    struct err err = ERR_INIT;
    (void)value;
    if (c->run.own_plan != s->plan || execution_is_active(&c->run) ||
        !c->run.own_plan->steps.at[s->step].edited) {
        console_complain(c, "the plan has changed meanwhile: nothing was written");
        return;
    }
    const struct plan_step *step = &c->run.own_plan->steps.at[s->step];
    bool ok = save_edit_write(c->run.own_plan->arena, c->run.own_plan, s->step, &s->edit, &err);
    if (ok)
        console_load(c, NULL);
    if (ok)
        console_say(c, "%s() of %s is what was edited", plan_verb_name(step->verb),
                    path_below(s->edit.path, session_folder(c->session)));
    else
        console_show_err(c, &err);
    err_clear(&err);
}

/* The edit is in the plan's arena: it becomes part of the plan when it is saved. */
static bool make(struct console *c, size_t step, const char **diff, struct err *err)
{
    struct save_flow *s = &c->save;
    struct str out = STR_IN(s->arena);
    char *old;
    size_t len;
    struct plan *plan = c->run.own_plan;
    if (!save_edit_make(plan->arena, c->run.session->project, plan, step, &s->edit, err) ||
        !file_read(s->arena, s->edit.path, REVISION_MAX, &old, &len, err))
        return false;
    const char *name = path_below(s->edit.path, session_folder(c->run.session));
    diff_unified(name, "as it will be", old, s->edit.text, &out);
    *diff = out.ptr;
    return true;
}

static void ask(struct console *c, const char *diff)
{
    struct save_flow *s = &c->save;
    const struct plan_step *step = &s->plan->steps.at[s->step];
    const char *name = guard_database(c, c->run.session);
    bool applied = c->session->graph && c->standing.known &&
                   save_edit_is_applied(s->arena, c->session->graph, step, &c->standing.rows);
    const char *title = arena_printf(s->arena, "Save into %s",
                                     path_below(s->edit.path, session_folder(c->run.session)));
    if (applied)
        popup_type(c, title,
                   arena_printf(s->arena,
                                "%s\n%s is applied in %s: its file says what was run there.\n"
                                "Type the name of the database, %s, to change it.",
                                diff, step->id, c->session->label, name),
                   name, saved);
    else
        popup_confirm(c, title, diff, "save", saved);
    popup_color_diff(c);
}

void save_flow_ask(struct console *c, const char *revision)
{
    struct save_flow *s = &c->save;
    struct err err = ERR_INIT;
    const char *why = reason_has_edits(c), *diff;
    size_t step = 0;
    if (why) {
        console_complain(c, "%s", why);
        return;
    }
    if (!find_step(c, revision, &step))
        return;
    arena_free(s->arena);
    *s = (struct save_flow){.arena = arena_new(), .plan = c->run.own_plan, .step = step};
    if (make(c, step, &diff, &err))
        ask(c, diff);
    else
        console_show_err(c, &err);
    err_clear(&err);
}

void act_save(struct console *c)
{
    save_flow_ask(c, "");
}

/* -- dropping -----------------------------------------------------------------------------------
 */

static void dropped(struct console *c, int value)
{
    struct plan *plan = c->run.own_plan;
    (void)value;
    if (!plan || c->run.was_started)
        return;
    for (size_t i = 0; i < plan->steps.len; i++)
        if (plan->steps.at[i].edited)
            execution_undo_edits(&c->run, i);
    console_mark_stale(c);
    console_say(c, "the plan is as it was rendered");
}

void save_flow_revert(struct console *c)
{
    struct str text = STR_INIT;
    size_t last = 0;
    const char *why = c->run.was_started ? "the run has begun" : reason_has_edits(c);
    if (why) {
        console_complain(c, "%s", why);
        return;
    }
    size_t count = count_edited(c->run.own_plan, &last);
    str_addf(&text, "The edits of %zu revision%s are dropped. This cannot be undone.", count,
             count == 1 ? "" : "s");
    popup_confirm(c, "Revert", text.ptr, "drop them", dropped);
    str_clear(&text);
}

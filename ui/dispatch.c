#include "config.h"

#include "ui/dispatch.h"

#include "base/str.h"
#include "ui/actions.h"
#include "ui/console.h"
#include "ui/diff_lines.h"
#include "ui/key.h"
#include "ui/keyboard.h"
#include "ui/screen.h"

struct action_row {
    void (*run)(struct console *c);
    const char *(*reason)(const struct console *c);
};

static const struct action_row rows[N_ACTIONS] = {
#define ACTION(id, name, contexts, keys, hint, reason, function, help)                             \
    [ACTION_##id] = {function, reason_##reason},
#include "ui/action.def"
#undef ACTION
};

/* What popups and the line editor carry out themselves. */
void none(struct console *c)
{
    (void)c;
}

/* Reasons */

const char *reason_always(const struct console *c)
{
    (void)c;
    return NULL;
}

const char *reason_has_plan(const struct console *c)
{
    return c->run.plan ? NULL : "nothing was planned yet; r opens the run menu";
}

const char *reason_no_run(const struct console *c)
{
    return execution_is_active(&c->run) ? "a run is active" : NULL;
}

const char *reason_has_run(const struct console *c)
{
    return execution_is_active(&c->run) ? NULL : "no run is active";
}

const char *reason_has_revision(const struct console *c)
{
    return console_selected(c) ? NULL : "no revision here";
}

const char *reason_has_file(const struct console *c)
{
    const struct differ_item *item = console_difference(c);
    if (item)
        return item->difference->place.line > 0 ? NULL : "the models do not have it";
    if (console_is_at_difference(c))
        return "a heading has no place in a file; its differences have";
    return reason_has_revision(c);
}

const char *reason_has_differences(const struct console *c)
{
    return c->differ.items.len > 0 ? NULL : "there are no differences here";
}

const char *reason_has_difference(const struct console *c)
{
    return c->diff.rows.len > 0 ? NULL : "no difference here";
}

const char *reason_has_included(const struct console *c)
{
    return differ_included(&c->differ) > 0 ? NULL : "no difference is included; Space includes one";
}

const char *reason_can_add(const struct console *c)
{
    if (execution_is_active(&c->run))
        return "a run is active";
    return c->session->graph ? NULL : "the project cannot be read";
}

const char *reason_has_marks(const struct console *c)
{
    if (reason_can_add(c))
        return reason_can_add(c);
    return c->marks.len >= 2 ? NULL : "mark the heads to merge: Space";
}

const char *reason_has_database(const struct console *c)
{
    return c->standing.known ? NULL : "where the database is, is not known; R reads again";
}

const char *reason_has_rows(const struct console *c)
{
    if (!c->standing.known)
        return reason_has_database(c);
    return c->standing.rows.len > 0 ? NULL : "the database is at base: nothing is applied";
}

const char *reason_has_search(const struct console *c)
{
    return c->search.text ? NULL : "nothing was searched for yet; / searches";
}

const char *reason_is_split(const struct console *c)
{
    return c->layout.mode == LAYOUT_STACK || c->layout.mode == LAYOUT_SPLIT
               ? NULL
               : "one pane is shown alone";
}

const char *reason_not_in_plan(const struct console *c)
{
    if (sql_range_is_open(c))
        return "the range has its direction; Esc in the SQL pane closes it";
    return console_plan_step(c) ? "the plan has its direction" : NULL;
}

const char *reason_can_execute(const struct console *c)
{
    if (!execution_is_active(&c->run))
        return "no run is active";
    if (execution_is_busy(&c->run))
        return "a statement is running";
    if (c->run.state == RUNNER_FAILED)
        return "the last statement failed; m shows the moves";
    return c->run.state == RUNNER_PAUSED ? NULL : "the run is over";
}

const char *reason_can_edit(const struct console *c)
{
    if (!c->run.plan)
        return reason_has_plan(c);
    if (c->run.was_started && !execution_is_active(&c->run))
        return "the run is over";
    return execution_is_active(&c->run) && execution_is_busy(&c->run) ? "a statement is running"
                                                                      : NULL;
}

/* What the SQL pane or the run pane shows. */
const char *reason_can_edit_sql(const struct console *c)
{
    if (sql_range_is_open(c) && !c->bar_focus)
        return "a range is only shown; Esc closes it";
    if (c->bar_focus || console_plan_step(c))
        return reason_can_edit(c);
    if (c->in_slot[SLOT_MAIN] == VIEW_DIFF)
        return "these are differences; a makes a revision of them";
    return execution_is_active(&c->run) ? "a run is active" : reason_has_revision(c);
}

const char *reason_has_edits(const struct console *c)
{
    if (execution_is_active(&c->run))
        return "a run is active";
    return c->run.own_plan && plan_is_edited(c->run.own_plan) ? NULL : "nothing was edited";
}

const char *reason_is_executing(const struct console *c)
{
    return execution_is_busy(&c->run) ? NULL : "nothing is running";
}

const char *reason_has_failed(const struct console *c)
{
    bool waits = execution_can_retry(&c->run) || execution_has_changed(&c->run);
    return waits ? NULL : "nothing has failed";
}

/* Dispatch */

const char *dispatch_reason(const struct console *c, enum action action)
{
    return rows[action].reason ? rows[action].reason(c) : NULL;
}

void dispatch_action(struct console *c, enum action action)
{
    const char *reason = dispatch_reason(c, action);
    if (reason)
        console_complain(c, "%s: %s", action_infos[action].name, reason);
    else if (rows[action].run)
        rows[action].run(c);
}

static enum action find_action(struct console *c, int32_t key)
{
    if (c->bar_focus)
        return action_lookup(CTX_BAR, key);
    unsigned contexts = console_focused(c)->ops->contexts;
    enum action action = ACTION_NONE;
    for (int n = 0; n < N_CONTEXTS && action == ACTION_NONE; n++)
        if (contexts & 1u << n)
            action = action_lookup((enum context)(1u << n), key);
    if (action == ACTION_NONE)
        action = action_lookup(CTX_MOVE, key);
    return action != ACTION_NONE ? action : action_lookup(CTX_GLOBAL, key);
}

bool console_was_typed(struct console *c)
{
    if (!c->in_burst)
        return true;
    c->dropping = true;
    console_complain(c, "came all at once, like a paste: type it again");
    return false;
}

/* Whether the action would execute a statement now. */
static bool executes(const struct console *c, enum action action)
{
    return (action == ACTION_STEP || action == ACTION_STEP_REVISION) &&
           !dispatch_reason(c, action);
}

static void pasted(struct console *c, int32_t key)
{
    if (c->editor.is_open && !c->popup && !c->prompt.is_open) {
        sql_editor_paste(c, key);
    } else if (c->prompt.is_open && !c->popup) {
        prompt_paste(c, key);
    } else if (key == K_PASTE_BEGIN) {
        if (c->popup)
            popup_paste(c);
        else
            console_complain(c, "a paste means nothing here and was dropped");
    }
}

void console_key(struct console *c, int32_t key)
{
    if (key == K_PASTE_BEGIN || c->pasting) {
        c->pasting = key != K_PASTE_END;
        pasted(c, key);
        return;
    }
    if (key == K_RESIZE || key == K_PASTE_END)
        return;
    if (key == K_NO_CHARACTER) {
        console_complain(c, "what was typed is no character of the locale (%s)", screen_encoding());
        return;
    }
    if (key == K_MOUSE) {
        struct mouse_event event;
        keyboard_mouse(&event);
        console_sync(c);
        if (c->mouse)
            console_mouse(c, &event);
        return;
    }
    console_sync(c);
    if (c->layout.mode == LAYOUT_TOO_SMALL && (key != 'Q' || c->editor.is_open))
        return; /* what cannot be seen is not acted on */
    if (c->message && !c->popup) {
        console_say(c, "%s", "");
    }
    if (c->popup) {
        popup_key(c, key);
    } else if (c->prompt.is_open) {
        prompt_key(c, key);
    } else if (c->editor.is_open) {
        sql_editor_key(c, key);
    } else {
        enum action action = find_action(c, key);
        if (action != ACTION_NONE && (!executes(c, action) || console_was_typed(c)))
            dispatch_action(c, action);
        else if (action != ACTION_NONE)
            return;
        else if (c->bar_focus)
            console_complain(c, "the run bar has the focus; Esc leaves it, ? for help");
        else
            console_complain(c, "unknown key, ? for help");
    }
}

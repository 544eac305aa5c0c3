#include "config.h"

#include "ui/sql_editor.h"

#include <string.h>

#include "base/arena.h"
#include "base/diff.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "run/plan_edit.h"
#include "sql/parse.h"
#include "ui/actions.h"
#include "ui/console.h"
#include "ui/dispatch.h"
#include "ui/key.h"
#include "ui/run_flow.h"

enum { ROWS_WANTED = 12 }; /* where the pane has fewer, the editor takes the screen */

void sql_editor_init(struct sql_editor *e)
{
    *e = (struct sql_editor){.paste = STR_INIT, .height = 1};
    e->arena = arena_new();
    e->rendered_arena = arena_new();
    text_buffer_init(&e->text);
}

void sql_editor_clear(struct sql_editor *e)
{
    text_buffer_clear(&e->text);
    mem_free(e->before);
    mem_free(e->kept);
    mem_free(e->problem.message);
    str_clear(&e->paste);
    arena_free(e->arena);
    arena_free(e->rendered_arena);
}

/* -- opening and closing ------------------------------------------------------------------------
 */

static const struct plan_statement *statement_of(const struct sql_editor *e)
{
    const struct plan_step *step = &e->plan->steps.at[e->at.step];
    return e->at.statement < step->statements.len ? &step->statements.at[e->at.statement] : NULL;
}

/* The step as it was rendered; shares everything with the plan. */
static void rendered_step(struct arena *a, const struct plan *plan, size_t step,
                          struct plan_step *out, struct plan *shown)
{
    *shown = *plan;
    shown->steps.at = arena_memdup(a, plan->steps.at, plan->steps.len * sizeof *plan->steps.at);
    plan_edit_undo(a, shown, step);
    *out = shown->steps.at[step];
}

/* The text as it was rendered, in the arena. */
static const char *rendered_text(struct arena *a, const struct sql_editor *e)
{
    struct str out = STR_IN(a);
    struct plan_step step;
    struct plan plan;
    if (e->of_statement)
        return statement_of(e) ? statement_of(e)->rendered : "";
    rendered_step(a, e->plan, e->at.step, &step, &plan);
    plan_edit_step_text(a, &plan, e->at.step, &out);
    return out.ptr;
}

static void set_kept(struct sql_editor *e, const char *text)
{
    char *copy = mem_strdup(text);
    mem_free(e->kept);
    e->kept = copy;
}

/* Another text to begin with: nothing of the old one can be undone. */
static void load(struct sql_editor *e, const char *text)
{
    arena_reset(e->rendered_arena);
    e->rendered = MAP_IN(e->rendered_arena);
    for (char *line = arena_strdup(e->rendered_arena, rendered_text(e->rendered_arena, e)), *save,
              *next = strtok_r(line, "\n", &save);
         next; next = strtok_r(NULL, "\n", &save))
        map_put(&e->rendered, next, NULL);
    text_buffer_set(&e->text, text);
    set_kept(e, text);
    sql_editor_set_problem(e, NULL, (struct text_place){0, 0}, false);
    e->scanned = e->seen = e->checked = e->asked = e->text.version - 1;
    e->top = e->left = 0;
}

static void open(struct console *c, struct position at, bool of_statement)
{
    struct sql_editor *e = &c->editor;
    e->is_open = true;
    e->of_statement = of_statement;
    e->plan = c->run.plan;
    e->at = at;
    e->base = e->plan->steps.at[at.step];
    e->retry = false;
    e->focus = c->focus;
    e->was_maximised = c->maximised;
    console_focus_view(c, VIEW_SQL);
    console_sync(c);
    if (c->layout.inside[SLOT_BOTTOM].height < ROWS_WANTED)
        c->maximised = true;
}

static void go_statement(struct sql_editor *e, size_t statement)
{
    struct editor_block block = sql_editor_block(e, 0);
    do {
        if (block.number == statement + 1)
            text_buffer_go(&e->text, (struct text_place){block.first, 0});
    } while (sql_editor_next_block(e, &block));
}

void sql_editor_open_step(struct console *c, size_t step, size_t statement)
{
    struct arena *a = arena_new();
    struct str text = STR_IN(a);
    open(c, (struct position){step, statement}, false);
    plan_edit_step_text(a, c->run.plan, step, &text);
    load(&c->editor, text.ptr);
    go_statement(&c->editor, statement);
    arena_free(a);
}

void sql_editor_open_statement(struct console *c, struct position at, bool retry)
{
    open(c, at, true);
    c->editor.retry = retry;
    const struct plan_step *step = &c->run.plan->steps.at[at.step];
    char *before = mem_strdup(step->statements.at[at.statement].sql);
    mem_free(c->editor.before);
    c->editor.before = before;
    load(&c->editor, before);
}

void sql_editor_close(struct console *c)
{
    struct sql_editor *e = &c->editor;
    if (!e->is_open)
        return;
    e->is_open = false;
    c->focus = e->focus;
    if (c->focus != SLOT_MAIN)
        c->side = c->focus;
    c->maximised = e->was_maximised;
    c->highlight = false; /* what was found in the text is not looked for elsewhere */
    console_mark_stale(c);
}

/* -- keeping ------------------------------------------------------------------------------------
 */

/* The cursor goes to what an error of plan_edit.h is about. */
static void show_refusal(struct console *c, struct arena *a, const char *text, struct err *err)
{
    struct sql_editor *e = &c->editor;
    struct text_place place = {err->file && err->line > 0 ? (size_t)err->line : 0, 0};
    const char *found = err->statement ? strstr(text, err->statement) : NULL;
    struct sql_effect effect = {0};
    if (found)
        place = text_buffer_after(&e->text, text_buffer_place(&e->text, (size_t)(found - text)),
                                  err->position > 0 ? (size_t)err->position : 1);
    else if (err->statement || !str_eq(err->file, "text"))
        place = e->text.cursor;
    text_buffer_go(&e->text, place);
    sql_editor_set_problem(e, err->message, e->text.cursor, false);
    if (err->statement)
        sql_classify(a, err->statement, e->plan->database.server_version, &effect);
    if (effect.outside_only && effect.statements == 1)
        console_complain(c, "%s - Alt-t takes it out of the transaction", err->message);
    else
        console_show_err(c, err);
}

/* Why the text has no place any more. */
static const char *why_gone(const struct console *c)
{
    const struct sql_editor *e = &c->editor;
    if (c->run.plan != e->plan)
        return "the plan is not there any more";
    if (!e->of_statement)
        return c->run.was_started ? "the run has begun" : NULL;
    const struct plan_statement *s = statement_of(e);
    return s && str_eq(s->sql, e->before) ? NULL : "the statement has been changed meanwhile";
}

static bool keep_step(struct console *c, struct arena *a, const char *text)
{
    struct sql_editor *e = &c->editor;
    struct plan_doubt_list doubts = {0};
    struct err err = ERR_INIT;
    bool ok = execution_edit_step(&c->run, e->at.step, &e->base, text, &doubts, &err);
    if (ok) {
        set_kept(e, text);
        console_mark_stale(c);
        if (doubts.len > 0)
            console_complain(c, "kept; not known to the parser: %s", doubts.at[0].message);
        else
            console_say(c, c->run.plan->steps.at[e->at.step].edited
                               ? "kept: edited, in this plan only"
                               : "kept: as it was rendered");
    } else {
        show_refusal(c, a, text, &err);
    }
    err_clear(&err);
    return ok;
}

bool sql_editor_keep(struct console *c)
{
    struct sql_editor *e = &c->editor;
    struct arena *a = arena_new();
    struct str text = STR_IN(a);
    const char *gone = why_gone(c);
    bool ok = false;
    text_buffer_text(&e->text, &text);
    sql_editor_check(e);
    if (gone) {
        console_complain(c, "%s; Esc leaves", gone);
    } else if (!e->of_statement) {
        ok = keep_step(c, a, text.ptr);
    } else if (e->problem.message && !e->problem.is_doubt) {
        text_buffer_go(&e->text, e->problem.at);
        console_complain(c, "this is no SQL: %s", e->problem.message);
    } else {
        e->asked = e->text.version;
        run_flow_take_text(c, e->at, text.ptr, e->retry); /* closes the editor when it is taken */
        ok = true;
    }
    arena_free(a);
    return ok;
}

void act_editor_keep(struct console *c)
{
    sql_editor_keep(c);
}

enum leave { LEAVE_STAY, LEAVE_DROP };

static void leave_chosen(struct console *c, int value)
{
    if (value != LEAVE_DROP)
        return;
    sql_editor_close(c);
    console_say(c, "what was typed since it was kept is dropped");
}

void act_editor_leave(struct console *c)
{
    struct sql_editor *e = &c->editor;
    static const struct menu_item items[] = {
        {'k', "keep editing", NULL, LEAVE_STAY},
        {'d', "drop what was typed since it was kept", NULL, LEAVE_DROP},
    };
    if (text_buffer_is(&e->text, e->kept)) {
        sql_editor_close(c);
    } else if (e->of_statement && e->asked == e->text.version) {
        popup_menu(c, "This text was not agreed to", "", items, 2, leave_chosen);
    } else if (!sql_editor_keep(c)) {
        popup_menu(c, "This text cannot be kept", c->message, items, 2, leave_chosen);
    } else if (!e->of_statement) {
        sql_editor_close(c);
    }
}

/* -- reverting ----------------------------------------------------------------------------------
 */

static struct text_place line_start(const struct sql_editor *e, size_t line)
{
    struct text_place end = {e->text.lines.len - 1, vec_last(&e->text.lines).len};
    return line < e->text.lines.len ? (struct text_place){line, 0} : end;
}

/* With its ';', which a comment at its end must not take in. */
static void add_block(struct str *out, const char *sql)
{
    const char *last = strrchr(sql, '\n');
    str_addf(out, "%s%s;\n\n", sql, strstr(last ? last : sql, "--") ? "\n" : "");
}

void act_editor_revert(struct console *c)
{
    struct sql_editor *e = &c->editor;
    struct editor_block block = sql_editor_block(e, e->text.cursor.line);
    struct str text = STR_INIT;
    const struct plan_statement *s = e->of_statement ? statement_of(e) : NULL;
    if (!e->of_statement && block.number > 0 && block.number <= e->base.statements.len)
        s = &e->base.statements.at[block.number - 1];
    if (!s || s->version_row || !*s->rendered) {
        console_complain(c, s && !s->version_row ? "it was added: there is nothing to revert to"
                                                 : "no statement here that can be edited");
        return;
    }
    if (e->of_statement)
        str_add(&text, s->rendered);
    else
        add_block(&text, s->rendered);
    struct text_place end = e->of_statement ? line_start(e, (size_t)-1) : line_start(e, block.end);
    text_buffer_replace(&e->text, line_start(e, block.first), end, text.ptr, text.len);
    text_buffer_go(&e->text, (struct text_place){block.first, 0});
    str_clear(&text);
}

static void revert_confirmed(struct console *c, int value)
{
    struct sql_editor *e = &c->editor;
    struct arena *a = arena_new();
    struct str text = STR_IN(a);
    (void)value;
    if (!why_gone(c)) {
        execution_undo_edits(&c->run, e->at.step);
        e->base = e->plan->steps.at[e->at.step];
        plan_edit_step_text(a, e->plan, e->at.step, &text);
        load(e, text.ptr);
        console_mark_stale(c);
        console_say(c, "as it was rendered");
    }
    arena_free(a);
}

void act_editor_revert_all(struct console *c)
{
    if (c->editor.of_statement)
        act_editor_revert(c);
    else
        popup_confirm(
            c, "Revert all",
            "All edits of this step are dropped, those that were kept too. This cannot be "
            "undone.",
            "drop them", revert_confirmed);
}

/* -- the transaction ----------------------------------------------------------------------------
 */

static bool line_is(const struct sql_editor *e, size_t line, const char *mark)
{
    return line < e->text.lines.len && str_starts_with(e->text.lines.at[line].ptr, mark);
}

static bool is_in_transaction(const struct sql_editor *e, size_t line)
{
    for (size_t i = line + 1; i-- > 0;) {
        if (line_is(e, i, "-- @no transaction"))
            return false;
        if (line_is(e, i, "-- @transaction") || line_is(e, i, "-- @step"))
            break;
    }
    return true;
}

static void add_lines(const struct sql_editor *e, size_t first, size_t end, struct str *out)
{
    for (size_t i = first; i < end; i++)
        str_addf(out, "%s\n", e->text.lines.at[i].ptr);
}

/* Puts the statement between two marks, or takes those away that it stands between alone. */
void act_editor_wrap(struct console *c)
{
    struct sql_editor *e = &c->editor;
    struct text_place cursor = e->text.cursor;
    struct editor_block block = sql_editor_block(e, cursor.line);
    struct str text = STR_INIT;
    if (e->of_statement || !block.number || block.version_row) {
        console_complain(c, e->of_statement ? "only in a plan that has not begun"
                                            : "no statement here that can be moved");
        return;
    }
    bool inside = is_in_transaction(e, block.mark);
    bool alone = !inside && block.mark > 0 && line_is(e, block.mark - 1, "-- @no transaction") &&
                 line_is(e, block.end, "-- @transaction");
    size_t first = alone ? block.mark - 1 : block.mark, end = alone ? block.end + 1 : block.end;
    if (!alone)
        str_add(&text, inside ? "-- @no transaction\n" : "-- @transaction\n");
    add_lines(e, block.mark, block.end, &text);
    if (!alone)
        str_add(&text, inside ? "-- @transaction\n" : "-- @no transaction\n");
    if (end >= e->text.lines.len) /* the last line has no end */
        str_cut(&text, text.len - 1);
    text_buffer_replace(&e->text, line_start(e, first), line_start(e, end), text.ptr, text.len);
    cursor.line = alone ? cursor.line - 1 : cursor.line + 1;
    text_buffer_go(&e->text, cursor);
    console_say(c, inside ? "outside the transaction: it stays done, whatever follows"
                          : "inside the transaction");
    str_clear(&text);
}

/* -- what differs -------------------------------------------------------------------------------
 */

/* Without the numbers and notes, which are not what is compared. */
static const char *comparable(struct arena *a, const char *text)
{
    struct str out = STR_IN(a);
    while (*text) {
        size_t len = strcspn(text, "\n");
        bool seam = str_starts_with(text, "-- @transaction") || str_starts_with(text, "-- @no tr");
        if (len > 0 && (seam || !str_starts_with(text, "-- @"))) {
            str_addn(&out, text, len);
            str_addc(&out, '\n');
        }
        text += len + (text[len] == '\n');
    }
    return out.ptr;
}

void act_editor_diff(struct console *c)
{
    struct sql_editor *e = &c->editor;
    struct arena *a = arena_new();
    struct str text = STR_IN(a), diff = STR_IN(a);
    text_buffer_text(&e->text, &text);
    diff_unified("as rendered", "edited", comparable(a, rendered_text(a, e)),
                 comparable(a, text.ptr), &diff);
    if (diff.len > 0) {
        popup_message(c, "What was edited", diff.ptr);
        popup_color_diff(c);
    } else {
        console_say(c, "nothing differs from what was rendered");
    }
    arena_free(a);
}

/* -- finding ------------------------------------------------------------------------------------
 */

void act_editor_find(struct console *c)
{
    c->editor.find_from = c->editor.text.cursor;
    prompt_open(c, PROMPT_FIND);
}

void sql_editor_find(struct console *c, const char *text)
{
    struct sql_editor *e = &c->editor;
    struct pattern pattern = PATTERN_INIT;
    bool wrapped;
    text_buffer_go(&e->text, e->find_from);
    pattern_set(&pattern, text);
    if (pattern.text && !text_buffer_find(&e->text, &pattern, 1, true, &wrapped))
        console_complain(c, "no match");
    pattern_clear(&pattern);
}

void sql_editor_find_end(struct console *c, bool found)
{
    if (!found)
        text_buffer_go(&c->editor.text, c->editor.find_from);
}

static void find_again(struct console *c, int direction)
{
    bool wrapped;
    c->highlight = true;
    if (!text_buffer_find(&c->editor.text, &c->search, direction, false, &wrapped))
        console_complain(c, "no match for \"%s\"", c->search.text);
    else if (wrapped)
        console_say(c, direction > 0 ? "search went on at the top" : "search went on at the end");
}

void act_editor_find_next(struct console *c)
{
    find_again(c, 1);
}

void act_editor_find_previous(struct console *c)
{
    find_again(c, -1);
}

/* -- keys ---------------------------------------------------------------------------------------
 */

void act_editor_undo(struct console *c)
{
    if (!text_buffer_undo(&c->editor.text))
        console_say(c, "nothing left to undo");
}

void act_editor_redo(struct console *c)
{
    if (!text_buffer_redo(&c->editor.text))
        console_say(c, "nothing left to do again");
}

void sql_editor_set_text(struct console *c, const char *text)
{
    struct sql_editor *e = &c->editor;
    text_buffer_replace(&e->text, (struct text_place){0, 0}, line_start(e, (size_t)-1), text,
                        strlen(text));
    text_buffer_go(&e->text, (struct text_place){0, 0});
}

void sql_editor_key(struct console *c, int32_t key)
{
    struct sql_editor *e = &c->editor;
    enum action action = action_lookup(CTX_EDITOR, key);
    if (action != ACTION_NONE && !text_buffer_do(&e->text, action, e->height))
        dispatch_action(c, action);
    else if (action == ACTION_NONE && !text_buffer_type(&e->text, key))
        console_complain(c, "unknown key, F1 for help");
}

void sql_editor_paste(struct console *c, int32_t key)
{
    struct sql_editor *e = &c->editor;
    char bytes[UTF8_MAX];
    if (key == K_PASTE_BEGIN) {
        str_cut(&e->paste, 0);
    } else if (key == K_PASTE_END) {
        text_buffer_paste(&e->text, e->paste.ptr, e->paste.len);
        str_cut(&e->paste, 0);
    } else if (key == K_TAB || key == K_ENTER ||
               (key >= ' ' && key != K_BACKSPACE && key < K_SPECIAL)) {
        str_addn(&e->paste, bytes, utf8_encode(bytes, (uint32_t)key));
    }
}

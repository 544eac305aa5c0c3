/* SQL of the revision, or of the step of the plan that the run pane is at. */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "run/plan_asked.h"
#include "sql/parse.h"
#include "ui/console.h"
#include "ui/diff_lines.h"
#include "ui/err_text.h"
#include "ui/sql_lines.h"

const struct plan_step *sql_plan_step(const struct console *c)
{
    if (sql_range_is_open(c))
        return NULL;
    const struct plan_step *leading = console_plan_step(c);
    const struct revision *revision = console_selected(c);
    const struct execution *run = &c->run;
    if (leading || !revision || !run->plan || (run->was_started && !run->link))
        return leading;
    enum plan_verb verb = c->direction == DIRECTION_UPGRADE ? PLAN_UPGRADE : PLAN_DOWNGRADE;
    for (size_t i = 0; i < run->plan->steps.len; i++) {
        const struct plan_step *step = &run->plan->steps.at[i];
        bool current = step->edited || session_is_twin(run->session, c->session);
        if (current && step->verb == verb && str_eq(step->id, revision->header->id))
            return step;
    }
    return NULL;
}

static const struct rendering *shown_rendering(struct console *c)
{
    const struct plan_step *step = sql_plan_step(c);
    const struct revision *revision = console_selected(c);
    if (step)
        return &step->rendering;
    return revision ? console_rendering(c, revision, c->direction) : NULL;
}

/* What the pane shows when no plan leads: of a difference, or of a revision; NULL: nothing. */
static const struct statement_list *shown_statements(struct console *c)
{
    const struct differ_item *item = console_difference(c);
    const struct rendering *rendering = shown_rendering(c);
    if (item)
        return &item->statements[c->direction];
    if (console_difference_group(c))
        return &c->diff.statements[c->direction];
    return rendering ? &rendering->statements : NULL;
}

static struct sql_statement of_plan(const struct plan_statement *s)
{
    return (struct sql_statement){.sql = s->sql,
                                  .origin = &s->origin,
                                  .in_transaction = s->in_transaction,
                                  .version_row = s->version_row,
                                  .nondeterministic = s->nondeterministic,
                                  .effect = &s->effect,
                                  .edited = !str_eq(s->sql, s->rendered)};
}

static struct sql_statement of_range(const struct console *c, size_t i)
{
    size_t n = 0;
    const struct plan_step *step = sql_range_step(c, i, &n);
    struct sql_statement s = of_plan(&step->statements.at[n]);
    s.revision = step->id ? step->id : "";
    return s;
}

bool sql_is_of_source(const struct console *c, const struct sql_statement *s)
{
    const struct revision *revision = s->revision ? console_selected(c) : NULL;
    return !s->seam && !s->version_row &&
           (!s->revision || (revision && str_eq(s->revision, revision->header->id)));
}

size_t sql_statement_count(struct console *c)
{
    if (sql_range_is_open(c))
        return sql_range_count(c);
    const struct plan_step *step = sql_plan_step(c);
    const struct statement_list *shown = shown_statements(c);
    return step ? step->statements.len : shown ? shown->len : 0;
}

struct sql_statement sql_statement_at(struct console *c, size_t i)
{
    if (sql_range_is_open(c))
        return of_range(c, i);
    const struct plan_step *step = sql_plan_step(c);
    if (step)
        return of_plan(&step->statements.at[i]);
    const struct statement_list *shown = shown_statements(c);
    if (!shown || i >= shown->len)
        return (struct sql_statement){.sql = ""};
    const struct statement *s = &shown->at[i];
    bool inside = true;
    for (size_t k = 0; k < i; k++)
        if (shown->at[k].kind != STATEMENT_SQL)
            inside = shown->at[k].kind == STATEMENT_BEGIN;
    const struct rendering *r = console_is_at_difference(c) ? NULL : shown_rendering(c);
    return (struct sql_statement){.sql = s->sql,
                                  .origin = &s->origin,
                                  .in_transaction = inside,
                                  .effect = r && r->effects ? &r->effects[i] : NULL,
                                  .seam = s->kind != STATEMENT_SQL,
                                  .nondeterministic = s->nondeterministic};
}

int sql_origin_holds(const struct op_origin *origin, int line)
{
    int first = origin->revision_line, last = origin->revision_end;
    if (last < first)
        last = first;
    return first > 0 && line >= first && line <= last ? last - first + 1 : 0;
}

void sql_all(struct console *c, struct str *out)
{
    for (size_t i = 0; sql_range_is_open(c) && i < c->sql.lines.len; i++)
        str_addf(out, "%.*s\n", (int)c->sql.lines.at[i].len, c->sql.lines.at[i].text);
    if (sql_range_is_open(c))
        return;
    for (size_t i = 0; i < sql_statement_count(c); i++)
        str_addf(out, "%s;\n\n", sql_statement_at(c, i).sql);
}

void sql_properties(struct console *c, size_t i, struct str *out)
{
    struct sql_statement s = sql_statement_at(c, i);
    struct arena *a = arena_new();
    struct sql_effect effect;
    sql_classify(a, s.sql, c->reader.info.version, &effect);
    str_addf(out, "statement    %zu of %zu\n", i + 1, sql_statement_count(c));
    if (s.origin->file && s.origin->line > 0)
        str_addf(out, "made by      %s:%d\n",
                 path_below(s.origin->file, session_folder(console_session(c))), s.origin->line);
    if (s.edited)
        str_add(out, "edited       not as it was rendered; :save puts it into the file\n");
    if (s.nondeterministic)
        str_add(out, "! made from the clock or from chance: differs each time\n");
    str_addf(out, "transaction  %s\n", s.in_transaction ? "the revision's" : "none: autocommit");
    if (!effect.known) {
        str_add(out, "effect       not known: the parser does not read it");
    } else {
        const char *lock = sql_lock_text(a, &effect);
        str_addf(out, "effect       %s\n", effect.tag ? effect.tag : "");
        str_addf(out, "lock         %s\n", *lock ? lock : "none");
        if (effect.rewrites)
            str_add(out, "! may rewrite or scan the whole table under its lock\n");
        str_addf(out, "%s%s", effect.loses_data ? "! loses data: " : "loses data   no",
                 effect.loses_data ? effect.loses_data : "");
    }
    arena_free(a);
}

/* Others wait for it who only read or write rows. */
static bool blocks_others(const struct sql_effect *effect)
{
    return effect && effect->lock >= SQL_LOCK_SHARE;
}

/* The statement under the cursor, from 1; 0: none. */
static size_t statement_here(const struct console *c)
{
    size_t row;
    bool has_row = view_row(&c->views[VIEW_SQL], &row) && row < c->sql.lines.len;
    return has_row ? c->sql.lines.at[row].statement : 0;
}

/* Those among the first ones that are no seams of transactions. */
static size_t count_statements(struct console *c, size_t first)
{
    bool is_plan = sql_range_is_open(c) || sql_plan_step(c);
    const struct statement_list *shown = is_plan ? NULL : shown_statements(c);
    size_t count = shown ? 0 : first;
    for (size_t i = 0; shown && i < first; i++)
        count += shown->at[i].kind == STATEMENT_SQL;
    return count;
}

/* "2/3 ! ACCESS EXCLUSIVE on invoice": the statement under the cursor, and what it would lock. */
static void add_statement_here(struct console *c, struct str *out)
{
    size_t all = sql_statement_count(c), count = count_statements(c, all), here = statement_here(c);
    if (here == 0 || here > all || sql_statement_at(c, here - 1).seam) {
        str_addf(out, " %zu statement%s", count, count == 1 ? "" : "s");
        return;
    }
    const struct sql_effect *effect = sql_statement_at(c, here - 1).effect;
    struct arena *a = arena_new();
    str_addf(out, " %zu/%zu", count_statements(c, here), count);
    if (effect && effect->loses_data)
        str_addf(out, " ! loses data: %s", effect->loses_data);
    else if (blocks_others(effect))
        str_addf(out, " ! %s", sql_lock_text(a, effect));
    arena_free(a);
}

static void sql_title(struct console *c, struct str *out)
{
    if (sql_range_is_open(c)) {
        sql_range_title(c, out);
        add_statement_here(c, out);
        return;
    }
    const struct plan_step *step = sql_plan_step(c);
    const struct rendering *rendering = shown_rendering(c);
    static const char *const words[] = {"upgrade", "downgrade", "stamp"};
    enum plan_verb verb = step                                ? step->verb
                          : c->direction == DIRECTION_UPGRADE ? PLAN_UPGRADE
                                                              : PLAN_DOWNGRADE;
    str_addf(out, "sql (%s%s)%s", console_plan_step(c) ? "plan: " : "", words[verb],
             step && step->edited ? " * edited," : "");
    if (step || shown_statements(c))
        add_statement_here(c, out);
    if (step && step->live)
        str_addf(out, " - live%s", step->open ? ", ends early" : "");
    else if (rendering && rendering->status != READING_OK)
        str_addf(out, " ! %s", rendering_status_name(rendering->status));
    else if (!rendering && console_selected(c))
        console_add_elapsed(out, " rendering...", c->renderer.started);
}

static void add_line(struct console *c, struct view *view, enum role role, const char *text,
                     size_t len, size_t statement)
{
    struct text_line line = {.text = text, .len = len, .role = role, .statement = statement};
    vec_push(view->arena, &c->sql.lines, line);
}

void sql_add_text(struct console *c, struct view *view, enum role role, const char *text,
                  size_t statement)
{
    struct paint *paint = role == ROLE_TEXT && statement ? paint_sql(view->arena, text) : NULL;
    for (const char *at = text;;) {
        size_t len = strcspn(at, "\n");
        add_line(c, view, role, at, len, statement);
        vec_last(&c->sql.lines).paint = paint;
        vec_last(&c->sql.lines).at = (size_t)(at - text);
        if (at[len] == '\0')
            break;
        at += len + 1;
    }
}

static void add_comment(struct console *c, struct view *view, enum role role, const char *text)
{
    const char *line = arena_printf(view->arena, "-- %s", text);
    add_line(c, view, role, line, strlen(line), 0);
}

/* Why a revision has no SQL, or not all of it. */
static void add_problem(struct console *c, struct view *view, const struct rendering *rendering)
{
    const struct err *err = &rendering->err;
    static const char *const words[] = {
        [READING_OK] = "",
        [READING_LIVE] = "asks the database: Enter shows what it would do now",
        [READING_RAISES] = "the revision itself raises:",
        [READING_PYTHON] = "cannot be evaluated:",
    };
    add_comment(c, view, ROLE_WARN, words[rendering->status]);
    if (err->message)
        add_comment(c, view, ROLE_ERROR,
                    err->diagnostic
                        ? arena_printf(view->arena, "%s: %s", err->diagnostic, err->message)
                        : err->message);
    if (err->file)
        add_comment(c, view, ROLE_TEXT,
                    arena_printf(view->arena, "%s:%d:%d",
                                 path_below(err->file, session_folder(console_session(c))),
                                 err->line, err->column));
    if (err->source_line) {
        struct str caret = STR_IN(view->arena);
        str_fill(&caret, ' ', err->column > 0 ? (size_t)err->column - 1 : 0);
        str_addc(&caret, '^');
        add_comment(c, view, ROLE_TEXT, err->source_line);
        if (err->column > 0)
            add_comment(c, view, ROLE_TEXT, caret.ptr);
    }
    if (err->hint)
        add_comment(c, view, ROLE_TEXT, err->hint);
    add_line(c, view, ROLE_TEXT, "", 0, 0);
}

/* What the step asked before statement i and behind the one before it, and where it had to end. */
static void add_questions(struct console *c, struct view *view, size_t i)
{
    const struct plan_step *step = sql_plan_step(c);
    if (!step)
        return;
    for (size_t k = i > 0 ? plan_asked_before(step, i - 1) : 0; k < plan_asked_before(step, i);
         k++) {
        const struct live_asked *asked = &step->asked.at[k];
        const char *notes = plan_asked_notes(view->arena, step, asked);
        add_comment(c, view, ROLE_QUESTION, plan_asked_text(view->arena, asked));
        if (*notes)
            add_comment(c, view, asked->outdated ? ROLE_WARN : ROLE_QUESTION,
                        arena_printf(view->arena, "  %s", notes));
    }
    if (step->open && i == plan_own_end(step))
        add_comment(c, view, ROLE_WARN, plan_open_text(view->arena, step));
}

/* In a plan the seams of transactions are no statements. */
static void add_seam(struct console *c, struct view *view, size_t i)
{
    if (!sql_plan_step(c) || i == 0)
        return;
    bool before = sql_statement_at(c, i - 1).in_transaction;
    bool now = sql_statement_at(c, i).in_transaction;
    const char *text = now ? "BEGIN;" : "COMMIT;";
    if (before == now)
        return;
    add_line(c, view, ROLE_COMMENT, text, strlen(text), 0);
    add_line(c, view, ROLE_TEXT, "", 0, 0);
}

/* What it was answered when it ran, which is not what the preview saw. */
static void add_answers(struct console *c, struct view *view, const struct plan_step *step)
{
    size_t at = (size_t)(step - c->run.plan->steps.at);
    const struct run_row *heading = &c->run.rows.at[c->run.headings.at[at]];
    if (heading->notices.len > 0)
        add_comment(c, view, ROLE_QUESTION, "in this run:");
    for (size_t i = 0; i < heading->notices.len; i++)
        add_comment(c, view, ROLE_QUESTION,
                    arena_printf(view->arena, "  %s", heading->notices.at[i]));
}

bool sql_wants_plan(struct console *c)
{
    const struct rendering *rendering = sql_plan_step(c) ? NULL : shown_rendering(c);
    return rendering && rendering->status == READING_LIVE && !console_is_at_difference(c);
}

static void add_statement(struct console *c, struct view *view, size_t i)
{
    struct sql_statement s = sql_statement_at(c, i);
    enum role role = s.seam || s.version_row ? ROLE_COMMENT : ROLE_TEXT;
    const char *text = arena_printf(view->arena, "%s;", s.sql);
    if (i > 0)
        add_line(c, view, ROLE_TEXT, "", 0, 0);
    add_questions(c, view, i);
    add_seam(c, view, i);
    if (!s.in_transaction && !s.seam)
        add_comment(c, view, ROLE_WARN, "outside a transaction");
    if (s.nondeterministic)
        add_comment(c, view, ROLE_WARN, "made from the clock or from chance: differs each time");
    sql_add_text(c, view, role, text, i + 1);
}

/* The run pane leads: its statement comes into view. */
static void go_to_run_statement(struct console *c, struct view *view)
{
    size_t statement = console_run_statement(c);
    for (size_t row = 0; statement && row < c->sql.lines.len; row++) {
        if (c->sql.lines.at[row].statement != statement)
            continue;
        view_want_top(view, row);
        return;
    }
}

static size_t sql_load(struct console *c, struct view *view)
{
    const struct rendering *rendering = shown_rendering(c);
    const struct revision *revision = console_selected(c);
    c->sql.lines = (struct text_lines){0};
    if (sql_range_is_open(c)) {
        sql_range_load(c, view);
        return c->sql.lines.len;
    }
    if (console_is_at_difference(c)) {
        for (size_t i = 0; i < sql_statement_count(c); i++)
            add_statement(c, view, i);
        view_want_top(view, 0);
        return c->sql.lines.len;
    }
    if (!rendering)
        return 0;
    const struct plan_step *step = sql_plan_step(c);
    if (step && step->live)
        add_comment(c, view, ROLE_QUESTION, plan_live_note);
    if (step && step->live)
        add_answers(c, view, step);
    else if (rendering->status != READING_OK)
        add_problem(c, view, rendering);
    if (step && sql_statement_count(c) == 0)
        add_questions(c, view, 0);
    for (size_t i = 0; i < sql_statement_count(c); i++)
        add_statement(c, view, i);
    const char *id = revision ? revision->header->id : "";
    if (!str_eq(c->sql.id, id) || c->sql.direction != c->direction) {
        mem_free(c->sql.id);
        c->sql.id = mem_strdup(id);
        c->sql.direction = c->direction;
        view_want_top(view, 0);
    }
    go_to_run_statement(c, view);
    return c->sql.lines.len;
}

static bool begins_statement(const struct console *c, size_t row)
{
    size_t statement = c->sql.lines.at[row].statement;
    return statement && (row == 0 || c->sql.lines.at[row - 1].statement != statement);
}

/* Where the run is, what was edited, and what loses data or makes others wait. */
static void draw_mark(struct console *c, size_t row, struct pen *pen)
{
    size_t statement = c->sql.lines.at[row].statement;
    struct sql_statement s = {.sql = NULL};
    bool begins = begins_statement(c, row);
    if (statement)
        s = sql_statement_at(c, statement - 1);
    if (begins && statement == console_run_statement(c) && !sql_range_is_open(c))
        pen_glyph(pen, ROLE_RUNNING, GLYPH_POINTER);
    else if (s.edited)
        pen_text(pen, ROLE_WARN, "*");
    else if (begins && s.effect && s.effect->loses_data)
        pen_text(pen, ROLE_RISK, "!");
    else if (begins && blocks_others(s.effect))
        pen_text(pen, ROLE_WARN, "!");
    else
        pen_glyph(pen, ROLE_TEXT, GLYPH_BLANK);
}

static void sql_draw(struct console *c, size_t row, bool flat, struct pen *pen)
{
    const struct text_line *line = &c->sql.lines.at[row];
    (void)flat;
    draw_mark(c, row, pen);
    pen->origin = pen->column;
    paint_draw(line->paint, line->at, pen, line->role, line->text, line->len);
}

static void sql_text(struct console *c, size_t row, struct str *out)
{
    str_addn(out, c->sql.lines.at[row].text, c->sql.lines.at[row].len);
}

static void sql_status(struct console *c, size_t row, struct str *out)
{
    const struct text_line *line = &c->sql.lines.at[row];
    if (!line->statement)
        return;
    struct sql_statement s = sql_statement_at(c, line->statement - 1);
    if (s.seam)
        str_add(out, "seam of transactions");
    else
        str_addf(out, "statement %zu of %zu", count_statements(c, line->statement),
                 count_statements(c, sql_statement_count(c)));
    if (s.origin->revision_line > 0)
        str_addf(out, " - source line %d", s.origin->revision_line);
    if (s.version_row)
        str_add(out, " - version row");
    if (!s.in_transaction && !s.seam)
        str_add(out, " - outside a transaction");
    if (s.nondeterministic)
        str_add(out, " - differs each time");
    if (s.edited)
        str_add(out, " - edited");
}

static const char *sql_empty(struct console *c)
{
    const struct diff_group *group = console_difference_group(c);
    if (group && diff_group_included(c, group) == 0)
        return "nothing of it is included";
    if (group && c->diff.is_unrendered)
        return "a difference of it has no SQL; its detail says why";
    if (console_is_at_difference(c))
        return "nothing to do in the database";
    if (c->in_slot[SLOT_MAIN] == VIEW_DIFF)
        return "no difference selected";
    if (!shown_rendering(c))
        return console_selected(c) ? "rendering..." : "no revision selected";
    return c->direction == DIRECTION_UPGRADE ? "the upgrade has no statements"
                                             : "the downgrade has no statements";
}

const struct view_ops pane_sql = {
    .name = "sql",
    .number = 3,
    .contexts = CTX_SQL | CTX_TEXT,
    .home = SLOT_BOTTOM,
    .title = sql_title,
    .load = sql_load,
    .draw = sql_draw,
    .text = sql_text,
    .status = sql_status,
    .empty = sql_empty,
};

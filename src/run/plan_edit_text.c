/*
 * A plan in an editor. Lines that begin with "-- @":
 *
 *   -- @step 2: upgrade a1 -> b2, doc
 *   -- @transaction, -- @no transaction     for what follows
 *   -- @3 ACCESS EXCLUSIVE on t; line 12    a statement, by its number in the step
 *   -- @version 4: UPDATE alembic_version   one that cannot be edited
 */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "run/plan_edit_private.h"
#include "run/plan_text.h"
#include "run/script.h"

#define MARK "-- @"

/* -- writing ------------------------------------------------------------------------------------
 */

/* On one line. */
static void add_flat(struct str *out, const char *text)
{
    for (; *text; text++)
        str_addc(out, *text == '\n' || *text == '\r' ? ' ' : *text);
}

/* A statement with its ';' behind it, which a comment at its end must not take in. */
static const char *block_of(struct arena *a, const char *sql)
{
    const char *last = strrchr(sql, '\n');
    return arena_printf(a, "%s%s;", sql, strstr(last ? last : sql, "--") ? "\n" : "");
}

static void add_statement(struct arena *a, const struct plan_step *step, size_t i, struct str *out)
{
    const struct plan_statement *s = &step->statements.at[i];
    if (s->version_row) {
        str_addf(out, MARK "version %zu: ", i + 1);
        add_flat(out, s->sql);
        str_addc(out, '\n');
        return;
    }
    str_addf(out, MARK "%zu ", i + 1);
    add_flat(out, plan_statement_notes(a, step, s));
    str_addf(out, "\n%s\n\n", block_of(a, s->sql));
}

void plan_edit_step_text(struct arena *a, const struct plan *plan, size_t i, struct str *out)
{
    const struct plan_step *step = &plan->steps.at[i];
    bool in_transaction = true;
    str_addf(out, MARK "step %zu: ", i + 1);
    add_flat(out, script_step_name(a, step));
    str_add(out, *step->doc ? ", " : "");
    add_flat(out, step->doc);
    str_add(out, "\n\n");
    for (size_t j = 0; j < step->statements.len; j++) {
        if (step->statements.at[j].in_transaction != in_transaction) {
            in_transaction = !in_transaction;
            str_addf(out, MARK "%s\n", in_transaction ? "transaction" : "no transaction");
        }
        add_statement(a, step, j, out);
    }
}

void plan_edit_text(struct arena *a, const struct plan *plan, struct str *out)
{
    str_add(out,
            "-- Change, add or remove statements. What stands below a line with a number takes\n"
            "-- the place of that statement. Lines that begin with \"" MARK "\" stay.\n");
    for (size_t i = 0; i < plan->steps.len; i++) {
        str_addc(out, '\n');
        plan_edit_step_text(a, plan, i, out);
    }
}

/* -- taking it back -----------------------------------------------------------------------------
 */

struct taker {
    struct arena *arena;
    struct plan *plan;
    const char *name;
    struct plan_doubt_list *doubts;
    struct err *err;
    int line; /* of the mark before the text that is being gathered */
    size_t first, count; /* the steps that the text has */
    bool in_step;
    size_t step; /* whose statements are gathered */
    bool in_transaction;
    bool *seen;                        /* per statement of the step */
    const struct plan_statement *from; /* whose number stood there; NULL: none */
    struct str text;                   /* below the mark */
    struct plan_statement_list gathered;
    VEC(struct plan_statement_list) steps; /* all that were gathered */
};

static bool fail(struct taker *t, int line, const char *message)
{
    err_set(t->err, ERR_COMMAND, "%s", message);
    return err_at(t->err, t->name, line, 0);
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

/* The text that is behind a mark, or at the beginning of a step, ends here. */
static bool end_text(struct taker *t)
{
    struct plan_statement_list *out = &t->gathered;
    const struct plan_statement *from = t->from;
    bool ok = true;
    str_trim(&t->text);
    if (from && from->version_row) {
        vec_push(t->arena, out, *from);
        from = NULL;
    }
    if (from && str_eq(t->text.ptr, block_of(t->arena, from->sql))) {
        vec_push(t->arena, out, *from);
        vec_last(out).in_transaction = t->in_transaction;
    } else if (!is_blank(t->text.ptr)) {
        size_t first = out->len;
        ok = plan_edit_split(t->arena, t->text.ptr, from, t->in_transaction, true, out, t->doubts,
                             t->err) ||
             err_at(t->err, t->name, t->line, 0);
        /* What was written behind it, while it stayed, is new. */
        for (size_t i = first + 1; from && ok && i < out->len; i++)
            if (str_eq(out->at[first].sql, from->sql)) {
                out->at[i].rendered = "";
                out->at[i].number = 0;
            }
    }
    t->text = STR_IN(t->arena);
    t->from = NULL;
    return ok;
}

static bool end_step(struct taker *t)
{
    if (!t->in_step)
        return is_blank(t->text.ptr) || fail(t, 1, "a statement stands before the first step");
    if (!end_text(t))
        return false;
    vec_push(t->arena, &t->steps, t->gathered);
    t->gathered = (struct plan_statement_list){0};
    return true;
}

static bool begin_step(struct taker *t, const char *rest, int line)
{
    size_t number = strtoul(rest, NULL, 10);
    if (!end_step(t))
        return false;
    if (number != t->first + t->steps.len + 1 || t->steps.len == t->count)
        return fail(t, line, "the steps are not those of the plan, or not in its order");
    t->in_step = t->in_transaction = true;
    t->step = number - 1;
    t->seen = ARENA_ARRAY(t->arena, t->plan->steps.at[t->step].statements.len, bool);
    return true;
}

static bool begin_statement(struct taker *t, const char *rest, bool version_row, int line)
{
    size_t number = strtoul(rest, NULL, 10);
    const struct plan_statement_list *statements = &t->plan->steps.at[t->step].statements;
    if (!end_text(t))
        return false;
    if (!number || number > statements->len || t->seen[number - 1] ||
        statements->at[number - 1].version_row != version_row)
        return fail(t, line, "this number is not that of a statement, or stands here twice");
    t->seen[number - 1] = true;
    t->from = &statements->at[number - 1];
    return true;
}

static bool set_transaction(struct taker *t, bool in_transaction)
{
    if (!end_text(t))
        return false;
    t->in_transaction = in_transaction;
    return true;
}

/* A line that begins with MARK; rest is what follows that. */
static bool take_mark(struct taker *t, const char *rest, int line)
{
    bool ok;
    t->line = t->line ? t->line : line;
    if (str_starts_with(rest, "step "))
        ok = begin_step(t, rest + strlen("step "), line);
    else if (!t->in_step)
        ok = fail(t, line, "this stands before the first step");
    else if (str_starts_with(rest, "transaction"))
        ok = set_transaction(t, true);
    else if (str_starts_with(rest, "no transaction"))
        ok = set_transaction(t, false);
    else if (str_starts_with(rest, "version "))
        ok = begin_statement(t, rest + strlen("version "), true, line);
    else if (isdigit((unsigned char)*rest))
        ok = begin_statement(t, rest, false, line);
    else
        ok = fail(t, line, "this mark is not known");
    t->line = line;
    return ok;
}

/* The comment at the top of the file belongs to nobody. */
static void take_line(struct taker *t, const char *line, size_t len)
{
    if (t->in_step || !str_starts_with(line, "--"))
        str_addn(&t->text, line, len);
}

static bool put_steps(struct taker *t)
{
    for (size_t i = 0; i < t->steps.len; i++)
        if (!plan_edit_put(t->arena, t->plan, t->first + i, &t->steps.at[i], t->err))
            return false;
    return true;
}

/* Nothing is changed when one of the steps is refused. */
static bool put_all(struct taker *t)
{
    size_t count = t->count, statements = t->plan->statement_count;
    struct plan_step *steps = t->plan->steps.at + t->first;
    struct plan_step *before = arena_memdup(t->arena, steps, count * sizeof(*steps));
    if (t->steps.len != count)
        return fail(t, t->line, "the steps are not those of the plan, or not in its order");
    if (put_steps(t))
        return true;
    memcpy(steps, before, count * sizeof(*before));
    t->plan->statement_count = statements;
    return false;
}

static bool take(struct taker *t, const char *text)
{
    int line = 0;
    for (const char *p = text; *p;) {
        size_t len = strcspn(p, "\n");
        line++;
        if (str_starts_with(p, MARK)) {
            const char *rest = arena_strndup(t->arena, p + strlen(MARK), len - strlen(MARK));
            if (!take_mark(t, rest, line))
                return false;
        } else {
            take_line(t, p, len + (p[len] == '\n'));
        }
        p += len + (p[len] == '\n');
    }
    return end_step(t) && put_all(t);
}

bool plan_edit_take(struct arena *a, struct plan *plan, const char *name, const char *text,
                    struct plan_doubt_list *doubts, struct err *err)
{
    struct taker t = {.arena = a,
                      .plan = plan,
                      .name = name,
                      .doubts = doubts,
                      .err = err,
                      .count = plan->steps.len,
                      .text = STR_IN(a)};
    return take(&t, text);
}

bool plan_edit_take_step(struct arena *a, struct plan *plan, size_t step, const char *name,
                         const char *text, struct plan_doubt_list *doubts, struct err *err)
{
    struct taker t = {.arena = a,
                      .plan = plan,
                      .name = name,
                      .doubts = doubts,
                      .err = err,
                      .first = step,
                      .count = 1,
                      .text = STR_IN(a)};
    return take(&t, text);
}

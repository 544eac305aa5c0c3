#include "config.h"

#include "run/plan_asked.h"

#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"

const char plan_live_note[] = "it asks the database, and is evaluated again when it runs: it stops "
                              "before a statement that is "
                              "not the one shown here";

const char plan_outdated_note[] = "behind an answer of the state before it may do otherwise, and "
                                  "stops only before a loss of data "
                                  "that is not shown here";

bool plan_is_outdated(const struct plan_step *step)
{
    for (size_t i = 0; i < step->asked.len; i++)
        if (step->asked.at[i].outdated)
            return true;
    return false;
}

size_t plan_own_end(const struct plan_step *step)
{
    size_t end = 0;
    for (size_t i = 0; i < step->statements.len; i++)
        if (step->statements.at[i].number > 0)
            end = i + 1;
    while (end == 0 && end < step->statements.len && !step->statements.at[end].version_row)
        end++;
    return end;
}

size_t plan_asked_before(const struct plan_step *step, size_t i)
{
    size_t count = 0;
    if (i >= plan_own_end(step))
        return step->asked.len;
    for (size_t j = 0; j <= i; j++)
        if (step->statements.at[j].asked_before > count)
            count = step->statements.at[j].asked_before;
    return count < step->asked.len ? count : step->asked.len;
}

/* White space is one blank: a query may be written over many lines. */
static void add_on_one_line(struct str *out, const char *text)
{
    bool gap = false;
    for (; *text; text++) {
        bool blank = *text == ' ' || *text == '\n' || *text == '\t' || *text == '\r';
        if (gap && !blank)
            str_addc(out, ' ');
        if (!blank)
            str_addc(out, *text);
        gap = blank && out->len > 0;
    }
}

/* Of an answer, as text for people: all of it is in the plan's JSON. */
enum { SHOWN = 300 };

static const char *shortened(struct arena *a, const char *text)
{
    size_t len = strlen(text), shown = SHOWN;
    if (len <= SHOWN)
        return text;
    while (shown > 0 && (text[shown] & 0xC0) == 0x80)
        shown--;
    return arena_printf(a, "%.*s…", (int)shown, text);
}

const char *plan_asked_text(struct arena *a, const struct live_asked *asked)
{
    struct str question = STR_IN(a), answer = STR_IN(a);
    add_on_one_line(&question, asked->sql ? asked->sql : asked->call ? asked->call : "");
    add_on_one_line(&answer, asked->answer ? asked->answer : "no answer");
    return arena_printf(a, "asked: %s → %s", question.ptr ? question.ptr : "",
                        answer.ptr ? shortened(a, answer.ptr) : "");
}

/* A place, short where it is in the revision's own file. */
static const char *place(struct arena *a, const struct plan_step *step,
                         const struct op_origin *origin)
{
    if (origin->line <= 0)
        return NULL;
    if (!origin->file || str_eq(origin->file, step->file))
        return arena_printf(a, "line %d", origin->line);
    return arena_printf(a, "%s:%d", origin->file, origin->line);
}

const char *plan_asked_notes(struct arena *a, const struct plan_step *step,
                             const struct live_asked *asked)
{
    const char *at = place(a, step, &asked->origin);
    return arena_printf(a, "%s%s%s", at ? at : "", at && asked->note ? "; " : "",
                        asked->note ? asked->note : "");
}

const char *plan_open_text(struct arena *a, const struct plan_step *step)
{
    const char *file = step->open_at.file ? step->open_at.file : step->file;
    const char *reason = step->open_reason ? step->open_reason : "it cannot be followed further";
    if (step->open_at.line <= 0)
        return arena_printf(a, "ends here: %s", reason);
    return arena_printf(a, "ends here: %s, %s:%d", reason, file ? path_base(file) : "",
                        step->open_at.line);
}

size_t plan_live_steps(const struct plan *plan, size_t *open)
{
    size_t live = 0;
    *open = 0;
    for (size_t i = 0; i < plan->steps.len; i++) {
        live += plan->steps.at[i].live;
        *open += plan->steps.at[i].live && plan->steps.at[i].open;
    }
    return live;
}

#include "config.h"

#include "ui/line_properties.h"

#include "alembic/project.h"
#include "alembic/revision.h"
#include "autogenerate/write.h"
#include "base/arena.h"
#include "base/str.h"
#include "ui/console.h"
#include "ui/err_text.h"
#include "ui/sql_lines.h"

static const char *const directives[] = {
#define OP(kind, directive, help) directive,
#include "schema/ops.def"
#undef OP
};

static const char *const helps[] = {
#define OP(kind, directive, help) help,
#include "schema/ops.def"
#undef OP
};

static void add_operation(struct arena *a, const struct op *op, const char *folder,
                          const char *path, struct str *out)
{
    const struct write_options options = {0};
    struct write_imports imports = {0};
    struct str text = STR_IN(a);
    struct err err = ERR_INIT;
    str_addf(out, "%sop.%s: %s\n", out->len ? "\n" : "", directives[op->kind], helps[op->kind]);
    if (!str_eq(op->origin.file, path))
        str_addf(out, "called in %s:%d\n", path_below(op->origin.file, folder), op->origin.line);
    if (op->nondeterministic)
        str_add(out, "! made from the clock or from chance: differs each time\n");
    if (write_operation(a, op, &options, &imports, &text, &err))
        str_addf(out, "\n%s\n", text.ptr);
    else
        str_addf(out, "its arguments cannot be written as Python: %s\n", err.message);
    err_clear(&err);
}

/* What else holds the line is around the innermost call: a "with", say. */
static bool is_innermost(const struct op_origin *origin, int line, int held)
{
    return held > 0 && sql_origin_holds(origin, line) == held;
}

static int innermost(int least, const struct op_origin *origin, int line)
{
    int held = sql_origin_holds(origin, line);
    return held > 0 && (least == 0 || held < least) ? held : least;
}

/* The lines that the innermost call takes; 0: there is no call. */
static int find_innermost(struct console *c, const struct op_list *ops, int line)
{
    int least = 0;
    for (size_t i = 0; i < ops->len; i++)
        least = innermost(least, &ops->at[i]->origin, line);
    for (size_t i = 0; i < sql_statement_count(c); i++) {
        struct sql_statement s = sql_statement_at(c, i);
        if (sql_is_of_source(c, &s))
            least = innermost(least, s.origin, line);
    }
    return least;
}

static void add_statements(struct console *c, int line, int held, struct str *out)
{
    for (size_t i = 0; i < sql_statement_count(c); i++) {
        struct sql_statement s = sql_statement_at(c, i);
        if (is_innermost(s.origin, line, held) && sql_is_of_source(c, &s))
            str_addf(out, "\nstatement %zu of %zu%s:\n%s;\n", i + 1, sql_statement_count(c),
                     s.edited ? ", edited" : "", s.sql);
    }
}

void line_properties(struct console *c, int line, struct str *out)
{
    struct session *session = console_session(c);
    const struct revision *revision = console_selected(c);
    const char *path = revision->header->path, *folder = session_folder(session);
    struct arena *a = arena_new();
    struct revision_reading reading;
    const struct reading_request request = {.path = path, .direction = c->detail.direction};
    alembic_read_revision(a, session->project, &request, &reading);
    int held = find_innermost(c, &reading.ops, line);
    for (size_t i = 0; i < reading.ops.len; i++) {
        const struct op *op = reading.ops.at[i];
        if (is_innermost(&op->origin, line, held))
            add_operation(a, op, folder, path, out);
    }
    add_statements(c, line, held, out);
    if (reading.err.code != ERR_NONE) {
        str_add(out, out->len ? "\n" : "");
        err_text(out, &reading.err, folder);
    }
    revision_reading_clear(&reading);
    arena_free(a);
}

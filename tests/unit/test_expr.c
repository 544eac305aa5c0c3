/*
 * The expression language, from Python to SQL: every line of tests/sql/expr_cases.txt against what
 * the real SQLAlchemy prints (tests/sql/expr_cases.py makes the expected answers).
 */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alembic/host.h"
#include "alembic/sa_expr.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/source.h"
#include "base/str.h"
#include "python/run.h"
#include "sql/render_expr.h"

static const char *read_text(struct arena *a, const char *name)
{
    const char *root = getenv("top_srcdir");
    struct err err = ERR_INIT;
    char *text;
    size_t len;

    if (!file_read(a, arena_printf(a, "%s/tests/sql/%s", root ? root : ".", name), 1 << 22, &text,
                   &len, &err))
        fail_msg("%s", err.message);
    return text;
}

/* The next line of a text; false at its end. */
static bool next_line(struct arena *a, const char **text, const char **line)
{
    const char *end = strchr(*text, '\n');

    if (!end)
        return false;
    *line = arena_strndup(a, *text, (size_t)(end - *text));
    *text = end + 1;
    return true;
}

struct conversion {
    struct py_value value;
    const struct expr *expr;
};

static void convert(struct py_run *run, void *payload)
{
    struct conversion *c = payload;
    c->expr = sa_executable(run, c->value);
}

/* The last part of a dotted class name. */
static const char *bare(const char *type)
{
    const char *dot = strrchr(type, '.');
    return dot ? dot + 1 : type;
}

static const char *outcome_text(struct arena *a, const struct py_outcome *o)
{
    const char *end;

    if (o->ending != PY_RAISED)
        return arena_printf(a, "refused: %s", o->reason);
    end = strchr(o->message, '\n');
    return arena_printf(a, "! %s: %.*s", bare(o->type),
                        (int)(end ? end - o->message : (long)strlen(o->message)), o->message);
}

/* The error of the renderer: "module.Type: message". */
static const char *error_text(struct arena *a, struct err *err)
{
    const char *colon = strstr(err->message, ": ");
    const char *type = arena_strndup(a, err->message, (size_t)(colon - err->message));
    const char *text = arena_printf(a, "! %s%s", bare(type), arena_strdup(a, colon));

    err_clear(err);
    return text;
}

static const char *render(struct arena *a, const char *preamble, const char *expression)
{
    struct alembic_host host = {.to_print = true}; /* as literal_binds */
    struct py_config config = {.modules = alembic_modules, .host = &host};
    struct py_run *run = py_run_new(a, &config);
    const char *text = arena_printf(a, "%s\nresult = (%s)\n", preamble, expression);
    const struct source *source = source_new(a, "case.py", text, strlen(text));
    struct conversion c = {0};
    struct py_outcome outcome;
    struct err err = ERR_INIT;
    struct str sql = STR_IN(a), line = STR_IN(a);

    if (!py_run_exec(run, "case", source, false, &outcome))
        return outcome_text(a, &outcome);
    c.value = py_run_global(run, "case", "result");
    if (!py_run_protect(run, convert, &c, &outcome))
        return outcome_text(a, &outcome);
    if (!sql_expr_render(a, c.expr, SQL_EXPR_STATEMENT, &sql, &err))
        return error_text(a, &err);
    str_trim(&sql);
    for (size_t i = 0; i < sql.len; i++) {
        if (sql.ptr[i] == '\n')
            str_add(&line, "\\n");
        else
            str_addc(&line, sql.ptr[i]);
    }
    return line.ptr;
}

static void test_cases(void **state)
{
    struct arena *a = arena_new();
    const char *preamble = read_text(a, "expr_preamble.py");
    const char *cases = read_text(a, "expr_cases.txt");
    const char *answers = read_text(a, "expr_cases.expected");
    const char *expression = NULL, *expected = NULL;
    size_t count = 0, wrong = 0;

    (void)state;
    while (next_line(a, &cases, &expression)) {
        struct arena *own = arena_new();
        const char *got;
        assert_true(next_line(a, &answers, &expected));
        got = render(own, preamble, expression);
        count++;
        if (strcmp(got, expected) != 0) {
            print_error("%s\n  SQLAlchemy: %s\n  retort:     %s\n", expression, expected, got);
            wrong++;
        }
        arena_free(own);
    }
    assert_true(count >= 200);
    assert_int_equal(wrong, 0);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * The revision graph against real Alembic: tests/golden/graph.txt, which
 * tests/golden/make_graph_cases.py made and describes.
 */
#include "config.h"

#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "revision/graph.h"

enum { FIELDS_MAX = 6 };

struct cases {
    struct arena *arena;
    const char *name; /* of the graph at hand */
    VEC(struct revision_header) headers;
    struct graph *graph;
    struct err build_err;
    size_t checked, wrong;
};

static struct name_list split(struct arena *a, const char *field)
{
    struct name_list out = {0};
    if (strcmp(field, "-") == 0)
        return out;
    for (const char *p = field; *p;) {
        size_t len = strcspn(p, " ");
        vec_push(a, &out, arena_strndup(a, p, len));
        p += len + (p[len] == ' ');
    }
    return out;
}

static const char *join(struct arena *a, const struct name_list *names)
{
    struct str out = STR_IN(a);
    for (size_t i = 0; i < names->len; i++)
        str_addf(&out, "%s%s", i ? " " : "", names->at[i]);
    return names->len ? out.ptr : "-";
}

static const char *join_ids(struct arena *a, const struct revision_list *list)
{
    struct name_list ids = {0};
    for (size_t i = 0; i < list->len; i++)
        vec_push(a, &ids, list->at[i]->header->id);
    return join(a, &ids);
}

static const char *join_steps(struct arena *a, const struct step_list *list)
{
    struct name_list ids = {0};
    for (size_t i = 0; i < list->len; i++)
        vec_push(a, &ids, list->at[i].revision->header->id);
    return join(a, &ids);
}

static const char *join_changes(struct arena *a, const struct row_change_list *list,
                                const char *separator)
{
    struct str out = STR_IN(a);
    for (size_t i = 0; i < list->len; i++) {
        const struct row_change *c = &list->at[i];
        str_addf(&out, "%s%s%s%s%s", i ? separator : "", c->kind == ROW_INSERT ? "+" : "",
                 c->kind == ROW_DELETE ? "-" : "", c->from ? c->from : "",
                 c->kind == ROW_UPDATE ? ">" : "");
        str_add(&out, c->to ? c->to : "");
    }
    return out.ptr;
}

/* The answer in the file's words. */
static const char *answer(struct arena *a, bool ok, const char *text, struct err *err)
{
    const char *out = ok                          ? (*text ? text : "-")
                      : err->code == ERR_COMMAND ? arena_printf(a, "! %s", err->message)
                                                  : "!!";
    err_clear(err);
    return out;
}

static const char *changes_of(struct arena *a, const struct graph *g, struct name_list rows,
                              const struct step_list *steps, bool *ok, struct err *err)
{
    struct row_change_list changes = {0};
    struct name_list copy = {0};
    for (size_t i = 0; i < rows.len; i++)
        vec_push(a, &copy, rows.at[i]);
    for (size_t i = 0; *ok && i < steps->len; i++)
        *ok = graph_step_changes(a, g, &copy, &steps->at[i], &changes, err);
    return join_changes(a, &changes, " ");
}

static const char *stamps_of(struct arena *a, const struct stamp_list *stamps)
{
    struct str out = STR_IN(a);
    for (size_t i = 0; i < stamps->len; i++) {
        const struct stamp_step *s = &stamps->at[i];
        str_addc(&out, ' ');
        for (size_t j = 0; j < s->from.len; j++)
            str_addf(&out, "%s%s", j ? "," : "", s->from.at[j]);
        str_addc(&out, '=');
        for (size_t j = 0; j < s->to.len; j++)
            str_addf(&out, "%s%s", j ? "," : "", s->to.at[j]);
        str_addf(&out, ":%s", join_changes(a, &s->changes, ","));
    }
    return stamps->len ? out.ptr + 1 : "-";
}

static int compare_ids(const void *a, const void *b)
{
    const struct revision *const *x = a, *const *y = b;
    return strcmp((*x)->header->id, (*y)->header->id);
}

/* Our answer to one line; NULL for a line that asks nothing. */
static const char *ask(struct arena *a, const struct graph *g, char **f)
{
    struct err err = ERR_INIT;
    struct revision_list list = {0};
    struct step_list steps = {0};
    struct name_list rows = split(a, f[1]);
    bool down = strcmp(f[0], "downgrade") == 0 || strcmp(f[0], "changes-") == 0, ok;
    if (strcmp(f[0], "resolve") == 0) {
        ok = graph_resolve(a, g, f[1], &list, &err);
        return answer(a, ok, join_ids(a, &list), &err);
    }
    if (strcmp(f[0], "history") == 0) {
        ok = graph_history(a, g, (struct history_bound){strcmp(f[1], "base") ? f[1] : NULL, NULL},
                           (struct history_bound){strcmp(f[2], "heads") ? f[2] : NULL, NULL}, &list,
                           &err);
        return answer(a, ok, join_ids(a, &list), &err);
    }
    if (strcmp(f[0], "current") == 0) {
        ok = graph_current(a, g, &rows, &list, &err);
        if (list.len)
            qsort(list.at, list.len, sizeof(*list.at), compare_ids);
        return answer(a, ok, join_ids(a, &list), &err);
    }
    if (strcmp(f[0], "stamp") == 0) {
        struct stamp_list stamps = {0};
        struct name_list targets = split(a, f[2]);
        ok = graph_stamp_steps(a, g, &rows, &targets, &stamps, &err);
        return answer(a, ok, stamps_of(a, &stamps), &err);
    }
    ok = down ? graph_downgrade_steps(a, g, &rows, f[2], &steps, NULL, &err)
              : graph_upgrade_steps(a, g, &rows, f[2], &steps, &err);
    const char *text = strncmp(f[0], "changes", 7) == 0 ? changes_of(a, g, rows, &steps, &ok, &err)
                                                         : join_steps(a, &steps);
    return answer(a, ok, text, &err);
}

static void check(struct cases *c, char **f, const char *ours, const char *theirs)
{
    c->checked++;
    if (strcmp(ours, theirs) == 0)
        return;
    c->wrong++;
    print_message("%s: %s %s %s\n  Alembic: %s\n  here:    %s\n", c->name, f[0], f[1],
                  f[2] == theirs ? "" : f[2], theirs, ours);
}

static void build(struct cases *c)
{
    c->graph = NULL;
    err_clear(&c->build_err);
    graph_build(c->arena, c->headers.at, c->headers.len, &c->graph, NULL, &c->build_err);
}

static void take_line(struct cases *c, char **f, size_t count)
{
    struct arena *a = c->arena;
    if (strcmp(f[0], "graph") == 0) {
        c->name = f[1];
        c->headers.len = 0;
        return;
    }
    if (strcmp(f[0], "rev") == 0) {
        struct revision_header h = {.path = f[1], .id = f[1], .longdoc = "", .doc = ""};
        h.down = split(a, f[2]);
        h.depends_on = split(a, f[3]);
        h.labels = split(a, f[4]);
        vec_push(a, &c->headers, h);
        return;
    }
    if (strcmp(f[0], "broken") == 0) {
        build(c);
        assert_null(c->graph);
        const char *ours = c->build_err.code == ERR_COMMAND ? c->build_err.message : "!!";
        check(c, f, ours, f[1]);
        return;
    }
    if (strcmp(f[0], "heads") == 0) {
        build(c);
        assert_non_null(c->graph);
        check(c, f, join_ids(a, &c->graph->heads), f[1]);
        check(c, f, join_ids(a, &c->graph->real_heads), f[2]);
        check(c, f, join_ids(a, &c->graph->bases), f[3]);
        check(c, f, join_ids(a, &c->graph->real_bases), f[4]);
        return;
    }
    if (strcmp(f[0], "state") == 0) {
        struct revision *r = graph_find(c->graph, f[1]);
        assert_non_null(r);
        check(c, f, join(a, &r->labels), f[2]);
        check(c, f, join_ids(a, &r->ndown), f[3]);
        return;
    }
    check(c, f, ask(a, c->graph, f), f[count - 1]);
}

static void graphs_answer_as_alembic_does(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct cases c = {.arena = a, .build_err = ERR_INIT};
    struct err err = ERR_INIT;
    char *text;
    size_t len;
    const char *top = getenv("top_srcdir");
    const char *path = path_join(a, top ? top : ".", "tests/golden/graph.txt");
    assert_true(file_read(a, path, 10 << 20, &text, &len, &err));
    for (char *line = text; *line;) {
        char *f[FIELDS_MAX] = {0}, *end = strchr(line, '\n');
        size_t count = 0;
        *end = '\0';
        for (char *p = line; p && count < FIELDS_MAX; count++) {
            f[count] = p;
            p = strchr(p, '\t');
            if (p)
                *p++ = '\0';
        }
        take_line(&c, f, count);
        line = end + 1;
    }
    print_message("%zu answers, %zu wrong\n", c.checked, c.wrong);
    assert_int_equal(c.wrong, 0);
    assert_true(c.checked > 1000);
    err_clear(&c.build_err);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(graphs_answer_as_alembic_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "config.h"

#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/source.h"
#include "base/str.h"
#include "python/ast.h"
#include "python/ast_dump.h"
#include "python/parse.h"

/*
 * Trees and errors against CPython's own, recorded by tests/python/make_golden.py; where names
 * live against the language reference.
 */

static struct arena *arena;
static struct err err;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    err = ERR_INIT;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    err_clear(&err);
    arena_free(arena);
    return 0;
}

static struct py_module_ast *parse_bytes(const char *path, const char *bytes, size_t len)
{
    struct source *src = py_source_new(arena, path, bytes, len, &err);
    return src ? py_parse(arena, src, NULL, NULL, &err) : NULL;
}

static struct py_module_ast *parse(const char *text)
{
    struct py_module_ast *module = parse_bytes("test.py", text, strlen(text));
    if (!module)
        print_error("%d:%d: %s\n", err.line, err.column, err.message);
    assert_non_null(module);
    return module;
}

static const char *corpus_path(const char *name)
{
    return arena_printf(arena, "%s/tests/python/%s", getenv("top_srcdir"), name);
}

static char *read_corpus(const char *name, size_t *len)
{
    char *text;
    if (!file_read(arena, corpus_path(name), 1 << 24, &text, len, &err))
        fail_msg("%s", err.message);
    return text;
}

/* ---- trees ---- */

static void every_corpus_file_has_cpythons_tree(void **state)
{
    (void)state;
    struct path_list names = {0};
    int count = 0;
    assert_true(file_list(arena, corpus_path("."), &names, &err));
    for (size_t i = 0; i < names.len; i++) {
        if (!str_ends_with(names.at[i], ".ast"))
            continue;
        size_t stem = strlen(names.at[i]) - strlen(".ast");
        const char *source = arena_printf(arena, "%.*s.py", (int)stem, names.at[i]);
        size_t len, golden_len;
        const char *text = read_corpus(source, &len);
        const char *golden = read_corpus(names.at[i], &golden_len);
        struct py_module_ast *module = parse_bytes(source, text, len);
        if (!module)
            fail_msg("%s:%d: %s", source, err.line, err.message);
        struct str out = STR_IN(arena);
        py_ast_dump(&out, module, false);
        if (!str_eq(out.ptr, golden))
            print_error("%s differs\n", source);
        assert_string_equal(out.ptr, golden);
        count++;
    }
    assert_true(count > 15);
}

static void spans_cover_the_source_of_each_node(void **state)
{
    (void)state;
    struct py_module_ast *module = parse("x = (a + b).c\ny = f(g for g in h)\n");
    struct str out = STR_IN(arena);
    py_ast_dump(&out, module, true);
    assert_string_equal(out.ptr,
                        "(Assign@0-13 [(Name@0-1 x)] (Attribute@4-13 (BinOp@5-10 (Name@5-6 a) Add "
                        "(Name@9-10 b)) c))\n"
                        "(Assign@14-33 [(Name@14-15 y)] (Call@18-33 (Name@18-19 f) "
                        "[(GeneratorExp@19-33 (Name@20-21 g) [(comprehension (Name@26-27 g) "
                        "(Name@31-32 h) [] 0)])] []))\n");
}

/* ---- errors ---- */

/* Compares one case of errors.txt; want is "line: message". */
static bool error_is(const char *source, size_t len, const char *want)
{
    char got[600];
    struct py_module_ast *module = parse_bytes("case.py", source, len);
    if (module)
        snprintf(got, sizeof(got), "accepted");
    else
        snprintf(got, sizeof(got), "%d: %s", err.line, err.message);
    err_clear(&err);
    if (strcmp(got, want) == 0)
        return true;
    print_error("%.*s  want %s\n  got  %s\n", (int)len, source, want, got);
    return false;
}

static void errors_have_cpythons_line_and_message(void **state)
{
    (void)state;
    size_t len;
    char *text = read_corpus("errors.txt", &len), *next = text;
    int cases = 0, bad = 0;
    for (char *line = text; *line; line = next) {
        char *end = strchr(line, '\n');
        next = end + 1;
        if (!str_starts_with(line, "###"))
            continue;
        *end = 0;
        const char *want = line + (line[3] == '!' ? 5 : 4);
        cases++;
        bad += !error_is(arena_strndup(arena, text, (size_t)(line - text)),
                         (size_t)(line - text), want);
        text = next;
    }
    assert_true(cases > 200);
    assert_int_equal(bad, 0);
}

static void an_error_names_file_line_column_and_source(void **state)
{
    (void)state;
    const char *text = "a = 1\nb = (é, $)\n";
    assert_null(parse_bytes("dir/file.py", text, strlen(text)));
    assert_int_equal(err.code, ERR_PYTHON);
    assert_string_equal(err.file, "dir/file.py");
    assert_int_equal(err.line, 2);
    assert_int_equal(err.column, 9);
    assert_string_equal(err.source_line, "b = (é, $)");
}

/* ---- limits ---- */

static void refuse_nested(const char *open, size_t count, const char *inside)
{
    struct str text = STR_IN(arena);
    for (size_t i = 0; i < count; i++)
        str_add(&text, open);
    str_add(&text, inside);
    assert_null(parse_bytes("deep.py", text.ptr, text.len));
    assert_non_null(err.message);
    err_clear(&err);
}

static void depth_ends_in_an_error_not_in_a_crash(void **state)
{
    (void)state;
    refuse_nested("(", 100000, "1");
    refuse_nested("[", 100000, "");
    refuse_nested("{1:", 100000, "1");
    refuse_nested("-", 100000, "1\n");
    refuse_nested("not ", 100000, "x\n");
    refuse_nested("lambda: ", 100000, "x\n");
    refuse_nested("x if x else ", 100000, "x\n");
    refuse_nested("x**", 100000, "x\n");
    refuse_nested("x+", 100000, "x\n");
    refuse_nested("x.y(1)[2].z.", 100000, "x\n");
    refuse_nested("f'{", 100000, "x");
    refuse_nested("if x:\n pass\nel", 100000, "se: pass\n");
    refuse_nested("match x:\n case [", 1, "[[[[[[[[[[[[");
    refuse_nested("await ", 100000, "x\n");
    refuse_nested("a = [*", 100000, "x\n");
    refuse_nested("with (", 1000, "x\n");
    refuse_nested("f(a b ", 190, "x\n");
    struct str text = STR_IN(arena);
    for (int i = 0; i < 120; i++) {
        str_fill(&text, ' ', (size_t)i);
        str_add(&text, "if x:\n");
    }
    assert_null(parse_bytes("deep.py", text.ptr, text.len));
    assert_string_equal(err.message, "too many levels of indentation");
}

static void size_and_depth_limits_are_the_callers(void **state)
{
    (void)state;
    const char *text = "x = ((((((((1))))))))\n";
    struct source *src = source_new(arena, "x.py", text, strlen(text));
    struct py_parse_limits limits = PY_PARSE_LIMITS_DEFAULT;
    assert_non_null(py_parse(arena, src, NULL, &limits, &err));
    limits.depth = 6;
    assert_null(py_parse(arena, src, NULL, &limits, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    err_clear(&err);
    limits.depth = 1000;
    limits.source_bytes = 10;
    assert_null(py_parse(arena, src, NULL, &limits, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_string_equal(err.diagnostic, "RT1508");
}

/* ---- encodings ---- */

static void what_is_not_text_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        const char *message;
    } rows[] = {
        {"x = 1\0y", 7, "source code cannot contain null bytes"},
        {"x = '\xe9'\n", 8,
         "Non-UTF-8 code starting with '\\xe9' on line 1, but no encoding declared"},
        {"# coding: koi8-r\n", 17, "unknown encoding: koi8-r"},
        {"\n# coding: nonsense\n", 20, "unknown encoding: nonsense"},
        {"# coding: ascii\n'\xe9'\n", 20, "'ascii' codec can't decode byte 0xe9 in position 17"},
        {"\xef\xbb\xbf# coding: latin-1\n", 21, "encoding problem: latin-1 with BOM"},
        {"# coding: cp1252\n'\x81'\n", 21, "'cp1252' codec can't decode byte 0x81 in position 18"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_null(parse_bytes("x.py", rows[i].bytes, rows[i].len));
        assert_string_equal(err.message, rows[i].message);
        err_clear(&err);
    }
    parse("x = 1\ny = 2\n# coding: koi8-r is too late\n");
}

/* ---- scopes ---- */

static const struct py_function *function_at(const struct py_nodes *body, uint32_t i)
{
    assert_int_equal(body->at[i]->kind, PY_NODE_FUNCTION_DEF);
    return body->at[i]->as.function;
}

static const struct py_slot *slot_named(const struct py_scope *scope, const char *name)
{
    for (uint32_t i = 0; i < scope->slot_count; i++) {
        if (str_eq(scope->slots[i].name->text, name))
            return &scope->slots[i];
    }
    return NULL;
}

static bool is_cell(const struct py_scope *scope, const char *name)
{
    const struct py_slot *slot = slot_named(scope, name);
    return slot && slot->is_cell;
}

static void parameters_have_the_first_slots(void **state)
{
    (void)state;
    struct py_module_ast *m =
        parse("def f(a, /, b, *args, c, **kw):\n    d = a\n    return g(lambda: b)\n");
    const struct py_function *f = function_at(&m->body, 0);
    static const char *const names[] = {"a", "b", "c", "args", "kw", "d"};
    assert_int_equal(f->scope->slot_count, 6);
    for (uint32_t i = 0; i < 6; i++)
        assert_string_equal(f->scope->slots[i].name->text, names[i]);
    assert_true(f->scope->slots[1].is_cell);
    assert_false(f->scope->slots[0].is_cell);
    assert_int_equal(f->params.at[1].ref.where, PY_WHERE_CELL);
    assert_int_equal(f->params.kwarg->ref.slot, 4);
    assert_int_equal(f->ref.where, PY_WHERE_GLOBAL);
    const struct py_node *call = f->body.at[1]->as.value;
    assert_int_equal(call->as.call.callee->as.name.where, PY_WHERE_GLOBAL);
    const struct py_node *lambda = call->as.call.args.at[0];
    assert_int_equal(lambda->as.lambda.body->as.name.where, PY_WHERE_FREE);
    assert_int_equal(lambda->as.lambda.scope->free_count, 1);
    assert_int_equal(lambda->as.lambda.scope->frees[0].where, PY_WHERE_CELL);
    assert_int_equal(lambda->as.lambda.scope->frees[0].slot, 1);
}

static void inner_functions_skip_class_bodies(void **state)
{
    (void)state;
    struct py_module_ast *m = parse("def f():\n"
                                    "    x = 1\n"
                                    "    class C:\n"
                                    "        y = x\n"
                                    "        x = 2\n"
                                    "        def g(self):\n"
                                    "            return x\n"
                                    "        def h(self):\n"
                                    "            return super().h()\n");
    const struct py_function *f = function_at(&m->body, 0);
    assert_true(is_cell(f->scope, "x"));
    const struct py_class *c = f->body.at[1]->as.class_def;
    assert_int_equal(c->body.at[0]->as.assign.value->as.name.where, PY_WHERE_NAMESPACE);
    const struct py_function *g = function_at(&c->body, 2);
    assert_int_equal(g->body.at[0]->as.value->as.name.where, PY_WHERE_FREE);
    assert_int_equal(g->scope->frees[0].where, PY_WHERE_FREE); /* passed through the class */
    assert_int_equal(c->scope->frees[0].where, PY_WHERE_CELL);
    assert_int_equal(g->scope->class_free, -1);
    const struct py_function *h = function_at(&c->body, 3);
    assert_true(c->scope->class_cell);
    assert_int_equal(h->scope->class_free, 0);
    assert_int_equal(h->scope->frees[0].where, PY_WHERE_CELL);
    assert_int_equal(h->scope->frees[0].slot, 0);
}

static void a_class_reads_its_own_name_before_the_functions(void **state)
{
    (void)state;
    struct py_module_ast *m = parse("def f(x):\n    class C:\n        y = x\n    return C\n");
    const struct py_class *c = function_at(&m->body, 0)->body.at[0]->as.class_def;
    assert_int_equal(c->body.at[0]->as.assign.value->as.name.where, PY_WHERE_CLASS_FREE);
    assert_int_equal(c->body.at[0]->as.assign.targets.at[0]->as.name.where, PY_WHERE_NAMESPACE);
}

static void a_walrus_in_a_comprehension_binds_around_it(void **state)
{
    (void)state;
    struct py_module_ast *m = parse("def f(y):\n    return [last := x for x in y]\nz = [t := v for "
                                    "v in z]\n");
    const struct py_function *f = function_at(&m->body, 0);
    assert_true(is_cell(f->scope, "last"));
    const struct py_comprehension *c = f->body.at[0]->as.value->as.comprehension;
    assert_int_equal(c->element->as.named.target->as.name.where, PY_WHERE_FREE);
    assert_int_equal(c->clauses[0].target->as.name.where, PY_WHERE_LOCAL);
    assert_int_equal(c->clauses[0].iter->as.name.where, PY_WHERE_LOCAL); /* of f */
    c = m->body.at[1]->as.assign.value->as.comprehension;
    assert_int_equal(c->element->as.named.target->as.name.where, PY_WHERE_GLOBAL);
}

static void global_and_nonlocal_are_followed(void **state)
{
    (void)state;
    struct py_module_ast *m = parse("def f():\n"
                                    "    global a\n"
                                    "    a = b = 1\n"
                                    "    def g():\n"
                                    "        nonlocal b\n"
                                    "        b = a\n");
    const struct py_function *f = function_at(&m->body, 0);
    assert_null(slot_named(f->scope, "a"));
    const struct py_node *assign = function_at(&f->body, 2)->body.at[1];
    assert_int_equal(assign->as.assign.targets.at[0]->as.name.where, PY_WHERE_FREE);
    assert_int_equal(assign->as.assign.value->as.name.where, PY_WHERE_GLOBAL);
}

static void names_are_interned_across_modules(void **state)
{
    (void)state;
    struct py_names *names = py_names_new(arena);
    const char *text = "shared = 1\n";
    struct source *src = source_new(arena, "x.py", text, strlen(text));
    struct py_module_ast *a = py_parse(arena, src, names, NULL, &err);
    struct py_module_ast *b = py_parse(arena, src, names, NULL, &err);
    assert_ptr_equal(a->body.at[0]->as.assign.targets.at[0]->as.name.name,
                     b->body.at[0]->as.assign.targets.at[0]->as.name.name);
    for (int i = 0; i < 2000; i++) {
        const char *name = arena_printf(arena, "name%d", i);
        const struct py_name *first = py_name_intern(names, name, strlen(name));
        assert_ptr_equal(py_name_intern(names, name, strlen(name)), first);
    }
}

static void lone_surrogates_and_unknown_characters_are_marked(void **state)
{
    (void)state;
    struct py_module_ast *m = parse("'\\ud800'\n'\\N{EM DASH}'\n'\\N{CUNEIFORM SIGN A}'\n");
    assert_true(m->body.at[0]->as.value->as.constant.has_surrogate);
    assert_string_equal(m->body.at[1]->as.value->as.constant.text, "\u2014");
    assert_false(m->body.at[1]->as.value->as.constant.unknown_char);
    assert_true(m->body.at[2]->as.value->as.constant.unknown_char);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_corpus_file_has_cpythons_tree),
        TEST(spans_cover_the_source_of_each_node),
        TEST(errors_have_cpythons_line_and_message),
        TEST(an_error_names_file_line_column_and_source),
        TEST(depth_ends_in_an_error_not_in_a_crash),
        TEST(size_and_depth_limits_are_the_callers),
        TEST(what_is_not_text_is_refused),
        TEST(parameters_have_the_first_slots),
        TEST(inner_functions_skip_class_bodies),
        TEST(a_class_reads_its_own_name_before_the_functions),
        TEST(a_walrus_in_a_comprehension_binds_around_it),
        TEST(global_and_nonlocal_are_followed),
        TEST(names_are_interned_across_modules),
        TEST(lone_surrogates_and_unknown_characters_are_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

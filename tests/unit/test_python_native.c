/* Unit tests of src/python: the native API and the boundary of a run (native.h, run.h). */
#include "config.h"

#include "tests/unit/unit.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/source.h"
#include "base/str.h"
#include "python/native.h"
#include "python/run.h"

/* ------------------------------------------------------------------ a native module */

struct shape {
    const char *name;
    int64_t size;
};

static const struct py_native_class shape_class;

enum { SHAPE_NAME, SHAPE_SIZE, SHAPE_EXTRA };

static const struct py_arg shape_args[] = {
    [SHAPE_NAME] = PY_REQUIRED("name"),
    [SHAPE_SIZE] = PY_DEFAULTED("size"),
    [SHAPE_EXTRA] = PY_KEYWORDS("kw"),
    PY_ARGS_END,
};

static struct py_value shape_init(struct py_run *run, struct py_call *call)
{
    struct shape *s = py_payload(call->self, &shape_class);
    s->name = py_as_string(run, call->args[SHAPE_NAME], "name");
    s->size = py_is_absent(call->args[SHAPE_SIZE])
                  ? 1
                  : py_as_int64(run, call->args[SHAPE_SIZE], "size");
    if (py_dict_of(call->args[SHAPE_EXTRA])->table.len > 0)
        py_refuse(run, PY_REFUSE_CONSTRUCT, "keywords of Shape are not supported");
    return py_none();
}

static struct py_value shape_size(struct py_run *run, struct py_call *call)
{
    struct shape *s = py_require_payload(run, call->self, &shape_class, "self");
    return py_int(s->size);
}

static struct py_value shape_grow(struct py_run *run, struct py_call *call)
{
    struct shape *s = py_payload(call->self, &shape_class);
    s->size += py_as_int64(run, call->args[0], "by");
    return call->self;
}

/* Calls an overridable method of its object. */
static struct py_value shape_describe(struct py_run *run, struct py_call *call)
{
    struct py_value text = py_call_method(run, call->self, "label", NULL, 0);
    return py_new_strf(run, "<%s>", py_as_string(run, text, "label"));
}

static struct py_value shape_label(struct py_run *run, struct py_call *call)
{
    struct shape *s = py_payload(call->self, &shape_class);
    return py_new_str(run, s->name);
}

static struct py_value shape_add(struct py_run *run, struct py_call *call)
{
    struct shape *a = py_payload(call->self, &shape_class);
    struct shape *b = py_payload(call->args[0], &shape_class);
    if (!b)
        return py_not_implemented();
    void *payload;
    struct py_value v = py_new(run, &shape_class, &payload);
    struct shape *sum = payload;
    sum->name = a->name;
    sum->size = a->size + b->size;
    return v;
}

static struct py_value shape_subclass(struct py_run *run, struct py_call *call)
{
    struct str *log = py_host(run);
    struct py_type *cls = py_type_of(call->self);
    struct py_value key, notes = py_dict_get_name(py_class_namespace(run, cls), "__annotations__");
    str_addf(log, "class %s:", cls->name);
    for (size_t i = 0; py_is_dict(notes) && py_dict_next(py_dict_of(notes), &i, &key, NULL);)
        str_addf(log, " %s", py_str_of(key)->ptr);
    struct py_value table = py_dict_get_name(call->kwargs, "table");
    if (py_truth(run, table))
        str_add(log, " (table)");
    str_addc(log, '\n');
    return py_none();
}

static const struct py_arg grow_args[] = {PY_REQUIRED("by"), PY_ARGS_END};

static const struct py_member shape_members[] = {
    PY_METHOD("__init__", shape_init, shape_args),
    PY_CLASSMETHOD_ANY("__init_subclass__", shape_subclass),
    PY_PROPERTY("size", shape_size),
    PY_METHOD("grow", shape_grow, grow_args),
    PY_FUNCTION_N("describe", shape_describe, 0, 0),
    PY_FUNCTION_N("label", shape_label, 0, 0),
    PY_FUNCTION_N("__add__", shape_add, 1, 1),
    PY_ALIAS("title", "label"),
    PY_STRING("kind", "shape"),
    PY_MEMBERS_END,
};

static const struct py_native_class shape_class = {
    .name = "Shape",
    .module = "lib.shapes",
    .members = shape_members,
    .payload_size = sizeof(struct shape),
};

enum { NOTE_TEXT, NOTE_COLUMNS, NOTE_SCHEMA, NOTE_FLAG };

static const struct py_arg note_args[] = {
    [NOTE_TEXT] = PY_REQUIRED("text"),
    [NOTE_COLUMNS] = PY_REST("columns"),
    [NOTE_SCHEMA] = PY_KEYWORD_ONLY("schema"),
    [NOTE_FLAG] = PY_KEYWORD_DEFAULTED("flag"),
    PY_ARGS_END,
};

static struct py_value note(struct py_run *run, struct py_call *call)
{
    struct str *log = py_host(run);
    struct py_place here = py_where(run), outer = py_where_in(run, "revision.py");
    str_addf(log, "%s columns=%zu schema=%s flag=%d at %d:%d from %d%s\n",
             py_as_string(run, call->args[NOTE_TEXT], "text"),
             py_tuple_of(call->args[NOTE_COLUMNS])->len,
             py_is_none(call->args[NOTE_SCHEMA]) ? "-" : py_str_text(run, call->args[NOTE_SCHEMA]),
             py_is_absent(call->args[NOTE_FLAG]) ? -1 : py_truth(run, call->args[NOTE_FLAG]),
             here.line, here.column, outer.line,
             py_is_marked(run, call->args[NOTE_TEXT]) ? " marked" : "");
    return py_none();
}

static struct py_value token(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_marked(py_new_str(run, "r4nd0m"));
}

static const struct py_member lib_members[] = {
    PY_CLASS("Shape", &shape_class),
    PY_FUNCTION("note", note, note_args),
    PY_FUNCTION_N("token", token, 0, 0),
    PY_MEMBERS_END,
};

static const struct py_native_module shapes_module = {"lib.shapes", lib_members, 0, NULL};

/* ------------------------------------------------------------------ running */

struct fixture {
    struct arena *arena;
    struct str log;
    struct py_run *run;
    struct py_outcome outcome;
};

static int setup(void **state)
{
    static const struct py_native_module *const modules[] = {&shapes_module, NULL};
    struct fixture *f = mem_zalloc(sizeof(*f));
    f->arena = arena_new();
    f->log = (struct str)STR_IN(f->arena);
    struct py_config config = {.modules = modules, .host = &f->log};
    f->run = py_run_new(f->arena, &config);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    arena_free(f->arena);
    mem_free(f);
    return 0;
}

static bool exec(struct fixture *f, const char *text)
{
    const struct source *src = source_new(f->arena, "revision.py", text, strlen(text));
    return py_run_exec(f->run, "revision", src, false, &f->outcome);
}

static void calls_are_bound_and_placed(void **state)
{
    struct fixture *f = *state;
    assert_true(exec(f, "from lib import shapes\n"
                        "def helper():\n"
                        "    shapes.note('a', 1, 2, schema='s', flag=False)\n"
                        "def upgrade():\n"
                        "    helper()\n"
                        "    shapes.note(text='b')\n"));
    struct py_value upgrade = py_run_global(f->run, "revision", "upgrade");
    assert_true(py_run_call(f->run, upgrade, NULL, 0, NULL, &f->outcome));
    assert_true(py_is_none(f->outcome.result));
    assert_string_equal(f->log.ptr, "a columns=2 schema=s flag=0 at 3:5 from 5\n"
                                    "b columns=0 schema=- flag=-1 at 6:5 from 6\n");
    assert_true(py_is_absent(py_run_global(f->run, "revision", "downgrade")));
}

static void wrong_calls_raise_as_in_python(void **state)
{
    static const struct {
        const char *call, *message;
    } cases[] = {
        {"note()", "note() missing 1 required positional argument: 'text'"},
        {"note('a', text='b')", "note() got multiple values for argument 'text'"},
        {"note('a', nope=1)", "note() got an unexpected keyword argument 'nope'"},
        {"note(5)", "text must be str, not int"},
        {"Shape()", "Shape.__init__() missing 1 required positional argument: 'name'"},
        {"Shape('a', 1, 2)", "Shape.__init__() takes from 2 to 3 positional arguments but 4 were "
                             "given"},
        {"Shape('a').grow()", "Shape.grow() missing 1 required positional argument: 'by'"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *text =
            arena_printf(f->arena, "from lib.shapes import *\n%s\n", cases[i].call);
        assert_false(exec(f, text));
        assert_int_equal(f->outcome.ending, PY_RAISED);
        assert_string_equal(f->outcome.type, "TypeError");
        assert_string_equal(f->outcome.message, cases[i].message);
        assert_int_equal(f->outcome.place.line, 2);
    }
}

static void classes_can_be_subclassed(void **state)
{
    struct fixture *f = *state;
    assert_true(exec(f, "from lib.shapes import Shape, note\n"
                        "class Circle(Shape, table=True):\n"
                        "    id: int\n"
                        "    radius: float = 2.0\n"
                        "    def __init__(self, n):\n"
                        "        super().__init__('c' + n, size=5)\n"
                        "        self.own = 1\n"
                        "    def label(self):\n"
                        "        return 'circle ' + super().label()\n"
                        "c = Circle('1')\n"
                        "note(c.describe() + c.title() + c.kind + str((c + c).size))\n"
                        "note(str(c.grow(by=3).size) + str(c.own) + str(isinstance(c, Shape)))\n"));
    assert_string_equal(f->log.ptr,
                        "class Circle: id radius (table)\n"
                        "<circle c1>c1shape10 columns=0 schema=- flag=-1 at 11:1 from 11\n"
                        "81True columns=0 schema=- flag=-1 at 12:1 from 12\n");
}

static void what_is_not_there_is_refused(void **state)
{
    static const struct {
        const char *code, *reason;
    } cases[] = {
        {"Shape('a').area", "Shape.area is not supported"},
        {"hasattr(Shape('a'), 'area')", "Shape.area is not supported"},
        {"Shape('a') - 1", "operator - between Shape and int is not supported"},
        {"Shape('a').color = 1", "setting Shape.color is not supported"},
        {"Shape.color = 1", "setting Shape.color is not supported"},
        {"Shape('a')()", "calling Shape is not supported"},
        {"for x in Shape('a'): pass", "iterating over Shape is not supported"},
        {"Shape('a')[0]", "Shape[...] is not supported"},
        {"Shape('a', x=1)", "keywords of Shape are not supported"},
        {"str(lib.shapes.rotate)",
         "the value of lib.shapes.rotate is not known: lib.shapes.rotate is not supported"},
        {"note(lib.shapes.rotate())",
         "the value of lib.shapes.rotate() is not known: lib.shapes.rotate is not supported"},
        {"try:\n    Shape('a').area\nexcept BaseException:\n    pass",
         "Shape.area is not supported"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *text = arena_printf(
            f->arena, "import lib.shapes\nfrom lib.shapes import Shape, note\n%s\n", cases[i].code);
        assert_false(exec(f, text));
        assert_int_equal(f->outcome.ending, PY_REFUSED);
        assert_string_equal(f->outcome.reason, cases[i].reason);
        assert_string_equal(f->outcome.place.file, "revision.py");
    }
}

/* The library's own lines say nothing to those who wrote the revision. */
static void what_the_library_raises_is_where_it_was_called(void **state)
{
    struct fixture *f = *state;
    assert_false(exec(f, "import uuid\n"
                         "def read(text):\n"
                         "    return uuid.UUID(text)\n"
                         "read('{')\n"));
    assert_int_equal(f->outcome.ending, PY_RAISED);
    assert_string_equal(f->outcome.type, "ValueError");
    assert_string_equal(f->outcome.place.file, "revision.py");
    assert_int_equal(f->outcome.place.line, 3);
}

static void strict_runs_refuse_unknown_calls(void **state)
{
    struct fixture *f = *state;
    assert_true(
        exec(f, "import boto3\nx = boto3.client('s3')\nwith x.session() as s:\n    pass\n"));
    assert_false(py_run_set_strict(f->run, true));
    assert_false(exec(f, "import boto3\nboto3.client('s3')\n"));
    assert_int_equal(f->outcome.ending, PY_REFUSED);
    assert_int_equal(f->outcome.place.line, 2);
    assert_false(exec(f, "import boto3\nwith boto3.session as s:\n    pass\n"));
    assert_int_equal(f->outcome.ending, PY_REFUSED);
    assert_true(py_run_set_strict(f->run, false));
}

static void marks_travel_with_values(void **state)
{
    static const char *const marked[] = {
        "token()", "'a' + token()", "f'x{token()}'", "'%s' % token()", "'{}'.format(token())",
        "'-'.join(['a', token()])", "token().upper()", "token()[1:]", "str({'k': token()})",
        "repr([token()])", "(lambda v: v + '!')(token())", "''.join(c for c in token())",
        "max(['a', token()])", "str(len(token()))", "'%s' % (token(),)", "list(token())[0]",
        "sorted([token(), 'b'])[0]", "'a'.replace('a', token())", "str(hash('x'))",
        "{'a': token()}['a']", "str(object())", "C().v",
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof(marked) / sizeof(*marked); i++) {
        str_cut(&f->log, 0);
        const char *text = arena_printf(f->arena,
                                        "from lib.shapes import *\n"
                                        "class C:\n"
                                        "    def __init__(self): self.v = token() + '1'\n"
                                        "note('plain ' + str(1))\nnote(%s)\n",
                                        marked[i]);
        assert_true(exec(f, text));
        const char *second = strchr(f->log.ptr, '\n') + 1;
        assert_null(strstr(arena_strndup(f->arena, f->log.ptr, (size_t)(second - f->log.ptr)),
                           " marked"));
        if (!str_ends_with(f->log.ptr, " marked\n"))
            fail_msg("%s is not marked: %s", marked[i], f->log.ptr);
    }
}

static void outcomes_become_errors(void **state)
{
    struct fixture *f = *state;
    struct err err = ERR_INIT;
    assert_false(exec(f, "def f():\n    raise ValueError('bad')\nf()\n"));
    assert_int_equal(f->outcome.traceback_len, 2);
    assert_int_equal(f->outcome.traceback[0].line, 3);
    assert_int_equal(f->outcome.traceback[1].line, 2);
    assert_false(py_outcome_err(f->run, &f->outcome, &err));
    assert_int_equal(err.code, ERR_RAISED);
    assert_string_equal(err.message, "ValueError: bad");
    assert_int_equal(err.line, 2);
    assert_string_equal(err.source_line, "    raise ValueError('bad')");
    assert_false(exec(f, "open('x')\n"));
    assert_false(py_outcome_err(f->run, &f->outcome, &err));
    assert_int_equal(err.code, ERR_PYTHON);
    assert_false(exec(f, "while True: pass\n"));
    assert_false(py_outcome_err(f->run, &f->outcome, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    err_clear(&err);
}

static void a_run_goes_on_after_an_ending(void **state)
{
    struct fixture *f = *state;
    assert_false(exec(f, "x = 1\ndef f(): return x + 1\n1 / 0\n"));
    struct py_value fn = py_run_global(f->run, "revision", "f");
    assert_true(py_run_call(f->run, fn, NULL, 0, NULL, &f->outcome));
    assert_int_equal(f->outcome.result.integer, 2);
    struct py_value arg = py_int(5);
    assert_false(py_run_call(f->run, fn, &arg, 1, NULL, &f->outcome));
    assert_string_equal(f->outcome.message, "f() takes 0 positional arguments but 1 was given");
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(calls_are_bound_and_placed),       TEST(wrong_calls_raise_as_in_python),
        TEST(classes_can_be_subclassed),        TEST(what_is_not_there_is_refused),
        TEST(what_the_library_raises_is_where_it_was_called),
        TEST(strict_runs_refuse_unknown_calls), TEST(marks_travel_with_values),
        TEST(outcomes_become_errors),           TEST(a_run_goes_on_after_an_ending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

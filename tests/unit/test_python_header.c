#include "config.h"

#include "unit/unit.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "python/header.h"

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct py_header scan(const char *text)
{
    struct py_header header = {0};
    assert_true(py_header_scan(arena, text, strlen(text), &header));
    return header;
}

static bool is_sure(const char *text)
{
    struct py_header header;
    return py_header_scan(arena, text, strlen(text), &header);
}

static enum py_header_kind kind_of(const char *value)
{
    const char *text = arena_printf(arena, "x = %s\n", value);
    struct py_header header = {0};
    if (!py_header_scan(arena, text, strlen(text), &header))
        fail_msg("not sure: %s", value);
    return py_header_get(&header, "x")->kind;
}

static void a_revision_file_is_read(void **state)
{
    (void)state;
    struct py_header h = scan("\"\"\"Add users\n\nRevision ID: a1\n\"\"\"\n"
                              "from typing import Sequence, Union\n"
                              "from alembic import op\n"
                              "import sqlalchemy as sa\n\n"
                              "# revision identifiers, used by Alembic.\n"
                              "revision: str = 'a1'\n"
                              "down_revision: Union[str, Sequence[str], None] = ('b2', \"c3\",)\n"
                              "branch_labels = None  # no\n"
                              "depends_on = [\n    'd4',  # first\n]\n"
                              "table = sa.table('t', sa.column('x'))\n\n\n"
                              "def upgrade() -> None:\n"
                              "    op.execute(\"\"\"\nrevision = 'not this'\n\"\"\")\n"
                              "    op.f(\n'x')\n\n"
                              "def downgrade() -> None:\n"
                              "    if x:\n"
                              "        pass\n");
    assert_string_equal(h.docstring->text, "Add users\n\nRevision ID: a1\n");
    const struct py_header_value *v = py_header_get(&h, "revision");
    assert_int_equal(v->kind, PY_HEADER_STR);
    assert_string_equal(v->items[0].text, "a1");
    v = py_header_get(&h, "down_revision");
    assert_int_equal(v->kind, PY_HEADER_TUPLE);
    assert_int_equal(v->count, 2);
    assert_string_equal(v->items[1].text, "c3");
    assert_int_equal(py_header_get(&h, "branch_labels")->kind, PY_HEADER_NONE);
    v = py_header_get(&h, "depends_on");
    assert_int_equal(v->kind, PY_HEADER_LIST);
    assert_string_equal(v->items[0].text, "d4");
    assert_int_equal(py_header_get(&h, "table")->kind, PY_HEADER_OTHER);
    assert_int_equal(py_header_get(&h, "upgrade")->kind, PY_HEADER_OTHER);
    assert_null(py_header_get(&h, "x"));
}

static void values_are_what_python_makes_of_them(void **state)
{
    (void)state;
    assert_int_equal(kind_of("None"), PY_HEADER_NONE);
    assert_int_equal(kind_of("'a'"), PY_HEADER_STR);
    assert_int_equal(kind_of("r'\\a'"), PY_HEADER_STR);
    assert_int_equal(kind_of("('a')"), PY_HEADER_STR);
    assert_int_equal(kind_of("('a',)"), PY_HEADER_TUPLE);
    assert_int_equal(kind_of("()"), PY_HEADER_TUPLE);
    assert_int_equal(kind_of("[]"), PY_HEADER_LIST);
    assert_int_equal(kind_of("{'a', 'b'}"), PY_HEADER_SET);
    static const char *const others[] = {
        "{}",         "{'a': 'b'}", "'a', 'b'", "'a' 'b'", "('a' 'b')",   "'a'.upper()",
        "'a' + b",    "b'a'",       "f'a'",     "1",       "Nonesuch",    "None or 'a'",
        "['a', None]", "('a', b)",  "a == 'b'", "a <= b",  "'a' if b else 'c'", "'\\ud800'",
        "[x for x in y]", "('a',) + b", "(\n'a')[0]", "'a' \\\n  'b'", "'\\N{CUNEIFORM SIGN A}'",
    };
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_int_equal(kind_of(others[i]), PY_HEADER_OTHER);
    struct py_header h = scan("x = 'a\\n\\x41\\u20ac'\ny = {'b', 'a', 'b'}\n");
    assert_string_equal(py_header_get(&h, "x")->items[0].text, "a\nA\u20ac");
    assert_int_equal(py_header_get(&h, "y")->count, 2);
}

static void the_last_binding_wins(void **state)
{
    (void)state;
    struct py_header h = scan("x = 'a'\nx = 'b'\n");
    assert_string_equal(py_header_get(&h, "x")->items[0].text, "b");
    static const char *const rebinding[] = {
        "x = 'a'\nimport x\n",     "x = 'a'\nimport y as x\n", "x = 'a'\nfrom y import (z,\n  x)\n",
        "x = 'a'\ndef x(): pass\n", "x = 'a'\nclass x: pass\n", "x = 'a'\nx = y\n",
        "x = 'a'\nasync def x(): pass\n",
    };
    for (size_t i = 0; i < sizeof(rebinding) / sizeof(rebinding[0]); i++) {
        h = scan(rebinding[i]);
        assert_int_equal(py_header_get(&h, "x")->kind, PY_HEADER_OTHER);
    }
    h = scan("x = 'a'\nx: str\n");
    assert_int_equal(py_header_get(&h, "x")->kind, PY_HEADER_STR);
}

static void what_could_bind_otherwise_is_not_sure(void **state)
{
    (void)state;
    static const char *const doubtful[] = {
        "if y:\n    x = 1\n",
        "for x in y: pass\n",
        "while x: pass\n",
        "try:\n    x = 1\nfinally:\n    pass\n",
        "with y as x: pass\n",
        "x = 'a'\ndel x\n",
        "x = 'a'\nx += 'b'\n",
        "x = 'a'; x = 'b'\n",
        "import a; x = 'b'\n",
        "x = y = 'a'\n",
        "x, y = 'a', 'b'\n",
        "(x) = 'a'\n",
        "x = (y := 'a')\n",
        "x.y = 'a'\n",
        "x[0] = 'a'\n",
        "x = ['a']\nx.append('b')\n",
        "x = ['a']\ny = x.append('b')\n",
        "x = ['a']\ndef f(y=x.append('b')): pass\n",
        "from y import *\n",
        "globals()['x'] = 'a'\n",
        "y = globals().update(x='a')\n",
        "y = exec('x = 1')\n",
        "class A:\n    global x\n    x = 1\n",
        "match x:\n    case y: pass\n",
        "type x = int\n",
        "print('x')\n",
        "'doc' 'string'\n",
        "'doc'\n'not doc'\n",
        "'doc' % x\n",
        "b'doc'\n",
        "f'doc'\n",
        "x = 'a\n",
        "x = '''a\n",
        "x = (1\n",
        "x = [1)\n",
        "x = 1)\n",
        "  x = 'a'\n",
        "x = 'a'\n  y = 'b'\n",
        "x \\\n = 'a'\ny\n",
        "# coding: latin-1\nx = 'a'\n",
        "\xef\xbb\xbfx = 'a'\n",
        "x = '\xff'\n",
        "x = 'a'\ry = 'b'\r",
        "\xef\xbd\x98 = 'a'\n", /* a full-width x, which Python reads as x */
        "def f():\n    f'{a['b']}'\n",
        "def f():\n    '''\n",
        "pass\n",
        "None = 1\n",
        "lambda: 1\n",
        "x = lambda y=1: y\n",
    };
    for (size_t i = 0; i < sizeof(doubtful) / sizeof(doubtful[0]); i++) {
        if (is_sure(doubtful[i]))
            print_error("sure of: %s\n", doubtful[i]);
        assert_false(is_sure(doubtful[i]));
    }
}

static void blocks_are_skipped_whole(void **state)
{
    (void)state;
    static const char *const blocks[] = {
        "def f():\n    '''\nx = 'b'\n'''\n",
        "def f():\n    g(\nx = 'b'\n)\n",
        "def f():\n    a = '\\'' # '\n    b = \"#\"\n",
        "def f():\n    a = 1 + \\\n2\n",
        "def f(): return 'a'\n",
        "def f(\n    a,\n    b=')',\n):\n    pass\n",
        "@g('''\nx = 'b'\n''')\n@h\ndef f():\n\n    pass\n\n# x = 'b'\n",
        "class A(B):\n    x = 'b'\n\n    def f(self):\n        pass\n",
        "async def f():\n\tawait g()\n",
        "def f():\n    return f'{a!r} {b:>{c}} {{d}}'\n",
        "def f():\n    x = r'\\\\'\n    y = '''\\''''\n",
        "def f():\n    if x:\n  # comment\n        y\n",
        "",
    };
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        struct py_header h =
            scan(arena_printf(arena, "x = 'a'\n%sy = 'c'\n", blocks[i]));
        assert_string_equal(py_header_get(&h, "x")->items[0].text, "a");
        assert_string_equal(py_header_get(&h, "y")->items[0].text, "c");
    }
    struct py_header h = scan("");
    assert_null(h.docstring);
    h = scan("x = 'a'\r\ndef f():\r\n    '''\r\n'''\r\ny = '''b\r\nc'''");
    assert_string_equal(py_header_get(&h, "y")->items[0].text, "b\nc");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_revision_file_is_read),
        TEST(values_are_what_python_makes_of_them),
        TEST(the_last_binding_wins),
        TEST(what_could_bind_otherwise_is_not_sure),
        TEST(blocks_are_skipped_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

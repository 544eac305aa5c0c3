/*
 * Prints what the Python reader supports, from its own tables, as parts of retort-python(7):
 *
 *     reader_tables modules|builtins|directives|types|limits|diagnostics
 *
 * tools/make-manual.sh puts the parts into the page.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alembic/host.h"
#include "base/arena.h"
#include "base/source.h"
#include "base/str.h"
#include "base/vec.h"
#include "python/embedded.h"
#include "python/native.h"
#include "python/refusals.h"
#include "python/run.h"

extern const struct py_native_module *const py_stdlib_modules[];

/* ------------------------------------------------------------------ mdoc */

/* A word of running text: backslashes, and dots that would begin a request, are escaped. */
static int put_word(const char *word, size_t len)
{
    int width = 0;
    if (*word == '.' || *word == '\'')
        width += printf("\\&");
    for (size_t i = 0; i < len; i++)
        width += word[i] == '\\' ? printf("\\e") : printf("%c", word[i]);
    return width;
}

/* Writes "name()" and the punctuation behind it as a request; false when the word is not that. */
static bool put_function(const char *word, size_t len, int column)
{
    size_t name = strspn(word, "abcdefghijklmnopqrstuvwxyz_");
    if (name == 0 || name + 2 > len || len > name + 3 || strncmp(word + name, "()", 2) != 0)
        return false;
    printf("%s.Fn %.*s", column > 0 ? "\n" : "", (int)name, word);
    if (len == name + 3)
        printf(" %c", word[len - 1]);
    putchar('\n');
    return true;
}

/* Running text in lines of source that are short, each sentence on a line of its own. */
static void put_text(const char *text)
{
    enum { WIDTH = 76 };
    int column = 0;
    for (size_t len; *text; text += len, text += strspn(text, " ")) {
        len = strcspn(text, " ");
        if (put_function(text, len, column)) {
            column = 0;
            continue;
        }
        if (column > 0) {
            bool full = column + 1 + (int)len > WIDTH;
            putchar(full ? '\n' : ' ');
            column = full ? 0 : column + 1;
        }
        column += put_word(text, len);
        if (strchr(".?!", text[len - 1]) && text[len]) {
            putchar('\n');
            column = 0;
        }
    }
    if (column > 0)
        putchar('\n');
}

/* ------------------------------------------------------------------ names */

struct names {
    struct arena *arena;
    VEC(const char *) all;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_name(struct names *names, const char *name)
{
    if (*name != '_')
        vec_push(names->arena, &names->all, arena_strdup(names->arena, name));
}

static void add_rows(struct names *names, const struct py_member *row)
{
    for (; row && row->name; row++)
        add_name(names, row->name);
}

/* The names in alphabetical order, each once, with commas between them. */
static void put_names(struct names *names)
{
    struct str text = STR_IN(names->arena);
    const char *last = "";
    if (names->all.len > 0)
        qsort(names->all.at, names->all.len, sizeof(names->all.at[0]), by_name);
    for (size_t i = 0; i < names->all.len; i++) {
        if (strcmp(names->all.at[i], last) == 0)
            continue;
        str_addf(&text, "%s%s", *last ? ", " : "", names->all.at[i]);
        last = names->all.at[i];
    }
    if (text.len > 0)
        put_text(text.ptr);
}

static void collect_line(const char *text, size_t len, void *payload)
{
    struct names *names = payload;
    while (len > 0 && text[len - 1] == '\n')
        len--;
    if (len > 0)
        add_name(names, arena_strndup(names->arena, text, len));
}

/* Adds the lines that a program prints, or ends with what went wrong. */
static void add_printed(struct names *names, const char *program)
{
    struct py_config config = {.print = collect_line, .payload = names};
    struct py_run *run = py_run_new(names->arena, &config);
    struct py_outcome outcome;
    if (!py_run_exec(run, "__main__",
                     source_new(names->arena, "reader_tables", program, strlen(program)), false,
                     &outcome)) {
        fprintf(stderr, "%s\n%s\n", program,
                outcome.ending == PY_RAISED ? outcome.message : outcome.reason);
        exit(1);
    }
}

/* A module that is written in Python: what its namespace has when it was read. */
static void add_namespace(struct names *names, const char *module)
{
    add_printed(names, arena_printf(names->arena,
                                    "import sys, %s as m\n"
                                    "for name, value in list(m.__dict__.items()):\n"
                                    "    if type(value) is not type(sys):\n"
                                    "        print(name)\n",
                                    module));
}

/* ------------------------------------------------------------------ parts */

struct module {
    const char *name;
    const struct py_native_module *native; /* NULL: written in Python */
};

static int by_module(const void *a, const void *b)
{
    return strcmp(((const struct module *)a)->name, ((const struct module *)b)->name);
}

static void put_modules(struct arena *a)
{
    const struct py_native_module *const *const lists[] = {py_stdlib_modules, alembic_modules};
    VEC(struct module) modules = {0};
    for (size_t l = 0; l < 2; l++)
        for (const struct py_native_module *const *m = lists[l]; *m; m++)
            vec_push(a, &modules, ((struct module){(*m)->name, *m}));
    for (const struct py_embedded *e = py_embedded_modules; e->name; e++)
        vec_push(a, &modules, ((struct module){e->name, NULL}));
    qsort(modules.at, modules.len, sizeof(modules.at[0]), by_module);
    puts(".Bl -tag -width Ds");
    for (size_t i = 0; i < modules.len; i++) {
        const struct module *m = &modules.at[i];
        struct names names = {.arena = a};
        if (*m->name == '_' || strcmp(m->name, "builtins") == 0)
            continue;
        if (m->native)
            add_rows(&names, m->native->members);
        else
            add_namespace(&names, m->name);
        printf(".It Li %s\n", m->name);
        put_names(&names);
        if (names.all.len == 0)
            put_text(m->native && m->native->getattr ? "Its names can be passed on."
                                                     : "Its submodules.");
    }
    puts(".El");
}

/* Some built-in classes have no name that a program can write. */
static void put_builtins(struct arena *a)
{
    struct names names = {.arena = a};
    struct str program = STR_IN(a);
    for (const struct py_native_module *const *m = py_stdlib_modules; *m; m++)
        if (strcmp((*m)->name, "builtins") == 0)
            add_rows(&names, (*m)->members);
    str_add(&program, "import builtins\nfor name in (");
#define PY_BUILTIN_CLASS(id, name) str_add(&program, "'" name "', ");
#define PY_EXCEPTION_CLASS(id, name, base, members)
#include "python/classes.def"
    str_add(&program, "):\n    if hasattr(builtins, name):\n        print(name)\n");
    add_printed(&names, program.ptr);
    put_names(&names);
}

static void put_directives(struct arena *a)
{
    struct names op = {.arena = a}, batch = {.arena = a};
#define DIRECTIVE(id, position, table_keyword, schema_keyword)                                     \
    add_name(&op, #id);                                                                            \
    if ((position) >= 0)                                                                           \
        add_name(&batch, #id);
#include "alembic/directives.def"
#undef DIRECTIVE
    puts(".Bl -tag -width Ds");
    puts(".It Li op");
    put_names(&op);
    puts(".It Li batch_op");
    put_names(&batch);
    puts(".El");
}

static void put_types(struct arena *a)
{
    static const struct {
        char letter;
        const char *module;
    } homes[] = {
        {'s', "sqlalchemy"},
        {'p', "sqlalchemy.dialects.postgresql"},
        {'m', "sqlmodel"},
        {'v', "pgvector.sqlalchemy"},
    };
    puts(".Bl -tag -width Ds");
    for (size_t i = 0; i < sizeof(homes) / sizeof(homes[0]); i++) {
        struct names names = {.arena = a};
#define TYPE(kind, python, sql, family, shape, params, base, where, module)                        \
    if (strchr(where, homes[i].letter))                                                            \
        add_name(&names, python);
#include "schema/types.def"
#undef TYPE
        printf(".It Li %s\n", homes[i].module);
        put_names(&names);
    }
    puts(".El");
}

static void put_limits(struct arena *a)
{
    (void)a;
    puts(".Bl -bullet -compact");
#define PY_LIMIT_ROW(name, value, text) printf(".It\n%llu %s\n", (unsigned long long)(value), text);
#include "python/limits.def"
#undef PY_LIMIT_ROW
    puts(".El");
}

static void put_diagnostics(struct arena *a)
{
    (void)a;
    for (int i = 0; i < PY_REFUSALS; i++) {
        enum py_refusal refusal = (enum py_refusal)i;
        printf(".Ss %s: %s\n", py_refusal_code(refusal), py_refusal_title(refusal));
        put_text(py_refusal_explanation(refusal));
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*put)(struct arena *a);
    } parts[] = {
        {"modules", put_modules}, {"builtins", put_builtins}, {"directives", put_directives},
        {"types", put_types},     {"limits", put_limits},     {"diagnostics", put_diagnostics},
    };
    for (size_t i = 0; argc == 2 && i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (strcmp(argv[1], parts[i].name) == 0) {
            struct arena *a = arena_new();
            parts[i].put(a);
            arena_free(a);
            return 0;
        }
    }
    fputs("usage: reader_tables modules|builtins|directives|types|limits|diagnostics\n", stderr);
    return 2;
}

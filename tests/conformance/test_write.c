/*
 * Writing what was read: the operations of every revision.py that real Alembic's autogenerate wrote
 * (tests/conformance/autogenerate), read by the reader of revisions and written again, give the
 * same bodies of upgrade() and downgrade(), byte for byte, and the same imports.
 *
 *     test_write [-v] [NAME...]     only cases whose name begins with NAME; -v shows differences
 *
 * Left out are what the file itself does not hold (DIFFERENT below says what, case by case) and
 * revisions that cannot be read: drop_constraint(None, ...) raises, as it does in Alembic. The test
 * fails when a case is wrong, or when fewer than AT_LEAST are equal.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alembic/revision.h"
#include "autogenerate/write.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"

enum { TEXT_MAX = 1 << 20, AT_LEAST = 296 };

enum answer { EQUAL, UNREADABLE, WRONG, DIFFERS, ABSENT };

struct suite {
    struct arena *arena;          /* of the case at hand */
    struct write_imports imports; /* of both directions of it */
    bool all_read;
    const char *dir;
    bool verbose;
    size_t counts[5];
};

/* What the file does not tell, or says in another way. */
static const struct {
    const char *name, *why;
} different[] = {
    {"133_render_item_function", "a function of the project's env.py wrote its types"},
};

static bool is_different(const char *name)
{
    for (size_t i = 0; i < sizeof(different) / sizeof(different[0]); i++)
        if (str_eq(different[i].name, name))
            return true;
    return false;
}

static char *read_text(struct suite *s, const char *name, const char *file)
{
    char *text;
    size_t len;
    struct err err = ERR_INIT;
    const char *path = path_join(s->arena, path_join(s->arena, s->dir, name), file);
    bool found = file_read(s->arena, path, TEXT_MAX, &text, &len, &err);
    err_clear(&err);
    return found ? text : NULL;
}

/* The string value of an option in options.json, which is flat; NULL: none. */
static const char *option_of(struct suite *s, const char *json, const char *key)
{
    const char *at = strstr(json, arena_printf(s->arena, "\"%s\": ", key));
    if (!at)
        return NULL;
    at += strlen(key) + 4;
    if (*at != '"')
        return arena_strndup(s->arena, at, strcspn(at, ",\n"));
    return arena_strndup(s->arena, at + 1, strcspn(at + 1, "\""));
}

static void read_options(struct suite *s, const char *name, struct write_options *out)
{
    const char *json = read_text(s, name, "options.json");
    if (!json)
        return;
    const char *batch = option_of(s, json, "render_as_batch");
    out->alembic_prefix = option_of(s, json, "alembic_module_prefix");
    out->sqlalchemy_prefix = option_of(s, json, "sqlalchemy_module_prefix");
    out->user_prefix = option_of(s, json, "user_module_prefix");
    out->as_batch = batch && str_eq(batch, "true");
}

/* The body of a function: what stands between its docstring and the next function. */
static const char *body_of(struct arena *a, const char *file, const char *function)
{
    const char *at = strstr(file, arena_printf(a, "\ndef %s(", function));
    const char *begin = at ? strstr(at, "    # ### commands auto") : NULL;
    const char *end = begin ? strstr(begin, "\n    # ### end Alembic commands ###") : NULL;
    if (!end)
        return NULL;
    end += strlen("\n    # ### end Alembic commands ###");
    return arena_strndup(a, begin + 4, (size_t)(end - begin) - 4);
}

static enum answer judge(struct suite *s, const char *name, const char *file,
                         enum direction direction, struct revision_reading *reading)
{
    const char *function = direction == DIRECTION_UPGRADE ? "upgrade" : "downgrade";
    const char *want = body_of(s->arena, file, function);
    struct write_options options = {0};
    struct str got = STR_IN(s->arena);
    struct err err = ERR_INIT;
    if (!want)
        return ABSENT;
    if (reading->status != READING_OK)
        return UNREADABLE;
    read_options(s, name, &options);
    if (!write_body(s->arena, &reading->ops, &options, &s->imports, &got, &err)) {
        printf("%s %s: %s\n", name, function, err.message);
        err_clear(&err);
        return WRONG;
    }
    if (str_eq(want, got.ptr))
        return EQUAL;
    if (is_different(name))
        return DIFFERS;
    if (s->verbose)
        printf("--- want\n%s\n--- got\n%s\n", want, got.ptr);
    return WRONG;
}

/*
 * Reads the file, with imports in front that its template left out: they are not the matter here.
 */
static void read_runnable(struct suite *s, const char *path, const char *file,
                          enum direction direction, struct revision_reading *reading)
{
    static const char imports[] = "import alembic.op as alembic_op, sqlalchemy as sqla\n"
                                  "import pgvector.sqlalchemy\n"
                                  "from sqlalchemy import INTEGER, Integer, VARCHAR\n";
    char copy[] = "/tmp/retort-write-XXXXXX";
    const char *text = arena_printf(s->arena, "%s%s", imports, file);
    struct err err = ERR_INIT;
    int fd = mkstemp(copy);
    bool written = fd >= 0 && file_write(copy, text, strlen(text), 0600, true, &err);
    const struct reading_request request = {.path = written ? copy : path, .direction = direction};
    alembic_read_revision(s->arena, NULL, &request, reading);
    err_clear(&err);
    if (fd >= 0) {
        close(fd);
        unlink(copy);
    }
}

static void run_case(struct suite *s, const char *name, enum direction direction)
{
    static const char *const words[] = {"equal", "unreadable", "WRONG", "differs"};
    const char *path = path_join(s->arena, path_join(s->arena, s->dir, name), "revision.py");
    const char *file = read_text(s, name, "revision.py");
    struct revision_reading reading = {0};
    if (!file)
        return;
    read_runnable(s, path, file, direction, &reading);
    enum answer answer = judge(s, name, file, direction, &reading);
    s->counts[answer]++;
    s->all_read = s->all_read && (answer == EQUAL || answer == WRONG);
    if (answer == WRONG || (s->verbose && answer == UNREADABLE))
        printf("%s %s: %s %s\n", name, direction == DIRECTION_UPGRADE ? "upgrade" : "downgrade",
               words[answer], reading.err.message ? reading.err.message : "");
    revision_reading_clear(&reading);
}

/* Whether the import that Alembic adds is there exactly when the text needs it. */
static void check_imports(struct suite *s, const char *name)
{
    const char *file = read_text(s, name, "revision.py");
    bool want = file && strstr(file, "\nfrom sqlalchemy.dialects import postgresql\n");
    if (!file || !s->all_read || want == (s->imports.lines.len > 0))
        return;
    printf("%s: WRONG: imports\n", name);
    s->counts[WRONG]++;
}

static bool is_wanted(const char *name, char **names, int count)
{
    for (int i = 0; i < count; i++)
        if (str_starts_with(name, names[i]))
            return true;
    return count == 0;
}

int main(int argc, char **argv)
{
    const char *top = getenv("top_srcdir") ? getenv("top_srcdir") : ".";
    struct arena *a = arena_new();
    struct suite s = {.dir = path_join(a, top, "tests/conformance/autogenerate")};
    int first = 1;
    for (; first < argc && argv[first][0] == '-'; first++)
        s.verbose = s.verbose || str_eq(argv[first], "-v");
    struct path_list cases = {0};
    struct err err = ERR_INIT;
    if (!file_list(a, s.dir, &cases, &err)) {
        fprintf(stderr, "%s\n", err.message);
        return 2;
    }
    for (size_t i = 0; i < cases.len; i++) {
        if (!is_wanted(cases.at[i], argv + first, argc - first))
            continue;
        s.arena = arena_new();
        s.imports = (struct write_imports){0};
        s.all_read = true;
        run_case(&s, cases.at[i], DIRECTION_UPGRADE);
        run_case(&s, cases.at[i], DIRECTION_DOWNGRADE);
        check_imports(&s, cases.at[i]);
        arena_free(s.arena);
    }
    printf("equal %zu, unreadable %zu, differ on purpose %zu, wrong %zu, no body %zu\n",
           s.counts[EQUAL], s.counts[UNREADABLE], s.counts[DIFFERS], s.counts[WRONG],
           s.counts[ABSENT]);
    arena_free(a);
    return s.counts[WRONG] > 0 || (argc == first && s.counts[EQUAL] < AT_LEAST);
}

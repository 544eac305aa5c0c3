#include "config.h"

#include "run/save_edit_text.h"

#include <string.h>

#include "autogenerate/write.h"
#include "base/arena.h"
#include "base/quote.h"
#include "base/str.h"
#include "base/utf8.h"
#include "python/ast.h"
#include "python/parse.h"
#include "schema/expr.h"

struct editor {
    struct arena *arena;
    const struct save_text *file;
    const struct source *source; /* as UTF-8 */
    const struct py_module_ast *module;
    size_t bom;   /* bytes of the file before the source's text */
    bool is_utf8; /* the file's bytes are the source's */
    const char *newline;
    struct err *err;
};

/* -- places -------------------------------------------------------------------------------------
 */

/* The byte of the file at an offset of the source: the other encodings have a byte a character. */
static size_t byte_at(const struct editor *e, size_t offset)
{
    return e->is_utf8 ? e->bom + offset : utf8_count(e->source->text, offset);
}

static bool refuse(const struct editor *e, size_t offset, const char *reason)
{
    err_set(e->err, ERR_COMMAND, "%s() cannot be replaced: %s", e->file->function, reason);
    return source_err(e->err, e->source, offset);
}

static bool open_file(struct editor *e)
{
    const struct save_text *file = e->file;
    e->source = py_source_new(e->arena, file->path, file->bytes, file->len, e->err);
    if (!e->source)
        return false;
    e->bom = str_starts_with(file->bytes, "\xEF\xBB\xBF") ? 3 : 0;
    e->is_utf8 = file->len == e->source->len + e->bom &&
                 memcmp(file->bytes + e->bom, e->source->text, e->source->len) == 0;
    const char *end = strchr(e->source->text, '\n');
    e->newline = end && end > e->source->text && end[-1] == '\r' ? "\r\n" : "\n";
    e->module = py_parse(e->arena, e->source, NULL, NULL, e->err);
    return e->module != NULL;
}

/* The one def of that name; whatever else binds the name makes it unsure which one runs. */
static const struct py_function *find_function(const struct editor *e, size_t *offset)
{
    const struct py_function *found = NULL;
    size_t count = 0;
    for (uint32_t i = 0; i < e->module->body.count; i++) {
        const struct py_node *node = e->module->body.at[i];
        if (node->kind != PY_NODE_FUNCTION_DEF ||
            !str_eq(node->as.function->ref.name->text, e->file->function))
            continue;
        found = node->as.function;
        *offset = node->span.start;
        count++;
    }
    if (count == 1)
        return found;
    refuse(e, *offset,
           count ? "it is defined several times"
                 : "it is no plain function at the top level of the file");
    return NULL;
}

/* The part of the source that the new statements take. */
/* Where the new statements go, in the source. */
struct body_place {
    struct span span;   /* what they replace */
    const char *indent; /* of the body's lines */
    bool own_line;      /* the span begins a line, behind its indent */
};

static size_t line_start(const struct source *source, size_t offset)
{
    while (offset > 0 && source->text[offset - 1] != '\n')
        offset--;
    return offset;
}

static bool find_place(const struct editor *e, struct body_place *out)
{
    size_t def = 0;
    const struct py_function *function = find_function(e, &def);
    if (!function)
        return false;
    const struct py_nodes *body = &function->body;
    uint32_t first = py_docstring(body) ? 1 : 0;
    bool only_docstring = first == body->count;
    const struct py_node *last = body->at[body->count - 1];
    uint32_t start = only_docstring ? last->span.end : body->at[first]->span.start;
    size_t line = line_start(e->source, body->at[0]->span.start);
    size_t indent = strspn(e->source->text + line, " \t");
    bool on_def_line = line <= def;
    out->span = (struct span){start, last->span.end};
    out->indent = on_def_line ? "    " : arena_strndup(e->arena, e->source->text + line, indent);
    line = line_start(e->source, start);
    out->own_line = line + strspn(e->source->text + line, " \t") == start;
    return true;
}

/* What `op` is called here; NULL: it is not imported. */
static const char *find_prefix(const struct editor *e, uint32_t before, size_t *import_at)
{
    const char *prefix = NULL;
    *import_at = 0;
    for (uint32_t i = 0; i < e->module->body.count; i++) {
        const struct py_node *node = e->module->body.at[i];
        bool docstring = i == 0 && py_docstring(&e->module->body);
        bool import = node->kind == PY_NODE_IMPORT || node->kind == PY_NODE_IMPORT_FROM;
        if (node->span.start < before && (docstring || import))
            *import_at = node->span.end;
        if (node->kind != PY_NODE_IMPORT_FROM || node->as.import.level ||
            !str_eq(node->as.import.module->text, "alembic"))
            continue;
        for (uint32_t j = 0; j < node->as.import.alias_count; j++) {
            const struct py_alias *alias = &node->as.import.aliases[j];
            if (str_eq(alias->name->text, "op"))
                prefix = arena_printf(e->arena, "%s.", alias->as ? alias->as->text : "op");
        }
    }
    return prefix;
}

/* -- the body -----------------------------------------------------------------------------------
 */

static void add_lines(const struct editor *e, struct str *out, const char *text, const char *indent)
{
    for (const char *p = text;; p++) {
        size_t len = strcspn(p, "\n");
        str_addf(out, "%s%s%.*s", out->len ? e->newline : "", out->len ? indent : "", (int)len, p);
        p += len;
        if (!*p)
            return;
    }
}

/*
 * Behind a COMMIT of the revision's own, what cannot run in a transaction needs no block: there is
 * no transaction to leave (plan_arrange()).
 */
static bool needs_block(const struct plan_statement *s, bool committed)
{
    return !s->in_transaction && !(committed && s->effect.outside_only);
}

static bool make_body(const struct editor *e, const struct plan_statement_list *statements,
                      const char *prefix, const char *indent, struct str *out)
{
    const struct write_options options = {.alembic_prefix = prefix};
    const char *deeper = arena_printf(e->arena, "%s%s", indent, indent);
    struct write_imports imports = {{0}, {0}};
    bool in_block = false, committed = false;
    for (size_t i = 0; i < statements->len; i++) {
        const struct plan_statement *s = &statements->at[i];
        struct op op = {.kind = OP_EXECUTE, .as.execute = expr_ddl(e->arena, s->sql)};
        struct str text = STR_IN(e->arena);
        bool block = needs_block(s, committed);
        if (block && !in_block)
            add_lines(e, out,
                      arena_printf(e->arena, "with %sget_context().autocommit_block():", prefix),
                      indent);
        in_block = block;
        if (!write_operation(e->arena, &op, &options, &imports, &text, e->err))
            return false;
        add_lines(e, out, text.ptr, block ? deeper : indent);
        committed = committed || (s->in_transaction && s->effect.control == SQL_CONTROL_COMMIT);
    }
    if (!statements->len)
        str_add(out, "pass");
    return true;
}

/* For a file that is not UTF-8: what is written stands in strings, where escapes do. */
static const char *ascii_of(const struct editor *e, const char *text)
{
    struct str out = STR_IN(e->arena);
    size_t len = strlen(text), size;
    for (size_t i = 0; i < len; i += size) {
        uint32_t c = utf8_decode(text + i, len - i, &size);
        if (c < 0x80)
            str_addc(&out, (char)c);
        else
            quote_escape(&out, c);
    }
    return out.ptr;
}

static void add_bytes(const struct editor *e, struct str *out, size_t from, size_t to)
{
    str_addn(out, e->file->bytes + from, to - from);
}

/* "from alembic import op" on a line of its own, behind the imports that there are. */
static size_t add_import(const struct editor *e, struct str *out, size_t import_at)
{
    const char *text = e->source->text;
    size_t at = import_at ? import_at + strcspn(text + import_at, "\n") : 0;
    if (text[at] == '\n')
        at++;
    if (!import_at) /* before the first statement, behind comments such as the coding line */
        at = line_start(e->source, e->module->body.at[0]->span.start);
    add_bytes(e, out, 0, byte_at(e, at));
    str_addf(out, "from alembic import op%s", e->newline);
    return byte_at(e, at);
}

bool save_text_make(struct arena *a, const struct save_text *file,
                    const struct plan_statement_list *statements, const char **text, size_t *len,
                    struct err *err)
{
    struct editor e = {.arena = a, .file = file, .err = err};
    struct body_place place;
    struct str body = STR_IN(a), out = STR_IN(a);
    size_t import_at, done = 0;
    if (!open_file(&e) || !find_place(&e, &place))
        return false;
    const char *prefix = find_prefix(&e, place.span.start, &import_at);
    if (!make_body(&e, statements, prefix ? prefix : "op.", place.indent, &body))
        return false;
    if (!prefix)
        done = add_import(&e, &out, import_at);
    add_bytes(&e, &out, done, byte_at(&e, place.span.start));
    if (!place.own_line)
        str_addf(&out, "%s%s", e.newline, place.indent);
    str_add(&out, e.is_utf8 ? body.ptr : ascii_of(&e, body.ptr));
    add_bytes(&e, &out, byte_at(&e, place.span.end), file->len);
    *text = out.ptr;
    *len = out.len;
    return true;
}

/*
 * Python source: any bytes are parsed or refused; a tree can be dumped; and where the header scan
 * is sure of itself, it says what the tree says.
 */
#include "config.h"

#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/source.h"
#include "base/str.h"
#include "python/ast.h"
#include "python/ast_dump.h"
#include "python/header.h"
#include "python/parse.h"

/* The last value that a statement at the top level assigns to a name; NULL: it is no assignment. */
static const struct py_node *last_value(const struct py_module_ast *module, const char *name)
{
    const struct py_node *value = NULL;
    for (uint32_t i = 0; i < module->body.count; i++) {
        const struct py_node *s = module->body.at[i], *target = NULL;
        if (s->kind == PY_NODE_ASSIGN && s->as.assign.targets.count == 1)
            target = s->as.assign.targets.at[0];
        else if (s->kind == PY_NODE_ANN_ASSIGN && s->as.ann_assign.value)
            target = s->as.ann_assign.target;
        if (target && target->kind == PY_NODE_NAME && str_eq(target->as.name.name->text, name))
            value = s->kind == PY_NODE_ASSIGN ? s->as.assign.value : s->as.ann_assign.value;
    }
    return value;
}

static bool same_text(const struct py_header_text *text, const struct py_node *node)
{
    const struct py_constant *c = &node->as.constant;
    return node->kind == PY_NODE_CONSTANT && c->kind == PY_CONST_STR && c->len == text->len &&
           memcmp(c->text, text->text, c->len) == 0;
}

static void compare(const struct py_header *header, const struct py_module_ast *module)
{
    const struct py_node *doc = py_docstring(&module->body);
    if (!doc != !header->docstring || (doc && !same_text(header->docstring, doc)))
        abort();
    for (size_t i = 0; i < header->name_count; i++) {
        const struct py_header_value *v = &header->names[i].value;
        if (v->kind == PY_HEADER_OTHER)
            continue;
        const struct py_node *value = last_value(module, header->names[i].name);
        if (!value)
            abort();
        if (v->kind == PY_HEADER_STR && !same_text(&v->items[0], value))
            abort();
        if (v->kind == PY_HEADER_NONE && value->as.constant.kind != PY_CONST_NONE)
            abort();
        if (v->kind == PY_HEADER_TUPLE || v->kind == PY_HEADER_LIST) {
            if (value->as.items.count != v->count)
                abort();
            for (size_t k = 0; k < v->count; k++) {
                if (!same_text(&v->items[k], value->as.items.at[k]))
                    abort();
            }
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    struct py_header header;
    const char *text = arena_strndup(a, (const char *)data, size);
    struct source *src = py_source_new(a, "fuzz.py", text, size, &err);
    struct py_module_ast *module = src ? py_parse(a, src, NULL, NULL, &err) : NULL;
    if (!module && (!err.message || (err.code != ERR_PYTHON && err.code != ERR_LIMIT)))
        abort();
    if (module) {
        struct str dump = STR_IN(a);
        py_ast_dump(&dump, module, true);
    }
    if (py_header_scan(a, text, size, &header) && module)
        compare(&header, module);
    err_clear(&err);
    arena_free(a);
    return 0;
}

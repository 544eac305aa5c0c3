#include "config.h"

#include "python/ast.h"

#include <string.h>

#include "base/arena.h"
#include "python/lex.h"

/* ---- names ---- */

/* Open addressing; at most half full. */
struct py_names {
    struct arena *arena;
    const struct py_name **slots;
    size_t slot_count; /* a power of two */
    size_t len;
};

enum { FIRST_SLOTS = 256 };

struct py_names *py_names_new(struct arena *a)
{
    struct py_names *names = ARENA_NEW(a, struct py_names);
    names->arena = a;
    names->slot_count = FIRST_SLOTS;
    names->slots = ARENA_ARRAY(a, FIRST_SLOTS, const struct py_name *);
    return names;
}

static uint32_t hash_text(const char *text, size_t len)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash;
}

static void grow_names(struct py_names *names)
{
    size_t count = names->slot_count * 2;
    const struct py_name **slots = ARENA_ARRAY(names->arena, count, const struct py_name *);
    for (size_t i = 0; i < names->slot_count; i++) {
        const struct py_name *name = names->slots[i];
        if (!name)
            continue;
        size_t at = name->hash & (count - 1);
        while (slots[at])
            at = (at + 1) & (count - 1);
        slots[at] = name;
    }
    names->slots = slots;
    names->slot_count = count;
}

const struct py_name *py_name_intern(struct py_names *names, const char *text, size_t len)
{
    uint32_t hash = hash_text(text, len);
    size_t at = hash & (names->slot_count - 1);
    for (const struct py_name *name; (name = names->slots[at]);
         at = (at + 1) & (names->slot_count - 1)) {
        if (name->hash == hash && name->len == len && memcmp(name->text, text, len) == 0)
            return name;
    }
    struct py_name *name = ARENA_NEW(names->arena, struct py_name);
    name->text = arena_strndup(names->arena, text, len);
    name->len = (uint32_t)len;
    name->hash = hash;
    enum py_token_kind keyword = py_keyword_kind(text, len);
    name->keyword = keyword == PY_TOKEN_NAME ? 0 : (uint16_t)keyword;
    names->slots[at] = name;
    if (++names->len * 2 > names->slot_count)
        grow_names(names);
    return name;
}

/* ---- tables ---- */

const char *py_node_kind_name(enum py_node_kind kind)
{
    static const char *const rows[PY_NODE_KINDS] = {
        [PY_NODE_NONE] = "nothing",
#define NODE(id, tag, name) [PY_NODE_##id] = name,
#include "ast.def"
    };
    return rows[kind];
}

const char *py_node_kind_tag(enum py_node_kind kind)
{
    static const char *const rows[PY_NODE_KINDS] = {
        [PY_NODE_NONE] = "None",
#define NODE(id, tag, name) [PY_NODE_##id] = tag,
#include "ast.def"
    };
    return rows[kind];
}

const struct py_binary_op_info *py_binary_op_info(enum py_binary_op op)
{
    static const struct py_binary_op_info rows[PY_BINARY_OPS] = {
#define BINARY(id, tag, symbol, method, reflected, inplace)                                        \
    [PY_OP_##id] = {tag, symbol, method, reflected, inplace},
#include "operators.def"
    };
    return &rows[op];
}

const struct py_unary_op_info *py_unary_op_info(enum py_unary_op op)
{
    static const struct py_unary_op_info rows[PY_UNARY_OPS] = {
#define UNARY(id, tag, symbol, method) [PY_OP_##id] = {tag, symbol, method},
#include "operators.def"
    };
    return &rows[op];
}

const struct py_unary_op_info *py_compare_op_info(enum py_compare_op op)
{
    static const struct py_unary_op_info rows[PY_COMPARE_OPS] = {
#define COMPARE(id, tag, symbol, method) [PY_OP_##id] = {tag, symbol, method},
#include "operators.def"
    };
    return &rows[op];
}

const struct py_node *py_docstring(const struct py_nodes *body)
{
    if (body->count == 0 || body->at[0]->kind != PY_NODE_EXPR)
        return NULL;
    const struct py_node *value = body->at[0]->as.value;
    bool is_string = value->kind == PY_NODE_CONSTANT && value->as.constant.kind == PY_CONST_STR;
    return is_string ? value : NULL;
}

#include "config.h"

#include "python/scope.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "python/refusals.h"
#include "python/scope_build.h"

/* ---- errors ---- */

static void set_error(struct walk *w, struct err *err, uint32_t offset, const char *fmt, va_list ap)
{
    char text[512];
    vsnprintf(text, sizeof(text), fmt, ap);
    err_set(err, ERR_PYTHON, "%s", text);
    err_diagnose(err, py_refusal_code(PY_REFUSE_SYNTAX));
    source_err(err, w->module->source, offset);
}

void scope_fail(struct walk *w, uint32_t offset, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    set_error(w, w->err, offset, fmt, ap);
    va_end(ap);
    longjmp(w->on_error, 1);
}

void scope_fail_late(struct walk *w, uint32_t offset, const char *fmt, ...)
{
    if (w->late.code != ERR_NONE)
        return;
    va_list ap;
    va_start(ap, fmt);
    set_error(w, &w->late, offset, fmt, ap);
    va_end(ap);
}

/* ---- symbols ---- */

enum { FIRST_TABLE = 16 };

static uint32_t *table_place(const struct build *b, const struct py_name *name)
{
    uint32_t at = name->hash & (b->table_size - 1);
    while (b->table[at] && b->symbols.at[b->table[at] - 1].name != name)
        at = (at + 1) & (b->table_size - 1);
    return &b->table[at];
}

static void grow_table(struct walk *w, struct build *b)
{
    b->table_size = b->table_size ? b->table_size * 2 : FIRST_TABLE;
    b->table = ARENA_ARRAY(w->arena, b->table_size, uint32_t);
    for (size_t i = 0; i < b->symbols.len; i++)
        *table_place(b, b->symbols.at[i].name) = (uint32_t)i + 1;
}

struct symbol *scope_find(const struct build *b, const struct py_name *name)
{
    if (b->table_size == 0)
        return NULL;
    uint32_t position = *table_place(b, name);
    return position ? &b->symbols.at[position - 1] : NULL;
}

struct symbol *scope_symbol(struct walk *w, struct build *b, const struct py_name *name,
                            uint32_t offset)
{
    if ((b->symbols.len + 1) * 2 > b->table_size)
        grow_table(w, b);
    uint32_t *place = table_place(b, name);
    if (!*place) {
        struct symbol symbol = {.name = name, .offset = offset, .free_index = -1};
        vec_push(w->arena, &b->symbols, symbol);
        *place = (uint32_t)b->symbols.len;
    }
    return &b->symbols.at[*place - 1];
}

/* ---- where names live ---- */

static bool has_slots(const struct build *b)
{
    return b->out->kind != PY_SCOPE_MODULE && b->out->kind != PY_SCOPE_CLASS;
}

static bool is_class_name(const struct py_name *name)
{
    return strcmp(name->text, "__class__") == 0;
}

/* The scope around b whose variable the name is; NULL: it is global. */
static struct build *find_owner(const struct build *b, const struct py_name *name)
{
    for (struct build *p = b->parent; p; p = p->parent) {
        if (p->out->kind == PY_SCOPE_CLASS && is_class_name(name))
            return p;
        if (!has_slots(p))
            continue;
        const struct symbol *s = scope_find(p, name);
        if (s && (s->flags & SYMBOL_GLOBAL))
            return NULL;
        if (s && (s->flags & (SYMBOL_PARAM | SYMBOL_BOUND)) && !(s->flags & SYMBOL_NONLOCAL))
            return p;
    }
    return NULL;
}

/* Hands a variable of owner down to b, through the scopes between. */
static void capture(struct walk *w, struct build *b, struct build *owner,
                    const struct py_name *name)
{
    if (owner->out->kind == PY_SCOPE_CLASS)
        owner->out->class_cell = true;
    else
        scope_find(owner, name)->flags |= SYMBOL_CELL;
    for (; b != owner; b = b->parent) {
        struct symbol *s = scope_symbol(w, b, name, 0);
        if (s->free_index < 0)
            s->free_index = (int)b->out->free_count++;
    }
}

static void place_declared(struct walk *w, struct build *b, const struct py_name *name,
                           unsigned flags, uint32_t offset)
{
    if ((flags & SYMBOL_GLOBAL) && (flags & SYMBOL_NONLOCAL))
        scope_fail(w, offset, "name '%s' is nonlocal and global", name->text);
    if (flags & SYMBOL_GLOBAL) {
        scope_find(b, name)->where = PY_WHERE_GLOBAL;
        return;
    }
    if (!b->parent)
        scope_fail(w, offset, "nonlocal declaration not allowed at module level");
    struct build *owner = find_owner(b, name);
    if (!owner)
        scope_fail(w, offset, "no binding for nonlocal '%s' found", name->text);
    capture(w, b, owner, name);
    scope_find(b, name)->where = PY_WHERE_FREE;
}

static void place_used(struct walk *w, struct build *b, const struct py_name *name)
{
    enum py_where where = PY_WHERE_GLOBAL;
    struct build *owner = find_owner(b, name);
    bool is_class = b->out->kind == PY_SCOPE_CLASS;
    bool sees_class = (b->out->kind == PY_SCOPE_TYPE_PARAMS ||
                       b->out->kind == PY_SCOPE_TYPE_ALIAS) &&
                      b->parent->out->kind == PY_SCOPE_CLASS && scope_find(b->parent, name);
    if (sees_class && (scope_find(b->parent, name)->flags & SYMBOL_BOUND)) {
        where = PY_WHERE_UNKNOWN;
    } else if (owner) {
        where = is_class ? PY_WHERE_CLASS_FREE : PY_WHERE_FREE;
        capture(w, b, owner, name);
    } else if (is_class) {
        where = PY_WHERE_NAMESPACE;
    }
    scope_find(b, name)->where = where;
}

/* Decides about every name of one scope; those around it are done. */
static void place_symbols(struct walk *w, struct build *b)
{
    for (size_t i = 0; i < b->symbols.len; i++) {
        struct symbol *s = &b->symbols.at[i];
        unsigned flags = s->flags;
        if (flags & (SYMBOL_GLOBAL | SYMBOL_NONLOCAL))
            place_declared(w, b, s->name, flags, s->offset);
        else if (!b->parent)
            s->where = PY_WHERE_GLOBAL;
        else if (flags & (SYMBOL_PARAM | SYMBOL_BOUND))
            s->where = has_slots(b) ? PY_WHERE_LOCAL : PY_WHERE_NAMESPACE;
        else if (flags & SYMBOL_USED)
            place_used(w, b, s->name);
    }
}

/* Gives out slots and cell numbers, once it is known which names inner scopes use. */
static void number_symbols(struct walk *w, struct build *b)
{
    struct py_scope *out = b->out;
    out->slots = ARENA_ARRAY(w->arena, b->symbols.len + 1, struct py_slot);
    out->frees = ARENA_ARRAY(w->arena, out->free_count, struct py_ref);
    out->class_free = -1;
    if (out->class_cell) {
        const struct py_name *name = py_name_intern(w->module->names, "__class__", 9);
        out->slots[out->slot_count++] = (struct py_slot){.name = name, .is_cell = true};
    }
    for (size_t i = 0; i < b->symbols.len; i++) {
        struct symbol *s = &b->symbols.at[i];
        if (s->where == PY_WHERE_LOCAL) {
            s->where = s->flags & SYMBOL_CELL ? PY_WHERE_CELL : PY_WHERE_LOCAL;
            s->slot = out->slot_count++;
            out->slots[s->slot] = (struct py_slot){s->name, s->where == PY_WHERE_CELL};
        }
        if (s->free_index < 0)
            continue;
        if (s->where == PY_WHERE_FREE || s->where == PY_WHERE_CLASS_FREE)
            s->slot = (uint32_t)s->free_index;
        struct py_ref *ref = &out->frees[s->free_index];
        ref->name = s->name;
        if (b->parent->out->kind == PY_SCOPE_CLASS && is_class_name(s->name) &&
            b->parent->out->class_cell) {
            ref->where = PY_WHERE_CELL;
        } else {
            const struct symbol *outer = scope_find(b->parent, s->name);
            bool passed_on = outer->free_index >= 0;
            ref->where = passed_on ? PY_WHERE_FREE : PY_WHERE_CELL;
            ref->slot = passed_on ? (uint32_t)outer->free_index : outer->slot;
        }
        if (is_class_name(s->name))
            out->class_free = s->free_index;
    }
}

static void fill_references(const struct build *b)
{
    for (size_t i = 0; i < b->uses.len; i++) {
        const struct symbol *s = &b->symbols.at[b->uses.at[i].symbol];
        b->uses.at[i].ref->where = s->where;
        b->uses.at[i].ref->slot = s->slot;
    }
}

bool py_scope_analyse(struct arena *a, struct py_module_ast *module, int depth, struct err *err)
{
    struct walk *w = ARENA_NEW(a, struct walk);
    w->arena = a;
    w->module = module;
    w->err = err;
    w->limit = depth;
    if (setjmp(w->on_error)) {
        err_clear(&w->late);
        return false;
    }
    scope_walk_module(w);
    for (size_t i = 0; i < w->scopes.len; i++)
        place_symbols(w, w->scopes.at[i]);
    for (size_t i = 0; i < w->scopes.len; i++)
        number_symbols(w, w->scopes.at[i]);
    for (size_t i = 0; i < w->scopes.len; i++)
        fill_references(w->scopes.at[i]);
    if (w->late.code != ERR_NONE) {
        err_move(err, &w->late);
        return false;
    }
    return true;
}

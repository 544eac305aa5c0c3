/* Expressions, and the targets that values are assigned to. */
#include "config.h"

#include <string.h>

#include "python/interp.h"

/* ------------------------------------------------------------------ names */

static struct py_value load_global(struct py_run *run, const struct py_ref *ref)
{
    struct py_entry *e = py_table_find_name(&run->frame->globals->table, ref->name);
    if (e)
        return e->value;
    e = py_table_find_name(&py_builtins_of(run)->table, ref->name);
    if (!e)
        py_raise(run, &py_name_error_class, "name '%s' is not defined", ref->name->text);
    if (e->value.kind == PY_ROW)
        e->value = py_materialize(run, e->value, NULL);
    return e->value;
}

static struct py_value load_cell(struct py_run *run, const struct py_ref *ref,
                                 const struct py_cell *cell)
{
    if (cell->value.kind == PY_ABSENT)
        py_raise(run, &py_name_error_class,
                 "cannot access free variable '%s' where it is not associated with a value in "
                 "enclosing scope",
                 ref->name->text);
    return cell->value;
}

struct py_value py_load_ref(struct py_run *run, const struct py_ref *ref)
{
    struct py_frame *f = run->frame;
    struct py_value v;
    struct py_entry *e;
    switch (ref->where) {
    case PY_WHERE_LOCAL:
    case PY_WHERE_CELL:
        v = f->slots[ref->slot];
        if (ref->where == PY_WHERE_CELL)
            v = ((struct py_cell *)v.object)->value;
        if (v.kind == PY_ABSENT)
            py_raise(run, &py_unbound_local_error_class,
                     "cannot access local variable '%s' where it is not associated with a value",
                     ref->name->text);
        return v;
    case PY_WHERE_FREE:
        return load_cell(run, ref, f->cells[ref->slot]);
    case PY_WHERE_CLASS_FREE:
    case PY_WHERE_NAMESPACE:
        e = py_table_find_name(&f->namespace->table, ref->name);
        if (e)
            return e->value;
        if (ref->where == PY_WHERE_CLASS_FREE)
            return load_cell(run, ref, f->cells[ref->slot]);
        return load_global(run, ref);
    case PY_WHERE_GLOBAL:
        return load_global(run, ref);
    case PY_WHERE_NONE:
    case PY_WHERE_UNKNOWN:
        break;
    }
    py_refuse(run, PY_REFUSE_EXPRESSION, "type parameters inside a class are not supported");
}

static void store_name(struct py_run *run, struct py_dict *dict, const struct py_name *name,
                       struct py_value v)
{
    struct py_entry *e = py_table_find_name(&dict->table, name);
    if (!e) {
        struct py_value key = py_name_value(run, name);
        e = py_table_put(run, &dict->table, key, py_str_hash(py_str_of(key)));
    }
    e->value = v;
}

void py_store_ref(struct py_run *run, const struct py_ref *ref, struct py_value v)
{
    struct py_frame *f = run->frame;
    switch (ref->where) {
    case PY_WHERE_LOCAL:
        f->slots[ref->slot] = v;
        break;
    case PY_WHERE_CELL:
        ((struct py_cell *)f->slots[ref->slot].object)->value = v;
        break;
    case PY_WHERE_FREE:
        f->cells[ref->slot]->value = v;
        break;
    case PY_WHERE_CLASS_FREE:
    case PY_WHERE_NAMESPACE:
        if (f->enum_base)
            v = py_enum_store(run, f->enum_base, f->namespace, ref->name, v);
        store_name(run, f->namespace, ref->name, v);
        break;
    case PY_WHERE_GLOBAL:
        store_name(run, f->globals, ref->name, v);
        break;
    case PY_WHERE_NONE:
        break;
    case PY_WHERE_UNKNOWN:
        py_refuse(run, PY_REFUSE_EXPRESSION, "type parameters inside a class are not supported");
    }
}

void py_delete_ref(struct py_run *run, const struct py_ref *ref)
{
    struct py_frame *f = run->frame;
    struct py_dict *dict = f->globals;
    struct py_value *slot = NULL;
    switch (ref->where) {
    case PY_WHERE_LOCAL:
        slot = &f->slots[ref->slot];
        break;
    case PY_WHERE_CELL:
        slot = &((struct py_cell *)f->slots[ref->slot].object)->value;
        break;
    case PY_WHERE_FREE:
        slot = &f->cells[ref->slot]->value;
        break;
    case PY_WHERE_CLASS_FREE:
    case PY_WHERE_NAMESPACE:
        dict = f->namespace;
        break;
    default:
        break;
    }
    if (slot) {
        if (slot->kind == PY_ABSENT)
            py_load_ref(run, ref); /* raises */
        *slot = py_absent();
        return;
    }
    struct py_entry *e = py_table_find_name(&dict->table, ref->name);
    if (!e)
        py_raise(run, &py_name_error_class, "name '%s' is not defined", ref->name->text);
    py_table_remove_entry(run, &dict->table, e);
}

struct py_cell **py_take_cells(struct py_run *run, const struct py_scope *scope)
{
    if (scope->free_count == 0)
        return NULL;
    struct py_cell **cells = py_alloc(run, scope->free_count * sizeof(struct py_cell *));
    for (uint32_t i = 0; i < scope->free_count; i++) {
        const struct py_ref *ref = &scope->frees[i];
        if (ref->where == PY_WHERE_CELL)
            cells[i] = (struct py_cell *)run->frame->slots[ref->slot].object;
        else
            cells[i] = run->frame->cells[ref->slot];
    }
    return cells;
}

/* ------------------------------------------------------------------ assignment */

static void unpack(struct py_run *run, const struct py_nodes *targets, struct py_value v)
{
    size_t star = SIZE_MAX, count = targets->count;
    for (size_t i = 0; i < count; i++) {
        if (targets->at[i]->kind == PY_NODE_STARRED)
            star = i;
    }
    const struct py_value *items;
    size_t len;
    struct py_type *owner;
    struct py_value raw;
    py_require_known(run, v);
    if (py_is_tuple(v) || py_is_list(v)) {
        struct py_tuple *t = py_tuple_of(py_is_list(v) ? py_new_tuple(run, py_list_of(v)->items,
                                                                      py_list_of(v)->len)
                                                       : v);
        items = t->items;
        len = t->len;
    } else {
        if (!py_special(run, v, "__iter__", &raw, &owner) &&
            !py_special(run, v, "__getitem__", &raw, &owner))
            py_raise(run, &py_type_error_class, "cannot unpack non-iterable %s object",
                     py_class_name(run, v));
        /* No more is taken than needed to see that there is too much. */
        struct py_value it = py_iter(run, v), item, list = py_new_list(run);
        while (py_next(run, it, &item)) {
            py_list_append(run, list, item);
            if (star == SIZE_MAX && py_list_of(list)->len > count)
                break;
        }
        items = py_list_of(list)->items;
        len = py_list_of(list)->len;
    }
    if (star == SIZE_MAX) {
        if (len > count)
            py_raise(run, &py_value_error_class, "too many values to unpack (expected %zu)",
                     count);
        if (len < count)
            py_raise(run, &py_value_error_class,
                     "not enough values to unpack (expected %zu, got %zu)", count, len);
    } else if (len < count - 1) {
        py_raise(run, &py_value_error_class,
                 "not enough values to unpack (expected at least %zu, got %zu)", count - 1, len);
    }
    for (size_t i = 0, from = 0; i < count; i++) {
        if (i != star) {
            struct py_value item = items[from++];
            item.mark |= v.mark;
            py_assign(run, targets->at[i], item);
            continue;
        }
        size_t n = len - (count - 1);
        struct py_value list = py_new_list(run);
        for (size_t k = 0; k < n; k++)
            py_list_append(run, list, items[from++]);
        py_assign(run, targets->at[i]->as.value, list);
    }
}

void py_assign(struct py_run *run, const struct py_node *target, struct py_value v)
{
    switch ((int)target->kind) {
    case PY_NODE_NAME:
        py_store_ref(run, &target->as.name, v);
        break;
    case PY_NODE_ATTRIBUTE: {
        struct py_value object = py_eval(run, target->as.attribute.value);
        run->frame->node = target;
        py_set_attr(run, object, target->as.attribute.name, v);
        break;
    }
    case PY_NODE_SUBSCRIPT: {
        struct py_value object = py_eval(run, target->as.subscript.value);
        struct py_value key = py_eval(run, target->as.subscript.index);
        run->frame->node = target;
        py_setitem(run, object, key, v);
        break;
    }
    case PY_NODE_TUPLE:
    case PY_NODE_LIST:
        run->frame->node = target;
        unpack(run, &target->as.items, v);
        break;
    default:
        py_refuse(run, PY_REFUSE_STATEMENT, "assignment to a %s is not supported",
                  py_node_kind_name(target->kind));
    }
}

void py_delete(struct py_run *run, const struct py_node *target)
{
    run->frame->node = target;
    switch ((int)target->kind) {
    case PY_NODE_NAME:
        py_delete_ref(run, &target->as.name);
        break;
    case PY_NODE_ATTRIBUTE:
        py_delattr(run, py_eval(run, target->as.attribute.value), target->as.attribute.name->text);
        break;
    case PY_NODE_SUBSCRIPT: {
        struct py_value object = py_eval(run, target->as.subscript.value);
        py_delitem(run, object, py_eval(run, target->as.subscript.index));
        break;
    }
    default:
        for (uint32_t i = 0; i < target->as.items.count; i++)
            py_delete(run, target->as.items.at[i]);
    }
}

/* ------------------------------------------------------------------ literals and displays */

static struct py_value make_constant(struct py_run *run, const struct py_node *node)
{
    const struct py_constant *c = &node->as.constant;
    switch (c->kind) {
    case PY_CONST_NONE:
        return py_none();
    case PY_CONST_TRUE:
        return py_bool(true);
    case PY_CONST_FALSE:
        return py_bool(false);
    case PY_CONST_ELLIPSIS:
        return py_ellipsis();
    case PY_CONST_INT:
        return c->fits ? py_int(c->integer) : py_new_int_text(run, c->text);
    case PY_CONST_FLOAT:
        return py_float(c->number);
    case PY_CONST_IMAGINARY:
        run->frame->node = node;
        py_refuse(run, PY_REFUSE_COMPLEX, "complex numbers are not supported");
    case PY_CONST_STR:
        if (c->has_surrogate) {
            run->frame->node = node;
            py_refuse(run, PY_REFUSE_SURROGATE, "a string with a lone surrogate is not supported");
        }
        if (c->unknown_char) {
            run->frame->node = node;
            py_refuse(run, PY_REFUSE_NAMED_CHARACTER,
                      "a character that this string names with \\N{...} is not known");
        }
        return py_str_own(run, c->text, c->len);
    case PY_CONST_BYTES:
        return py_new_bytes(run, c->text, c->len);
    }
    return py_none();
}

static struct py_value eval_constant(struct py_run *run, const struct py_node *node)
{
    const struct py_constant *c = &node->as.constant;
    if (c->kind != PY_CONST_STR && c->kind != PY_CONST_BYTES &&
        !(c->kind == PY_CONST_INT && !c->fits))
        return make_constant(run, node);
    if (!c->cache) {
        struct py_value *v = PY_NEW(run, struct py_value);
        *v = make_constant(run, node);
        ((struct py_constant *)(uintptr_t)c)->cache = v;
    }
    return *(const struct py_value *)c->cache;
}

/* The items of a display or argument list; starred ones are spread. */
static struct py_value eval_items(struct py_run *run, const struct py_nodes *nodes)
{
    struct py_value list = py_new_list(run);
    py_list_reserve(run, py_list_of(list), nodes->count);
    for (uint32_t i = 0; i < nodes->count; i++) {
        const struct py_node *n = nodes->at[i];
        if (n->kind != PY_NODE_STARRED) {
            py_list_append(run, list, py_eval(run, n));
            continue;
        }
        struct py_value v = py_eval(run, n->as.value), item;
        run->frame->node = n;
        struct py_value it = py_iter(run, v);
        while (py_next(run, it, &item)) {
            item.mark |= v.mark;
            py_list_append(run, list, item);
        }
    }
    return list;
}

static void merge_mapping(struct py_run *run, struct py_dict *into, struct py_value v)
{
    py_require_known(run, v);
    if (py_is_dict(v)) {
        struct py_value key, value;
        for (size_t i = 0; py_dict_next(py_dict_of(v), &i, &key, &value);)
            py_dict_put(run, into, key, value);
        return;
    }
    struct py_value keys;
    if (!py_find_attr(run, v, "keys", &keys))
        py_raise(run, &py_type_error_class, "'%s' object is not a mapping", py_class_name(run, v));
    struct py_tuple *items = py_items(run, py_call(run, keys, NULL, 0, NULL));
    for (size_t i = 0; i < items->len; i++)
        py_dict_put(run, into, items->items[i], py_getitem(run, v, items->items[i]));
}

static struct py_value eval_dict(struct py_run *run, const struct py_node *node)
{
    struct py_value v = py_new_dict(run);
    struct py_dict *dict = py_dict_of(v);
    for (uint32_t i = 0; i < node->as.dict.count; i++) {
        if (!node->as.dict.keys[i]) {
            struct py_value mapping = py_eval(run, node->as.dict.values[i]);
            run->frame->node = node;
            merge_mapping(run, dict, mapping);
            continue;
        }
        struct py_value key = py_eval(run, node->as.dict.keys[i]);
        struct py_value value = py_eval(run, node->as.dict.values[i]);
        run->frame->node = node;
        py_dict_put(run, dict, key, value);
    }
    return v;
}

static struct py_value eval_set(struct py_run *run, const struct py_node *node)
{
    struct py_list *items = py_list_of(eval_items(run, &node->as.items));
    struct py_value set = py_new_set(run);
    run->frame->node = node;
    for (size_t i = 0; i < items->len; i++)
        py_set_add(run, set, items->items[i]);
    return set;
}

static struct py_value eval_comprehension(struct py_run *run, const struct py_node *node)
{
    struct py_comp *comp = py_comp_new(run, node);
    struct py_value key, value, out;
    switch ((int)node->kind) {
    case PY_NODE_LIST_COMP:
        out = py_new_list(run);
        while (py_comp_next(run, comp, &key, &value))
            py_list_append(run, out, key);
        return out;
    case PY_NODE_SET_COMP:
        out = py_new_set(run);
        while (py_comp_next(run, comp, &key, &value))
            py_set_add(run, out, key);
        return out;
    case PY_NODE_DICT_COMP:
        out = py_new_dict(run);
        while (py_comp_next(run, comp, &key, &value))
            py_dict_put(run, py_dict_of(out), key, value);
        return out;
    default:
        break;
    }
    out = py_new_gen(run, NULL);
    ((struct py_gen *)out.object)->comp = comp;
    return out;
}

static struct py_value eval_joined(struct py_run *run, const struct py_node *node);

static struct py_value eval_formatted(struct py_run *run, const struct py_node *node)
{
    struct py_value v = py_eval(run, node->as.formatted.value);
    struct py_value spec = py_absent();
    uint8_t mark = v.mark;
    if (node->as.formatted.spec) {
        spec = eval_joined(run, node->as.formatted.spec);
        mark |= spec.mark;
    }
    run->frame->node = node;
    switch (node->as.formatted.conversion) {
    case 's':
        v = py_to_str(run, v);
        break;
    case 'r':
        v = py_to_repr(run, v);
        break;
    case 'a': {
        struct str s = STR_IN(run->arena);
        py_add_ascii(run, &s, v);
        v = py_str_take(run, &s);
        break;
    }
    default:
        break;
    }
    const struct py_str *text = spec.kind == PY_ABSENT ? NULL : py_str_of(spec);
    v = py_format_value(run, v, text ? text->ptr : "", text ? text->len : 0);
    v.mark |= mark;
    return v;
}

static struct py_value eval_joined(struct py_run *run, const struct py_node *node)
{
    uint8_t saved = run->touched, mark = 0;
    run->touched = 0;
    struct str s = STR_IN(run->arena);
    for (uint32_t i = 0; i < node->as.items.count; i++) {
        const struct py_node *n = node->as.items.at[i];
        struct py_value part =
            n->kind == PY_NODE_FORMATTED ? eval_formatted(run, n) : py_eval(run, n);
        mark |= part.mark;
        py_check_string(run, s.len + py_str_of(part)->len);
        str_addn(&s, py_str_of(part)->ptr, py_str_of(part)->len);
        py_alloc(run, 0);
    }
    struct py_value v = py_str_take(run, &s);
    v.mark = mark | run->touched;
    run->touched |= saved;
    return v;
}

/* ------------------------------------------------------------------ operators */

static struct py_value eval_compare(struct py_run *run, const struct py_node *node)
{
    struct py_value left = py_eval(run, node->as.compare.left), result = py_absent();
    uint32_t count = node->as.compare.operands.count;
    for (uint32_t i = 0; i < count; i++) {
        struct py_value right = py_eval(run, node->as.compare.operands.at[i]);
        run->frame->node = node;
        result = py_compare(run, node->as.compare.ops[i], left, right);
        if (i + 1 < count && !py_truth(run, result))
            return result;
        left = right;
    }
    return result;
}

static struct py_value eval_bool_op(struct py_run *run, const struct py_node *node)
{
    const struct py_nodes *operands = &node->as.bool_op.operands;
    struct py_value v = py_eval(run, operands->at[0]);
    for (uint32_t i = 1; i < operands->count; i++) {
        run->frame->node = operands->at[i - 1];
        if (py_truth(run, v) == node->as.bool_op.is_or)
            return v;
        v = py_eval(run, operands->at[i]);
    }
    return v;
}

static struct py_value eval_slice(struct py_run *run, const struct py_node *node)
{
    struct py_value part[3];
    const struct py_node *nodes[3] = {node->as.slice.lower, node->as.slice.upper,
                                      node->as.slice.step};
    for (int i = 0; i < 3; i++)
        part[i] = nodes[i] ? py_eval(run, nodes[i]) : py_none();
    return py_new_slice(run, part[0], part[1], part[2]);
}

static struct py_value eval_subscript(struct py_run *run, const struct py_node *node)
{
    struct py_value v = py_eval(run, node->as.subscript.value);
    struct py_value key = py_eval(run, node->as.subscript.index);
    run->frame->node = node;
    struct py_value item = py_getitem(run, v, key);
    item.mark |= v.mark;
    return item;
}

/* ------------------------------------------------------------------ functions and calls */

static const char *inner_qualname(struct py_run *run, const char *name)
{
    const struct py_frame *f = run->frame;
    while (f && f->scope && f->scope->kind == PY_SCOPE_COMPREHENSION)
        f = f->back;
    if (!f || !f->qualname)
        return name;
    if (f->scope->kind == PY_SCOPE_CLASS)
        return arena_printf(run->arena, "%s.%s", f->qualname, name);
    return arena_printf(run->arena, "%s.<locals>.%s", f->qualname, name);
}

struct py_value py_make_closure(struct py_run *run, const struct py_function *fn,
                                const struct py_node *lambda)
{
    struct py_closure *c = py_new_object(run, PY_T_function, sizeof(*c));
    if (fn) {
        c->params = &fn->params;
        c->scope = fn->scope;
        c->body = &fn->body;
        c->function = fn;
        c->name = fn->ref.name->text;
    } else {
        c->params = lambda->as.lambda.params;
        c->scope = lambda->as.lambda.scope;
        c->expression = lambda->as.lambda.body;
        c->name = "<lambda>";
    }
    c->qualname = inner_qualname(run, c->name);
    c->module = run->frame->module;
    if (c->params->count > 0)
        c->defaults = py_alloc(run, c->params->count * sizeof(struct py_value));
    for (uint32_t i = 0; i < c->params->count; i++) {
        if (c->params->at[i].default_value)
            c->defaults[i] = py_eval(run, c->params->at[i].default_value);
    }
    c->cells = py_take_cells(run, c->scope);
    return py_object(&c->base);
}

static void add_keywords(struct py_run *run, struct py_dict *into, struct py_value mapping,
                         const char *callee)
{
    struct py_value all = py_new_dict(run), key, value;
    py_require_known(run, mapping);
    struct py_value keys;
    if (!py_is_dict(mapping) && !py_find_attr(run, mapping, "keys", &keys))
        py_raise(run, &py_type_error_class, "%s argument after ** must be a mapping, not %s",
                 callee, py_class_name(run, mapping));
    merge_mapping(run, py_dict_of(all), mapping);
    for (size_t i = 0; py_dict_next(py_dict_of(all), &i, &key, &value);) {
        if (!py_is_str(key))
            py_raise(run, &py_type_error_class, "keywords must be strings");
        struct py_entry *e =
            py_table_put(run, &into->table, key, py_str_hash(py_str_of(key)));
        if (e->value.kind != PY_ABSENT)
            py_raise(run, &py_type_error_class,
                     "%s got multiple values for keyword argument '%s'", callee,
                     py_str_of(key)->ptr);
        e->value = value;
    }
}

/* How a called value is named when its arguments are wrong: "mod.f()". */
static const char *callee_title(struct py_run *run, struct py_value f)
{
    struct py_value name, module;
    if (py_find_attr(run, f, "__qualname__", &name) && py_is_str(name)) {
        if (py_find_attr(run, f, "__module__", &module) && py_is_str(module) &&
            strcmp(py_str_of(module)->ptr, "builtins") != 0)
            return arena_printf(run->arena, "%s.%s()", py_str_of(module)->ptr,
                                py_str_of(name)->ptr);
        return arena_printf(run->arena, "%s()", py_str_of(name)->ptr);
    }
    return py_str_text(run, f);
}

static struct py_dict *eval_keywords(struct py_run *run, const struct py_node *node,
                                     struct py_value f)
{
    const struct py_keywords *keywords = &node->as.call.keywords;
    if (keywords->count == 0)
        return NULL;
    struct py_dict *dict = py_dict_of(py_new_dict(run));
    py_table_reserve(run, &dict->table, keywords->count);
    for (uint32_t i = 0; i < keywords->count; i++) {
        const struct py_keyword *k = &keywords->at[i];
        struct py_value v = py_eval(run, k->value);
        run->frame->node = node;
        if (!k->name) {
            add_keywords(run, dict, v, callee_title(run, f));
            continue;
        }
        struct py_value key = py_name_value(run, k->name);
        struct py_entry *e = py_table_put(run, &dict->table, key, py_str_hash(py_str_of(key)));
        if (e->value.kind != PY_ABSENT)
            py_raise(run, &py_type_error_class, "%s got multiple values for keyword argument '%s'",
                     callee_title(run, f), k->name->text);
        e->value = v;
    }
    return dict;
}

static bool has_star(const struct py_nodes *nodes)
{
    for (uint32_t i = 0; i < nodes->count; i++) {
        if (nodes->at[i]->kind == PY_NODE_STARRED)
            return true;
    }
    return false;
}

static struct py_value eval_star_args(struct py_run *run, const struct py_nodes *nodes,
                                      struct py_value f)
{
    struct py_value list = py_new_list(run), item;
    for (uint32_t i = 0; i < nodes->count; i++) {
        const struct py_node *n = nodes->at[i];
        if (n->kind != PY_NODE_STARRED) {
            py_list_append(run, list, py_eval(run, n));
            continue;
        }
        struct py_value v = py_require_known(run, py_eval(run, n->as.value)), raw;
        struct py_type *owner;
        if (!py_special(run, v, "__iter__", &raw, &owner) &&
            !py_special(run, v, "__getitem__", &raw, &owner))
            py_raise(run, &py_type_error_class, "%s argument after * must be an iterable, not %s",
                     callee_title(run, f), py_class_name(run, v));
        struct py_value it = py_iter(run, v);
        while (py_next(run, it, &item))
            py_list_append(run, list, item);
    }
    return list;
}

static struct py_value eval_call(struct py_run *run, const struct py_node *node)
{
    enum { SMALL = 8 };
    const struct py_node *callee = node->as.call.callee;
    struct py_value f, self = py_absent();
    struct py_type *owner = NULL;
    if (callee->kind == PY_NODE_ATTRIBUTE) {
        struct py_value v = py_eval(run, callee->as.attribute.value);
        run->frame->node = callee;
        f = py_load_method(run, v, callee->as.attribute.name, &self, &owner);
    } else {
        f = py_eval(run, callee);
    }
    const struct py_nodes *nodes = &node->as.call.args;
    struct py_value small[SMALL], *args = small;
    size_t count = nodes->count;
    struct py_value named = self.kind == PY_ABSENT ? f : py_none();
    if (has_star(nodes)) {
        struct py_list *list = py_list_of(eval_star_args(run, nodes, named));
        args = list->items;
        count = list->len;
    } else {
        if (count > SMALL)
            args = py_alloc(run, count * sizeof(*args));
        for (size_t i = 0; i < count; i++)
            args[i] = py_eval(run, nodes->at[i]);
    }
    struct py_dict *kwargs = eval_keywords(run, node, named);
    run->frame->node = node;
    struct py_value result;
    if (self.kind != PY_ABSENT)
        result = py_call_raw(run, f, owner, self, args, count, kwargs);
    else
        result = py_call(run, f, args, count, kwargs);
    return result;
}

static struct py_value eval_conditional(struct py_run *run, const struct py_node *node)
{
    struct py_value test = py_eval(run, node->as.conditional.test);
    run->frame->node = node->as.conditional.test;
    return py_eval(run, py_truth(run, test) ? node->as.conditional.body
                                            : node->as.conditional.orelse);
}

static struct py_value eval_binary(struct py_run *run, const struct py_node *node)
{
    struct py_value a = py_eval(run, node->as.binary.left);
    struct py_value b = py_eval(run, node->as.binary.right);
    run->frame->node = node;
    return py_binary(run, node->as.binary.op, a, b);
}

struct py_value py_eval(struct py_run *run, const struct py_node *node)
{
    struct py_value v;
    py_work(run, PY_WORK_EACH * 4);
    switch ((int)node->kind) {
    case PY_NODE_CONSTANT:
        return eval_constant(run, node);
    case PY_NODE_NAME:
        run->frame->node = node;
        return py_load_ref(run, &node->as.name);
    case PY_NODE_ATTRIBUTE:
        v = py_eval(run, node->as.attribute.value);
        run->frame->node = node;
        return py_get_attr(run, v, node->as.attribute.name);
    case PY_NODE_CALL:
        return eval_call(run, node);
    case PY_NODE_BINARY:
        return eval_binary(run, node);
    case PY_NODE_UNARY:
        v = py_eval(run, node->as.unary.operand);
        run->frame->node = node;
        return py_unary(run, node->as.unary.op, v);
    case PY_NODE_COMPARE:
        return eval_compare(run, node);
    case PY_NODE_BOOL_OP:
        return eval_bool_op(run, node);
    case PY_NODE_CONDITIONAL:
        return eval_conditional(run, node);
    case PY_NODE_SUBSCRIPT:
        return eval_subscript(run, node);
    case PY_NODE_SLICE:
        return eval_slice(run, node);
    case PY_NODE_LIST:
        return eval_items(run, &node->as.items);
    case PY_NODE_TUPLE:
        v = eval_items(run, &node->as.items);
        return py_tuple_own(run, py_list_of(v)->items, py_list_of(v)->len);
    case PY_NODE_DICT:
        return eval_dict(run, node);
    case PY_NODE_SET:
        return eval_set(run, node);
    case PY_NODE_JOINED:
        return eval_joined(run, node);
    case PY_NODE_LAMBDA:
        return py_make_closure(run, NULL, node);
    case PY_NODE_NAMED:
        v = py_eval(run, node->as.named.value);
        py_assign(run, node->as.named.target, v);
        return v;
    case PY_NODE_LIST_COMP:
    case PY_NODE_SET_COMP:
    case PY_NODE_DICT_COMP:
    case PY_NODE_GENERATOR:
        return eval_comprehension(run, node);
    case PY_NODE_AWAIT:
        v = py_eval(run, node->as.value);
        run->frame->node = node;
        return py_await(run, v);
    case PY_NODE_YIELD:
    case PY_NODE_YIELD_FROM:
        run->frame->node = node;
        py_refuse(run, PY_REFUSE_EXPRESSION, "a %s inside another expression is not supported",
                  py_node_kind_name(node->kind));
    default:
        run->frame->node = node;
        py_refuse(run, PY_REFUSE_EXPRESSION, "%s is not supported", py_node_kind_name(node->kind));
    }
}

/*
 * enum: Enum, IntEnum, StrEnum, Flag, IntFlag, auto, unique.
 *
 * A class body is an ordinary namespace. __init_subclass__ of Enum turns its plain values into
 * members, in order, and hides them behind the class: a member is an instance with _name_ and
 * _value_. Calling the class looks members up; iteration and lookup by name are the metaclass's.
 */
#include "config.h"

#include <string.h>

#include "python/interp.h"

/* What an enumeration knows of itself is in its namespace: "_member_map_", every name, aliases too,
 * and "_member_list_", the members without aliases. */
static struct py_value members_dict(struct py_run *run, struct py_type *cls, const char *name)
{
    return py_dict_get_name(py_class_namespace(run, cls), name);
}

/* auto() carries nothing; a payload of one byte makes it recognisable. */
struct auto_value {
    char unused;
};

static const struct py_native_class auto_class, member_class,
    nonmember_class;

static bool is_member(struct py_value v)
{
    return v.kind == PY_OBJECT && py_class_is(v.object->cls, &py_enum_class);
}

static bool is_private(const char *name, size_t len)
{
    bool dunder = len > 4 && strncmp(name, "__", 2) == 0 && strcmp(name + len - 2, "__") == 0;
    bool sunder = len > 2 && name[0] == '_' && name[len - 1] == '_' && name[1] != '_';
    bool mangled = strncmp(name, "_", 1) == 0 && strstr(name, "__") != NULL;
    return dunder || sunder || mangled;
}

static bool is_descriptor(struct py_run *run, struct py_value v)
{
    struct py_type *owner;
    struct py_value raw;
    if (v.kind != PY_OBJECT)
        return false;
    const struct py_native_class *n = v.object->cls->native;
    return n == &py_function_class || n == &py_property_class || n == &py_staticmethod_class ||
           n == &py_classmethod_class || n == &py_builtin_function_class ||
           (v.object->cls->layout == PY_LAYOUT_INSTANCE &&
            py_special(run, v, "__get__", &raw, &owner));
}

static bool derives(struct py_type *cls, const char *name)
{
    for (size_t i = 0; i < cls->mro_len; i++) {
        if (cls->mro[i]->native && strcmp(cls->mro[i]->name, name) == 0 &&
            cls->mro[i]->module && strcmp(cls->mro[i]->module, "enum") == 0)
            return true;
    }
    return false;
}

/* The value auto() stands for: _generate_next_value_, else by the kind of enumeration. */
static struct py_value next_value(struct py_run *run, struct py_type *cls,
                                  const struct py_dict *namespace, const char *name,
                                  struct py_value values)
{
    struct py_list *l = py_list_of(values);
    struct py_value hook = py_dict_get_name(namespace, "_generate_next_value_");
    if (hook.kind == PY_ABSENT)
        hook = py_type_find_text(run, cls, "_generate_next_value_", NULL);
    if (hook.kind != PY_ABSENT) {
        struct py_value args[4] = {py_new_str(run, name), py_int(1), py_int((int64_t)l->len),
                                   py_list_of_items(run, values)};
        if (hook.kind == PY_OBJECT && hook.object->cls->native == &py_staticmethod_class)
            hook = ((struct py_wrapper *)hook.object)->function;
        return py_call(run, hook, args, 4, NULL);
    }
    if (derives(cls, "StrEnum"))
        return py_call_method(run, py_new_str(run, name), "lower", NULL, 0);
    struct py_value highest = py_absent();
    py_work(run, l->len * PY_WORK_EACH);
    for (size_t i = 0; i < l->len; i++) {
        struct py_value v = py_is_int(l->items[i]) ? py_unbox_int(l->items[i]) : highest;
        if (highest.kind == PY_ABSENT || py_int_compare(run, v, highest) > 0)
            highest = v;
    }
    if (derives(cls, "Flag")) {
        size_t bits = highest.kind == PY_ABSENT ? 0 : py_int_bits(highest);
        return py_int_binary(run, PY_OP_LSHIFT, py_int(1), py_int((int64_t)bits));
    }
    return highest.kind == PY_ABSENT ? py_int(1)
                                     : py_int_binary(run, PY_OP_ADD, highest, py_int(1));
}

struct py_type *py_enum_base(struct py_value bases)
{
    for (size_t i = 0; i < py_tuple_of(bases)->len; i++) {
        struct py_value b = py_tuple_of(bases)->items[i];
        if (py_is_class(b) && py_class_is(py_type_of(b), &py_enum_class))
            return py_type_of(b);
    }
    return NULL;
}

struct py_value py_enum_store(struct py_run *run, struct py_type *base, struct py_dict *namespace,
                              const struct py_name *name, struct py_value v)
{
    if (is_private(name->text, name->len))
        return v;
    const struct py_entry *known = py_table_find_name(&namespace->table, name);
    if (known && !is_descriptor(run, known->value))
        py_raise(run, &py_type_error_class, "'%s' already defined as %s", name->text,
                 py_repr_text(run, known->value));
    if (!py_payload(v, &auto_class))
        return v;
    struct py_value values = py_new_list(run), key, value;
    for (size_t i = 0; py_dict_next(namespace, &i, &key, &value);) {
        const struct py_str *other = py_as_text(run, key, "name of a member");
        if (!is_private(other->ptr, other->len) && !is_descriptor(run, value))
            py_list_append(run, values, value);
    }
    return next_value(run, base, namespace, name->text, values);
}

/* The class that holds the data of members of "class X(str, Enum)": the first base that is neither
 * Enum nor object; NULL for plain ones. */
static struct py_type *data_class(struct py_type *cls)
{
    for (size_t i = 1; i < cls->mro_len; i++) {
        struct py_type *t = cls->mro[i];
        if (!py_class_is(t, &py_enum_class) && t->layout != PY_LAYOUT_INSTANCE)
            return t;
    }
    return NULL;
}

static struct py_value make_member(struct py_run *run, struct py_type *cls, const char *name,
                                   struct py_value *value)
{
    struct py_type *owner = NULL, *data = data_class(cls);
    struct py_value args = py_is_tuple(*value) ? *value : py_new_tuple(run, value, 1), member;
    const struct py_tuple *t = py_tuple_of(args);
    struct py_value maker = py_type_find_text(run, cls, "__new__", &owner);
    struct py_value *all = py_alloc(run, (t->len + 2) * sizeof(*all));
    all[0] = py_class_value(cls);
    if (t->len > 0)
        memcpy(all + 1, t->items, t->len * sizeof(*all));
    bool own_new = !owner->native;
    if (own_new) {
        struct py_value f = maker;
        if (f.kind == PY_OBJECT && f.object->cls->native == &py_staticmethod_class)
            f = ((struct py_wrapper *)f.object)->function;
        member = py_call(run, f, all, t->len + 1, NULL);
        if (!py_isinstance_of(run, py_require_known(run, member), cls))
            py_refuse(run, PY_REFUSE_CLASS, "%s.__new__() that gives no %s is not supported",
                      cls->name, cls->name);
        struct py_value given = py_own_attr(member, "_value_");
        if (given.kind != PY_ABSENT)
            *value = given;
    } else if (data) {
        struct py_value f = py_getattr(run, py_class_value(data), "__new__");
        size_t count = data->layout == PY_LAYOUT_TUPLE ? 1 : t->len;
        if (data->layout == PY_LAYOUT_TUPLE)
            all[1] = *value;
        member = py_call(run, f, all, count + 1, NULL);
        if (derives(cls, "StrEnum") && t->len > 0 && !py_is_str(t->items[0]))
            py_raise(run, &py_type_error_class, "%s is not a string",
                     py_repr_text(run, t->items[0]));
        if (data->layout != PY_LAYOUT_TUPLE && py_is_tuple(*value))
            *value = py_call(run, py_class_value(data), t->items, t->len, NULL);
    } else {
        member = py_new_of(run, cls, NULL);
    }
    py_set_own_attr(run, member, "_name_", py_new_str(run, name));
    py_set_own_attr(run, member, "_value_", *value);
    struct py_value init = py_type_find_text(run, cls, "__init__", &owner);
    if (!owner->native)
        py_call_raw(run, init, owner, member, t->items, t->len, NULL);
    *value = py_own_attr(member, "_value_");
    return member;
}

static struct py_value find_value(struct py_run *run, struct py_value in_order, struct py_value v)
{
    const struct py_list *l = py_list_of(in_order);
    for (size_t i = 0; i < l->len; i++) {
        struct py_value known = py_own_attr(l->items[i], "_value_");
        py_work(run, PY_WORK_EACH * 4);
        if (py_is(known, v) || py_equal(run, known, v))
            return l->items[i];
    }
    return py_absent();
}

static void add_member(struct py_run *run, struct py_type *cls, struct py_value by_name,
                       struct py_value in_order, struct py_value values, const char *name,
                       struct py_value value)
{
    if (py_payload(value, &auto_class))
        value = next_value(run, cls, cls->base.dict, name, values);
    py_list_append(run, values, value);
    struct py_value member = make_member(run, cls, name, &value);
    struct py_value same = find_value(run, in_order, value);
    if (same.kind != PY_ABSENT)
        member = same;
    else
        py_list_append(run, in_order, member);
    py_dict_put_name(run, py_dict_of(by_name), name, member);
    py_dict_put_name(run, cls->base.dict, name, member);
}

static struct py_value ignored_names(struct py_run *run, struct py_type *cls)
{
    struct py_value v = py_dict_take_name(run, cls->base.dict, "_ignore_");
    if (py_is_str(v))
        v = py_call_method(run, v, "split", NULL, 0);
    return v.kind == PY_ABSENT ? py_new_list(run) : v;
}

/* Members of "class X(str, Enum)" show themselves as members, not as the str they are. */
static void prefer_enum_methods(struct py_run *run, struct py_type *cls)
{
    static const char *const names[] = {"__repr__", "__str__", "__format__"};
    struct py_type *base = py_builtin(run, PY_T_enum);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        struct py_type *owner = NULL;
        py_type_find_text(run, cls, names[i], &owner);
        if (owner && owner->native && !py_class_is(owner, &py_enum_class))
            py_dict_put_name(run, cls->base.dict, names[i],
                             py_dict_get_name(py_class_namespace(run, base), names[i]));
    }
}

static struct py_value enum_init_subclass(struct py_run *run, struct py_call *call)
{
    struct py_type *cls = py_type_of(call->self);
    prefer_enum_methods(run, cls);
    for (size_t i = 1; i < cls->mro_len; i++) {
        struct py_value list = py_dict_get_name(cls->mro[i]->base.dict, "_member_list_");
        if (!cls->mro[i]->native && py_is_list(list) && py_list_of(list)->len > 0)
            py_raise(run, &py_type_error_class, "<enum '%s'> cannot extend <enum '%s'>", cls->name,
                     cls->mro[i]->name);
    }
    struct py_value by_name = py_new_dict(run), in_order = py_new_list(run);
    struct py_value values = py_new_list(run), key, value, copy = py_new_dict(run);
    struct py_value ignored = ignored_names(run, cls);
    py_table_copy(run, &py_dict_of(copy)->table, &cls->base.dict->table);
    for (size_t i = 0; py_dict_next(py_dict_of(copy), &i, &key, &value);) {
        const struct py_str *name = py_as_text(run, key, "name of a member");
        if (is_private(name->ptr, name->len) || py_contains(run, ignored, key))
            continue;
        if (value.kind == PY_OBJECT && value.object->cls->native == &nonmember_class) {
            py_dict_put(run, cls->base.dict, key, py_own_attr(value, "value"));
            continue;
        }
        if (value.kind == PY_OBJECT && value.object->cls->native == &member_class)
            value = py_own_attr(value, "value");
        else if (is_descriptor(run, value) || py_is_class(value))
            continue;
        py_require_known(run, value);
        add_member(run, cls, by_name, in_order, values, name->ptr, value);
    }
    py_dict_put_name(run, cls->base.dict, "_member_map_", by_name);
    py_dict_put_name(run, cls->base.dict, "_member_list_", in_order);
    return py_none();
}

/* ------------------------------------------------------------------ the class: Color(1), … */

static struct py_type *self_class(struct py_call *call)
{
    return py_type_of(call->self);
}

static struct py_value member_list(struct py_run *run, struct py_type *cls)
{
    struct py_value l = members_dict(run, cls, "_member_list_");
    return py_is_list(l) ? l : py_new_list(run);
}

static struct py_value member_map(struct py_run *run, struct py_type *cls)
{
    struct py_value d = members_dict(run, cls, "_member_map_");
    return py_is_dict(d) ? d : py_new_dict(run);
}

/* A combination of flags that has no name of its own. */
static struct py_value flag_value(struct py_run *run, struct py_type *cls, struct py_value v)
{
    struct py_value all = py_int(0), l = member_list(run, cls);
    for (size_t i = 0; i < py_list_of(l)->len; i++)
        all = py_int_binary(run, PY_OP_BIT_OR, all,
                            py_own_attr(py_list_of(l)->items[i], "_value_"));
    v = py_unbox_int(v);
    if (py_int_sign(v) < 0)
        v = py_int_binary(run, PY_OP_BIT_AND, all, v);
    bool beyond = py_int_compare(run, py_int_binary(run, PY_OP_BIT_OR, all, v), all) != 0;
    if (beyond && !derives(cls, "IntFlag"))
        return py_absent();
    struct py_value member;
    if (cls->layout == PY_LAYOUT_INT)
        member = py_int_new(run, cls, v);
    else
        member = py_new_of(run, cls, NULL);
    struct str name = STR_IN(run->arena);
    for (size_t i = 0; i < py_list_of(l)->len; i++) {
        struct py_value m = py_list_of(l)->items[i], bits = py_own_attr(m, "_value_");
        if (py_int_sign(bits) &&
            py_int_compare(run, py_int_binary(run, PY_OP_BIT_AND, v, bits), bits) == 0)
            str_addf(&name, "%s%s", name.len ? "|" : "",
                     py_str_text(run, py_own_attr(m, "_name_")));
    }
    py_set_own_attr(run, member, "_name_", name.len ? py_str_take(run, &name) : py_none());
    py_set_own_attr(run, member, "_value_", v);
    return member;
}

static struct py_value lookup(struct py_run *run, struct py_type *cls, struct py_value v)
{
    py_require_known(run, v);
    if (is_member(v) && v.object->cls == cls)
        return v;
    struct py_value found = find_value(run, member_list(run, cls), v);
    if (found.kind != PY_ABSENT)
        return found;
    struct py_type *owner = NULL;
    struct py_value hook = py_type_find_text(run, cls, "_missing_", &owner);
    if (hook.kind != PY_ABSENT) {
        found = py_call(run, py_bind_raw(run, hook, owner, py_absent(), cls), &v, 1, NULL);
        if (is_member(found))
            return found;
    }
    if (derives(cls, "Flag") && py_is_int(v)) {
        found = flag_value(run, cls, v);
        if (found.kind != PY_ABSENT)
            return found;
    }
    py_raise(run, &py_value_error_class, "%s is not a valid %s", py_repr_text(run, v),
             cls->qualname);
}

enum { FUNC_VALUE, FUNC_NAMES, FUNC_MODULE, FUNC_QUALNAME, FUNC_TYPE, FUNC_START };

static const struct py_arg enum_call_args[] = {
    [FUNC_VALUE] = PY_REQUIRED("value"),
    [FUNC_NAMES] = PY_DEFAULTED("names"),
    [FUNC_MODULE] = PY_KEYWORD_ONLY("module"),
    [FUNC_QUALNAME] = PY_KEYWORD_ONLY("qualname"),
    [FUNC_TYPE] = PY_KEYWORD_ONLY("type"),
    [FUNC_START] = PY_KEYWORD_DEFAULTED("start"),
    PY_ARGS_END,
};

/* Enum("Color", "RED GREEN"), Enum("Color", ["RED"]), Enum("Color", {"RED": 1}) */
static struct py_value functional(struct py_run *run, struct py_call *call)
{
    struct py_value names = call->args[FUNC_NAMES], ns = py_new_dict(run), key, value;
    int64_t n = call->args[FUNC_START].kind == PY_ABSENT
                    ? 1
                    : py_as_index(run, call->args[FUNC_START], NULL);
    if (py_is_str(names)) {
        struct py_value comma[2] = {py_new_str(run, ","), py_new_str(run, " ")};
        names = py_call_method(run, py_call_method(run, names, "replace", comma, 2), "split", NULL,
                               0);
    }
    py_dict_put_name(run, py_dict_of(ns), "__module__", py_new_str(run, py_where_module(run)));
    if (py_is_dict(names)) {
        for (size_t i = 0; py_dict_next(py_dict_of(names), &i, &key, &value);)
            py_dict_put(run, py_dict_of(ns), key, value);
    } else {
        struct py_tuple *items = py_items(run, names);
        for (size_t i = 0; i < items->len; i++) {
            struct py_value item = items->items[i];
            if (py_is_str(item)) {
                struct py_value number = py_int(n++);
                if (derives(self_class(call), "StrEnum"))
                    number = py_call_method(run, item, "lower", NULL, 0);
                py_dict_put(run, py_dict_of(ns), item, number);
            } else {
                py_dict_put(run, py_dict_of(ns), py_getitem(run, item, py_int(0)),
                            py_getitem(run, item, py_int(1)));
            }
        }
    }
    struct py_value bases[2] = {call->args[FUNC_TYPE], call->self};
    bool typed = !py_is_unset(bases[0]);
    return py_build_class(run, py_as_string(run, call->args[FUNC_VALUE], "value"),
                          py_new_tuple(run, typed ? bases : bases + 1, typed ? 2 : 1),
                          py_dict_of(ns), py_dict_of(py_new_dict(run)));
}

static struct py_value enum_call(struct py_run *run, struct py_call *call)
{
    if (call->args[FUNC_NAMES].kind != PY_ABSENT &&
        py_list_of(member_list(run, self_class(call)))->len == 0)
        return functional(run, call);
    return lookup(run, self_class(call), call->args[FUNC_VALUE]);
}

static struct py_value enum_iter(struct py_run *run, struct py_call *call)
{
    return py_iter(run, member_list(run, self_class(call)));
}

static struct py_value enum_reversed(struct py_run *run, struct py_call *call)
{
    struct py_value l = py_list_of_items(run, member_list(run, self_class(call)));
    py_call_method(run, l, "reverse", NULL, 0);
    return py_iter(run, l);
}

static struct py_value enum_len(struct py_run *run, struct py_call *call)
{
    return py_int((int64_t)py_list_of(member_list(run, self_class(call)))->len);
}

static struct py_value enum_getitem(struct py_run *run, struct py_call *call)
{
    struct py_value m =
        py_dict_get(run, py_dict_of(member_map(run, self_class(call))), call->args[0]);
    if (m.kind == PY_ABSENT)
        py_raise_value(run, py_new_exception(run, py_builtin(run, PY_T_key_error), call->args, 1));
    return m;
}

static struct py_value enum_contains(struct py_run *run, struct py_call *call)
{
    struct py_value v = call->args[0];
    if (is_member(v))
        return py_bool(py_isinstance_of(run, v, self_class(call)));
    return py_bool(find_value(run, member_list(run, self_class(call)), v).kind != PY_ABSENT);
}

static struct py_value enum_members(struct py_run *run, struct py_call *call)
{
    return py_call_method(run, member_map(run, self_class(call)), "copy", NULL, 0);
}

static struct py_value enum_type_repr(struct py_run *run, struct py_call *call)
{
    return py_new_strf(run, derives(self_class(call), "Flag") ? "<flag '%s'>" : "<enum '%s'>",
                       self_class(call)->name);
}

static struct py_value enum_bool(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_bool(true);
}

static struct py_value enum_type_setattr(struct py_run *run, struct py_call *call)
{
    struct py_name name = py_name_of(py_as_string(run, call->args[0], "name"));
    struct py_value map = member_map(run, self_class(call));
    if (py_dict_get_name(py_dict_of(map), name.text).kind != PY_ABSENT)
        py_raise(run, &py_attribute_error_class, "cannot reassign member '%s'", name.text);
    py_set_attr_plain(run, call->self, &name, call->args[1]);
    return py_none();
}

static const struct py_member enum_type_members[] = {
    PY_FUNCTION("__call__", enum_call, enum_call_args),
    PY_FUNCTION_N("__iter__", enum_iter, 0, 0),
    PY_FUNCTION_N("__reversed__", enum_reversed, 0, 0),
    PY_FUNCTION_N("__len__", enum_len, 0, 0),
    PY_FUNCTION_N("__getitem__", enum_getitem, 1, 1),
    PY_FUNCTION_N("__contains__", enum_contains, 1, 1),
    PY_FUNCTION_N("__bool__", enum_bool, 0, 0),
    PY_FUNCTION_N("__repr__", enum_type_repr, 0, 0),
    PY_FUNCTION_N("__setattr__", enum_type_setattr, 2, 2),
    PY_PROPERTY("__members__", enum_members),
    PY_MEMBERS_END,
};

const struct py_native_class py_enum_type_class = {
    .name = "EnumType",
    .module = "enum",
    .bases = PY_BASES(&py_type_class),
    .members = enum_type_members,
    .flags = PY_CLASS_COMPLETE,
    .layout = PY_LAYOUT_CLASS,
};

/* ------------------------------------------------------------------ members */

static struct py_value member_attr(struct py_run *run, struct py_call *call)
{
    (void)run;
    return py_own_attr(call->self,
                       strcmp(call->function->name, "name") == 0 ? "_name_" : "_value_");
}

static const char *member_name(struct py_run *run, struct py_value v)
{
    struct py_value name = py_own_attr(v, "_name_");
    return py_is_str(name) ? py_str_of(name)->ptr : py_str_text(run, py_own_attr(v, "_value_"));
}

static struct py_value member_repr(struct py_run *run, struct py_call *call)
{
    struct py_type *cls = py_class(run, call->self);
    struct py_value value = py_own_attr(call->self, "_value_");
    if (py_is_none(py_own_attr(call->self, "_name_")))
        return py_new_strf(run, "<%s: %s>", cls->name, py_repr_text(run, value));
    return py_new_strf(run, "<%s.%s: %s>", cls->name, member_name(run, call->self),
                       py_repr_text(run, value));
}

static struct py_value member_str(struct py_run *run, struct py_call *call)
{
    if (py_is_none(py_own_attr(call->self, "_name_")))
        return py_new_strf(run, "%s(%s)", py_class_name(run, call->self),
                           py_str_text(run, py_own_attr(call->self, "_value_")));
    return py_new_strf(run, "%s.%s", py_class_name(run, call->self),
                       member_name(run, call->self));
}

static struct py_value value_str(struct py_run *run, struct py_call *call)
{
    return py_to_str(run, py_own_attr(call->self, "_value_"));
}

static struct py_value member_format(struct py_run *run, struct py_call *call)
{
    return py_to_format(run, py_to_str(run, call->self),
                        py_as_string(run, call->args[0], "format spec"));
}

static struct py_value value_format(struct py_run *run, struct py_call *call)
{
    return py_to_format(run, py_own_attr(call->self, "_value_"),
                        py_as_string(run, call->args[0], "format spec"));
}

static struct py_value member_hash(struct py_run *run, struct py_call *call)
{
    return py_int((int64_t)py_hash(run, py_own_attr(call->self, "_name_")));
}

static struct py_value member_setattr(struct py_run *run, struct py_call *call)
{
    const char *name = py_as_string(run, call->args[0], "name");
    if (strcmp(name, "name") == 0 || strcmp(name, "value") == 0)
        py_raise(run, &py_attribute_error_class, "<enum '%s'> cannot set attribute '%s'",
                 py_class_name(run, call->self), name);
    py_set_own_attr(run, call->self, name, call->args[1]);
    return py_none();
}

static const struct py_member enum_members_rows[] = {
    PY_CLASSMETHOD_ANY("__init_subclass__", enum_init_subclass),
    PY_PROPERTY("name", member_attr),
    PY_PROPERTY("value", member_attr),
    PY_FUNCTION_N("__repr__", member_repr, 0, 0),
    PY_FUNCTION_N("__str__", member_str, 0, 0),
    PY_FUNCTION_N("__format__", member_format, 1, 1),
    PY_FUNCTION_N("__hash__", member_hash, 0, 0),
    PY_FUNCTION_N("__setattr__", member_setattr, 2, 2),
    PY_MEMBERS_END,
};

const struct py_native_class py_enum_class = {
    .name = "Enum",
    .module = "enum",
    .members = enum_members_rows,
    .flags = PY_CLASS_COMPLETE,
    .metaclass = &py_enum_type_class,
};

/* IntEnum and StrEnum: their members print as the value. */
static const struct py_member repr_enum_members[] = {
    PY_FUNCTION_N("__str__", value_str, 0, 0),
    PY_FUNCTION_N("__format__", value_format, 1, 1),
    PY_FUNCTION_N("__repr__", member_repr, 0, 0),
    PY_MEMBERS_END,
};

static const struct py_native_class int_enum_class = {
    .name = "IntEnum",
    .module = "enum",
    .bases = PY_BASES(&py_int_class, &py_enum_class),
    .members = repr_enum_members,
    .flags = PY_CLASS_COMPLETE,
    .metaclass = &py_enum_type_class,
};

static const struct py_native_class str_enum_class = {
    .name = "StrEnum",
    .module = "enum",
    .bases = PY_BASES(&py_str_class, &py_enum_class),
    .members = repr_enum_members,
    .flags = PY_CLASS_COMPLETE,
    .metaclass = &py_enum_type_class,
};

/* ------------------------------------------------------------------ flags */

static struct py_value flag_op(struct py_run *run, struct py_call *call)
{
    const char *name = call->function->name + 2;
    struct py_type *cls = py_class(run, call->self);
    struct py_value other = call->args[0];
    if (py_isinstance_of(run, other, cls))
        other = py_own_attr(other, "_value_");
    else if (!derives(cls, "IntFlag") || !py_is_int(other))
        return py_not_implemented();
    if (*name == 'r')
        name++;
    enum py_binary_op op = *name == 'o'   ? PY_OP_BIT_OR
                           : *name == 'a' ? PY_OP_BIT_AND
                                          : PY_OP_BIT_XOR;
    return lookup(run, cls,
                  py_int_binary(run, op, py_own_attr(call->self, "_value_"), other));
}

static struct py_value flag_invert(struct py_run *run, struct py_call *call)
{
    struct py_value v = py_unary(run, PY_OP_INVERT, py_own_attr(call->self, "_value_"));
    return lookup(run, py_class(run, call->self), v);
}

static struct py_value flag_bool(struct py_run *run, struct py_call *call)
{
    return py_bool(py_truth(run, py_own_attr(call->self, "_value_")));
}

static struct py_value flag_contains(struct py_run *run, struct py_call *call)
{
    struct py_value other = py_own_attr(call->args[0], "_value_");
    if (other.kind == PY_ABSENT)
        py_raise(run, &py_type_error_class, "unsupported operand type(s) for 'in': '%s' and '%s'",
                 py_class_name(run, call->args[0]), py_class_name(run, call->self));
    struct py_value both =
        py_int_binary(run, PY_OP_BIT_AND, py_own_attr(call->self, "_value_"), other);
    return py_bool(py_equal(run, both, other));
}

#define FLAG_ROWS                                                                                  \
    PY_FUNCTION_N("__or__", flag_op, 1, 1), PY_FUNCTION_N("__and__", flag_op, 1, 1),               \
        PY_FUNCTION_N("__xor__", flag_op, 1, 1), PY_FUNCTION_N("__ror__", flag_op, 1, 1),          \
        PY_FUNCTION_N("__rand__", flag_op, 1, 1), PY_FUNCTION_N("__rxor__", flag_op, 1, 1),        \
        PY_FUNCTION_N("__invert__", flag_invert, 0, 0),                                            \
        PY_FUNCTION_N("__bool__", flag_bool, 0, 0),                                                \
        PY_FUNCTION_N("__contains__", flag_contains, 1, 1)

static const struct py_member flag_members[] = {FLAG_ROWS, PY_MEMBERS_END};
static const struct py_member int_flag_members[] = {
    FLAG_ROWS,
    PY_FUNCTION_N("__str__", value_str, 0, 0),
    PY_FUNCTION_N("__format__", value_format, 1, 1),
    PY_FUNCTION_N("__repr__", member_repr, 0, 0),
    PY_MEMBERS_END,
};

static const struct py_native_class flag_class = {
    .name = "Flag",
    .module = "enum",
    .bases = PY_BASES(&py_enum_class),
    .members = flag_members,
    .flags = PY_CLASS_COMPLETE,
    .metaclass = &py_enum_type_class,
};

static const struct py_native_class int_flag_class = {
    .name = "IntFlag",
    .module = "enum",
    .bases = PY_BASES(&py_int_class, &flag_class),
    .members = int_flag_members,
    .flags = PY_CLASS_COMPLETE,
    .metaclass = &py_enum_type_class,
};

/* ------------------------------------------------------------------ helpers of the module */

static const struct py_member auto_members[] = {PY_MEMBERS_END};

static const struct py_native_class auto_class = {
    .name = "auto",
    .module = "enum",
    .members = auto_members,
    .payload_size = sizeof(struct auto_value),
    .flags = PY_CLASS_COMPLETE | PY_CLASS_FINAL,
};

static struct py_value holder_init(struct py_run *run, struct py_call *call)
{
    py_set_own_attr(run, call->self, "value", call->args[0]);
    return py_none();
}

static const struct py_member holder_members[] = {
    PY_FUNCTION_N("__init__", holder_init, 1, 1),
    PY_MEMBERS_END,
};

static const struct py_native_class member_class = {
    .name = "member",
    .module = "enum",
    .members = holder_members,
    .flags = PY_CLASS_COMPLETE | PY_CLASS_FINAL,
};

static const struct py_native_class nonmember_class = {
    .name = "nonmember",
    .module = "enum",
    .members = holder_members,
    .flags = PY_CLASS_COMPLETE | PY_CLASS_FINAL,
};

static struct py_value enum_unique(struct py_run *run, struct py_call *call)
{
    struct py_value v = call->args[0], key, value;
    if (!py_is_class(py_require_known(run, v)))
        py_raise(run, &py_attribute_error_class, "'%s' object has no attribute '__members__'",
                 py_class_name(run, v));
    struct py_dict *map = py_dict_of(member_map(run, py_type_of(v)));
    struct str twice = STR_IN(run->arena);
    for (size_t i = 0; py_dict_next(map, &i, &key, &value);) {
        struct py_value name = py_own_attr(value, "_name_");
        if (!py_equal(run, key, name))
            str_addf(&twice, "%s%s -> %s", twice.len ? ", " : "", py_str_text(run, key),
                     py_str_text(run, name));
    }
    if (twice.len > 0)
        py_raise(run, &py_value_error_class, "duplicate values found in <enum '%s'>: %s",
                 py_type_of(v)->name, twice.ptr);
    return v;
}

static const struct py_member enum_module_members[] = {
    PY_CLASS("Enum", &py_enum_class),
    PY_CLASS("EnumType", &py_enum_type_class),
    PY_CLASS("EnumMeta", &py_enum_type_class),
    PY_CLASS("IntEnum", &int_enum_class),
    PY_CLASS("StrEnum", &str_enum_class),
    PY_CLASS("Flag", &flag_class),
    PY_CLASS("IntFlag", &int_flag_class),
    PY_CLASS("auto", &auto_class),
    PY_CLASS("member", &member_class),
    PY_CLASS("nonmember", &nonmember_class),
    PY_CLASS("property", &py_property_class),
    PY_FUNCTION_N("unique", enum_unique, 1, 1),
    PY_MEMBERS_END,
};

const struct py_native_module py_enum_module = {"enum", enum_module_members, 0, NULL};

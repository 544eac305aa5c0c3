/*
 * typing, typing_extensions, collections.abc, types: shapes that annotations are made of. They mean
 * nothing to the evaluator; native code reads them (struct py_generic, struct py_union).
 */
#include "config.h"

#include <string.h>

#include "python/interp.h"

/* ------------------------------------------------------------------ X | Y, Optional[X] */

static void add_union_args(struct py_run *run, struct py_value list, struct py_value v)
{
    if (v.kind == PY_OBJECT && v.object->cls->native == &py_union_class) {
        const struct py_tuple *t = py_tuple_of(((struct py_union *)v.object)->args);
        for (size_t i = 0; i < t->len; i++)
            add_union_args(run, list, t->items[i]);
        return;
    }
    py_work(run, py_list_of(list)->len * 4 * sizeof(v));
    for (size_t i = 0; i < py_list_of(list)->len; i++) {
        if (py_is(py_list_of(list)->items[i], v))
            return;
    }
    py_list_append(run, list, v);
}

static struct py_value union_of(struct py_run *run, const struct py_value *items, size_t count)
{
    struct py_value list = py_new_list(run);
    for (size_t i = 0; i < count; i++)
        add_union_args(run, list, items[i]);
    if (py_list_of(list)->len == 1)
        return py_list_of(list)->items[0];
    struct py_union *u = py_new_object(run, PY_T_union, sizeof(*u));
    u->args = py_new_tuple(run, py_list_of(list)->items, py_list_of(list)->len);
    return py_object(&u->base);
}

struct py_value py_new_union(struct py_run *run, struct py_value a, struct py_value b)
{
    return union_of(run, (const struct py_value[]){a, b}, 2);
}

bool py_is_union(struct py_value v, struct py_value *args)
{
    if (v.kind != PY_OBJECT || v.object->cls->native != &py_union_class)
        return false;
    *args = ((struct py_union *)v.object)->args;
    return true;
}

bool py_is_subscripted(struct py_value v, struct py_value *origin, struct py_value *args)
{
    if (v.kind != PY_OBJECT || v.object->cls->native != &py_generic_alias_class)
        return false;
    *origin = ((struct py_generic *)v.object)->origin;
    *args = ((struct py_generic *)v.object)->args;
    return true;
}

struct py_value py_new_generic(struct py_run *run, struct py_value origin, struct py_value args)
{
    struct py_generic *g = py_new_object(run, PY_T_generic_alias, sizeof(*g));
    g->origin = origin;
    g->args = args;
    return py_object(&g->base);
}

static void add_name(struct py_run *run, struct str *out, struct py_value v)
{
    if (py_is_class(v))
        str_add(out, py_type_title(py_type_of(v)));
    else if (v.kind == PY_ELLIPSIS)
        str_add(out, "...");
    else
        py_add_repr(run, out, v);
}

static struct py_value union_repr(struct py_run *run, struct py_call *call)
{
    const struct py_tuple *t = py_tuple_of(((struct py_union *)call->self.object)->args);
    struct str out = STR_IN(run->arena);
    for (size_t i = 0; i < t->len; i++) {
        if (i > 0)
            str_add(&out, " | ");
        add_name(run, &out, t->items[i]);
    }
    return py_str_take(run, &out);
}

static struct py_value union_args(struct py_run *run, struct py_call *call)
{
    (void)run;
    return ((struct py_union *)call->self.object)->args;
}

static struct py_value shape_or(struct py_run *run, struct py_call *call)
{
    bool reflected = strcmp(call->function->name, "__ror__") == 0;
    return reflected ? py_new_union(run, call->args[0], call->self)
                     : py_new_union(run, call->self, call->args[0]);
}

static struct py_value union_eq(struct py_run *run, struct py_call *call)
{
    struct py_value v = call->args[0];
    if (v.kind != PY_OBJECT || v.object->cls->native != &py_union_class)
        return py_not_implemented();
    return py_bool(py_equal(run, ((struct py_union *)call->self.object)->args,
                            ((struct py_union *)v.object)->args));
}

static struct py_value union_hash(struct py_run *run, struct py_call *call)
{
    return py_int((int64_t)py_hash(run, ((struct py_union *)call->self.object)->args));
}

static const struct py_member union_members[] = {
    PY_FUNCTION_N("__repr__", union_repr, 0, 0),
    PY_PROPERTY("__args__", union_args),
    PY_FUNCTION_N("__or__", shape_or, 1, 1),
    PY_FUNCTION_N("__ror__", shape_or, 1, 1),
    PY_FUNCTION_N("__eq__", union_eq, 1, 1),
    PY_FUNCTION_N("__hash__", union_hash, 0, 0),
    PY_MEMBERS_END,
};

const struct py_native_class py_union_class = {
    .name = "UnionType",
    .module = "types",
    .members = union_members,
    .flags = PY_CLASS_COMPLETE | PY_CLASS_FINAL | PY_CLASS_ABSTRACT,
    .layout = PY_LAYOUT_OPAQUE,
};

/* ------------------------------------------------------------------ list[int], Mapped[str] */

static struct py_generic *generic_of(struct py_call *call)
{
    return (struct py_generic *)call->self.object;
}

static struct py_value generic_repr(struct py_run *run, struct py_call *call)
{
    const struct py_tuple *t = py_tuple_of(generic_of(call)->args);
    struct str out = STR_IN(run->arena);
    add_name(run, &out, generic_of(call)->origin);
    str_addc(&out, '[');
    for (size_t i = 0; i < t->len; i++) {
        if (i > 0)
            str_add(&out, ", ");
        add_name(run, &out, t->items[i]);
    }
    str_addc(&out, ']');
    return py_str_take(run, &out);
}

static struct py_value generic_attr(struct py_run *run, struct py_call *call)
{
    const char *name = call->function->name;
    (void)run;
    return strcmp(name, "__origin__") == 0 ? generic_of(call)->origin : generic_of(call)->args;
}

static struct py_value generic_call(struct py_run *run, struct py_call *call)
{
    return py_call(run, generic_of(call)->origin, call->args, call->count, call->kwargs);
}

static struct py_value generic_getattr(struct py_run *run, struct py_call *call)
{
    return py_getattr(run, generic_of(call)->origin, py_as_string(run, call->args[0], "name"));
}

static struct py_value generic_getitem(struct py_run *run, struct py_call *call)
{
    struct py_value key = call->args[0];
    return py_new_generic(run, generic_of(call)->origin,
                          py_is_tuple(key) ? key : py_new_tuple(run, &key, 1));
}

static struct py_value generic_eq(struct py_run *run, struct py_call *call)
{
    struct py_value v = call->args[0];
    if (v.kind != PY_OBJECT || v.object->cls->native != &py_generic_alias_class)
        return py_not_implemented();
    const struct py_generic *o = (const struct py_generic *)v.object;
    return py_bool(py_equal(run, generic_of(call)->origin, o->origin) &&
                   py_equal(run, generic_of(call)->args, o->args));
}

static struct py_value generic_hash(struct py_run *run, struct py_call *call)
{
    return py_int((int64_t)(py_hash(run, generic_of(call)->origin) * 31 +
                            py_hash(run, generic_of(call)->args)));
}

static const struct py_member generic_members[] = {
    PY_FUNCTION_N("__repr__", generic_repr, 0, 0),
    PY_PROPERTY("__origin__", generic_attr),
    PY_PROPERTY("__args__", generic_attr),
    PY_FUNCTION_ANY("__call__", generic_call),
    PY_FUNCTION_N("__getattr__", generic_getattr, 1, 1),
    PY_FUNCTION_N("__getitem__", generic_getitem, 1, 1),
    PY_FUNCTION_N("__or__", shape_or, 1, 1),
    PY_FUNCTION_N("__ror__", shape_or, 1, 1),
    PY_FUNCTION_N("__eq__", generic_eq, 1, 1),
    PY_FUNCTION_N("__hash__", generic_hash, 0, 0),
    PY_MEMBERS_END,
};

const struct py_native_class py_generic_alias_class = {
    .name = "GenericAlias",
    .module = "types",
    .members = generic_members,
    .flags = PY_CLASS_COMPLETE | PY_CLASS_FINAL | PY_CLASS_ABSTRACT,
    .layout = PY_LAYOUT_OPAQUE,
};

/* ------------------------------------------------------------------ typing's names */

/* Any, Optional, Literal, …: a name that can be subscripted. */
struct form {
    const char *name;
};

static const struct py_native_class form_class;

static struct py_value form_repr(struct py_run *run, struct py_call *call)
{
    const struct form *f = py_payload(call->self, &form_class);
    return py_new_strf(run, "typing.%s", f->name);
}

static struct py_value form_getitem(struct py_run *run, struct py_call *call)
{
    const struct form *f = py_payload(call->self, &form_class);
    struct py_value key = call->args[0];
    if (strcmp(f->name, "Optional") == 0)
        return py_new_union(run, key, py_none());
    if (strcmp(f->name, "Union") == 0)
        return py_is_tuple(key) ? union_of(run, py_tuple_of(key)->items, py_tuple_of(key)->len)
                                : key;
    return py_new_generic(run, call->self, py_is_tuple(key) ? key : py_new_tuple(run, &key, 1));
}

static struct py_value form_name(struct py_run *run, struct py_call *call)
{
    const struct form *f = py_payload(call->self, &form_class);
    return py_new_str(run, f->name);
}

static const struct py_member form_members[] = {
    PY_FUNCTION_N("__repr__", form_repr, 0, 0),
    PY_FUNCTION_N("__getitem__", form_getitem, 1, 1),
    PY_FUNCTION_N("__or__", shape_or, 1, 1),
    PY_FUNCTION_N("__ror__", shape_or, 1, 1),
    PY_PROPERTY("__name__", form_name),
    PY_PROPERTY("_name", form_name),
    PY_MEMBERS_END,
};

static const struct py_native_class form_class = {
    .name = "_SpecialForm",
    .module = "typing",
    .members = form_members,
    .payload_size = sizeof(struct form),
    .flags = PY_CLASS_COMPLETE | PY_CLASS_FINAL | PY_CLASS_ABSTRACT,
};

const char *py_typing_form(struct py_value v)
{
    const struct form *f = py_payload(v, &form_class);
    return f ? f->name : NULL;
}

static struct py_value make_form(struct py_run *run, struct py_call *call)
{
    void *payload;
    struct py_value v = py_new(run, &form_class, &payload);
    ((struct form *)payload)->name = call->function->name;
    return v;
}

/* Classes that are made from annotations are written in Python. */
static struct py_value find_class(struct py_run *run, struct py_call *call)
{
    return py_getattr(run, py_import(run, "_typed_classes"), call->function->name);
}

/* TypeVar("T"), NewType, and what PEP 695 writes as [T]. */
static const struct py_native_class type_var_class;

static struct py_value type_var_init(struct py_run *run, struct py_call *call)
{
    if (call->count == 0)
        py_raise(run, &py_type_error_class,
                 "TypeVar.__init__() missing 1 required positional argument: 'name'");
    py_set_own_attr(run, call->self, "__name__", call->args[0]);
    return py_none();
}

static struct py_value type_var_repr(struct py_run *run, struct py_call *call)
{
    return py_new_strf(run, "~%s", py_str_text(run, py_own_attr(call->self, "__name__")));
}

static const struct py_member type_var_members[] = {
    PY_FUNCTION_ANY("__init__", type_var_init),
    PY_FUNCTION_N("__repr__", type_var_repr, 0, 0),
    PY_FUNCTION_N("__or__", shape_or, 1, 1),
    PY_FUNCTION_N("__ror__", shape_or, 1, 1),
    PY_MEMBERS_END,
};

static const struct py_native_class type_var_class = {
    .name = "TypeVar",
    .module = "typing",
    .members = type_var_members,
    .flags = PY_CLASS_COMPLETE,
};

struct py_frame *py_enter_type_params(struct py_run *run, const struct py_type_params *params,
                                      struct py_frame *frame)
{
    struct py_frame *outer = run->frame;
    if (!params)
        return outer;
    frame->cells = py_take_cells(run, params->scope);
    py_frame_init(run, frame, params->scope);
    frame->name = outer->name;
    frame->qualname = NULL;
    frame->namespace = outer->namespace;
    frame->node = outer->node;
    frame->slots = py_alloc(run, (params->scope->slot_count + 1) * sizeof(struct py_value));
    for (uint32_t i = 0; i < params->scope->slot_count; i++) {
        if (params->scope->slots[i].is_cell)
            frame->slots[i] = py_new_cell(run, py_absent());
    }
    run->frame = frame;
    for (uint32_t i = 0; i < params->count; i++) {
        struct py_value v = py_new(run, &type_var_class, NULL);
        py_set_own_attr(run, v, "__name__", py_name_value(run, params->at[i].ref.name));
        py_store_ref(run, &params->at[i].ref, v);
    }
    return outer;
}

/* Generic, Protocol: bases without meaning. */
static const struct py_native_class generic_base_class = {
    .name = "Generic",
    .module = "typing",
    .flags = PY_CLASS_COMPLETE | PY_CLASS_INERT,
};

/* Not complete: its methods are not here. */
const struct py_native_class py_abstract_form_class = {
    .name = "_AbstractForm",
    .module = "typing",
    .flags = PY_CLASS_INERT,
};

static const struct py_native_class protocol_class = {
    .name = "Protocol",
    .module = "typing",
    .bases = PY_BASES(&generic_base_class),
    .flags = PY_CLASS_COMPLETE | PY_CLASS_INERT,
};

static struct py_value give_second(struct py_run *run, struct py_call *call)
{
    (void)run;
    return call->args[call->count - 1];
}

static struct py_value give_first(struct py_run *run, struct py_call *call)
{
    (void)run;
    return call->count ? call->args[0] : py_none();
}

static struct py_value get_origin(struct py_run *run, struct py_call *call)
{
    struct py_value v = py_require_known(run, call->args[0]);
    if (v.kind == PY_OBJECT && v.object->cls->native == &py_generic_alias_class)
        return ((struct py_generic *)v.object)->origin;
    if (v.kind == PY_OBJECT && v.object->cls->native == &py_union_class)
        return py_class_value(v.object->cls);
    return py_none();
}

static struct py_value get_args(struct py_run *run, struct py_call *call)
{
    struct py_value v = py_require_known(run, call->args[0]);
    if (v.kind == PY_OBJECT && v.object->cls->native == &py_generic_alias_class)
        return ((struct py_generic *)v.object)->args;
    if (v.kind == PY_OBJECT && v.object->cls->native == &py_union_class)
        return ((struct py_union *)v.object)->args;
    return py_new_tuple(run, NULL, 0);
}

static struct py_value get_type_hints(struct py_run *run, struct py_call *call)
{
    struct py_value all, out = py_new_dict(run), key, value;
    if (!py_find_attr(run, call->args[0], "__annotations__", &all) || !py_is_dict(all))
        return out;
    struct py_value module = py_getattr(run, call->args[0], "__module__");
    for (size_t i = 0; py_dict_next(py_dict_of(all), &i, &key, &value);) {
        if (py_is_str(value))
            value = py_eval_text(run, py_str_of(value)->ptr, py_str_text(run, module), NULL);
        py_dict_put(run, py_dict_of(out), key, value);
    }
    return out;
}

static struct py_value overload(struct py_run *run, struct py_call *call)
{
    (void)run;
    return call->args[0];
}

static struct py_value refuse_never(struct py_run *run, struct py_call *call)
{
    py_raise(run, &py_assertion_error_class, "Expected code to be unreachable, but got: %s",
             py_repr_text(run, call->args[0]));
}

static struct py_value type_checking(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_bool(false);
}

#define FORM(n) PY_VALUE(n, make_form)

/* The generic names are the built-in classes themselves, so that List[int] and list[int] agree. */
static const struct py_member typing_members[] = {
    FORM("Any"), FORM("Optional"), FORM("Union"), FORM("Literal"), FORM("Annotated"),
    FORM("ClassVar"), FORM("Final"), FORM("Callable"), FORM("Type"), FORM("NoReturn"),
    FORM("Never"), FORM("Self"), FORM("Required"), FORM("NotRequired"), FORM("TypeAlias"),
    FORM("Concatenate"), FORM("TypeGuard"), FORM("Unpack"), FORM("LiteralString"),
    FORM("Iterable"), FORM("Iterator"), FORM("Sequence"), FORM("MutableSequence"),
    FORM("Mapping"), FORM("MutableMapping"), FORM("Collection"), FORM("Container"),
    FORM("Generator"), FORM("AsyncGenerator"), FORM("AsyncIterator"), FORM("AsyncIterable"),
    FORM("Awaitable"), FORM("Coroutine"), FORM("Hashable"), FORM("Sized"), FORM("Reversible"),
    FORM("SupportsInt"), FORM("SupportsFloat"), FORM("Text"), FORM("IO"), FORM("TextIO"),
    FORM("BinaryIO"), FORM("Pattern"), FORM("Match"), FORM("AnyStr"), FORM("ByteString"),
    FORM("KeysView"), FORM("ValuesView"), FORM("ItemsView"), FORM("ContextManager"),
    FORM("AbstractSet"), FORM("MutableSet"),
    PY_CLASS("List", &py_list_class),
    PY_CLASS("Dict", &py_dict_class),
    PY_CLASS("Tuple", &py_tuple_class),
    PY_CLASS("Set", &py_set_class),
    PY_CLASS("FrozenSet", &py_frozenset_class),
    PY_CLASS("Generic", &generic_base_class),
    PY_CLASS("Protocol", &protocol_class),
    PY_CLASS("TypeVar", &type_var_class),
    PY_CLASS("ParamSpec", &type_var_class),
    PY_CLASS("TypeVarTuple", &type_var_class),
    PY_FUNCTION_N("cast", give_second, 2, 2),
    PY_FUNCTION_N("NewType", give_second, 2, 2),
    PY_FUNCTION_N("overload", overload, 1, 1),
    PY_FUNCTION_N("override", overload, 1, 1),
    PY_FUNCTION_N("final", overload, 1, 1),
    PY_FUNCTION_N("no_type_check", overload, 1, 1),
    PY_FUNCTION_N("runtime_checkable", overload, 1, 1),
    PY_FUNCTION_N("assert_never", refuse_never, 1, 1),
    PY_FUNCTION_N("reveal_type", give_first, 1, 1),
    PY_FUNCTION_N("get_origin", get_origin, 1, 1),
    PY_FUNCTION_N("get_args", get_args, 1, 1),
    {.name = "get_type_hints", .kind = PY_MEMBER_FUNCTION, .fn = get_type_hints, .min = 1,
     .max = 3, .keywords = true},
    PY_VALUE("NamedTuple", find_class),
    PY_VALUE("TypedDict", find_class),
    PY_VALUE("TYPE_CHECKING", type_checking),
    PY_MEMBERS_END,
};

const struct py_native_module py_typing_module = {"typing", typing_members, 0, NULL};
const struct py_native_module py_typing_extensions_module = {"typing_extensions", typing_members,
                                                             0, NULL};
const struct py_native_module py_collections_abc_module = {"collections.abc", typing_members, 0,
                                                           NULL};

static const struct py_member types_members[] = {
    PY_CLASS("FunctionType", &py_function_class),
    PY_CLASS("LambdaType", &py_function_class),
    PY_CLASS("MethodType", &py_method_class),
    PY_CLASS("BuiltinFunctionType", &py_builtin_function_class),
    PY_CLASS("GeneratorType", &py_generator_class),
    PY_CLASS("ModuleType", &py_module_class),
    PY_CLASS("NoneType", &py_none_class),
    PY_CLASS("UnionType", &py_union_class),
    PY_CLASS("GenericAlias", &py_generic_alias_class),
    PY_MEMBERS_END,
};

const struct py_native_module py_types_module = {"types", types_members, 0, NULL};

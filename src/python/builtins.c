/* The built-in functions. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "python/interp.h"

/* ------------------------------------------------------------------ refused */

static struct py_value refused(struct py_run *run, struct py_call *call)
{
    py_refuse(run, PY_REFUSE_OUTSIDE,
              "%s() is not supported: nothing that is read may reach outside or make code",
              call->function->name);
}

static struct py_value builtin_import(struct py_run *run, struct py_call *call)
{
    const char *name = py_as_string(run, call->args[0], "__import__() argument 1");
    struct py_value m = py_import(run, name);
    const char *dot = strchr(name, '.');
    return dot ? py_import(run, arena_strndup(run->arena, name, (size_t)(dot - name))) : m;
}

/* ------------------------------------------------------------------ output */

enum { PRINT_VALUES, PRINT_SEP, PRINT_END, PRINT_FILE, PRINT_FLUSH };

static const struct py_arg print_args[] = {
    [PRINT_VALUES] = PY_REST("values"),
    [PRINT_SEP] = PY_KEYWORD_ONLY("sep"),
    [PRINT_END] = PY_KEYWORD_ONLY("end"),
    [PRINT_FILE] = PY_KEYWORD_ONLY("file"),
    [PRINT_FLUSH] = PY_KEYWORD_ONLY("flush"),
    PY_ARGS_END,
};

static struct py_value builtin_print(struct py_run *run, struct py_call *call)
{
    const struct py_tuple *values = py_tuple_of(call->args[PRINT_VALUES]);
    const char *sep = py_as_string_or_null(run, call->args[PRINT_SEP], "sep");
    const char *end = py_as_string_or_null(run, call->args[PRINT_END], "end");
    struct str out = STR_IN(run->arena);
    for (size_t i = 0; i < values->len; i++) {
        if (i > 0)
            str_add(&out, sep ? sep : " ");
        struct py_value v = values->items[i];
        /* What is printed changes nothing: an unknown is shown as what it is. */
        if (py_is_unknown(v))
            str_addf(&out, "<%s>", ((struct py_unknown *)v.object)->what);
        else
            py_add_str(run, &out, v);
    }
    str_add(&out, end ? end : "\n");
    if (!py_is_unset(call->args[PRINT_FILE])) {
        struct py_value text = py_str_take(run, &out);
        py_call_method(run, call->args[PRINT_FILE], "write", &text, 1);
    } else if (run->config.print) {
        run->config.print(out.ptr, out.len, run->config.payload);
    }
    return py_none();
}

/* ------------------------------------------------------------------ numbers */

static struct py_value builtin_abs(struct py_run *run, struct py_call *call)
{
    struct py_value v = py_require_known(run, call->args[0]), r;
    if (!py_call_special(run, v, "__abs__", NULL, 0, &r))
        py_raise(run, &py_type_error_class, "bad operand type for abs(): '%s'",
                 py_class_name(run, v));
    return r;
}

static const struct py_arg round_args[] = {PY_REQUIRED("number"), PY_OPTIONAL("ndigits"),
                                           PY_ARGS_END};

static struct py_value builtin_round(struct py_run *run, struct py_call *call)
{
    struct py_value v = py_require_known(run, call->args[0]), r;
    size_t count = call->args[1].kind == PY_NONE ? 0 : 1;
    if (!py_call_special(run, v, "__round__", &call->args[1], count, &r))
        py_raise(run, &py_type_error_class, "type %s doesn't define __round__ method",
                 py_class_name(run, v));
    return r;
}

static struct py_value builtin_divmod(struct py_run *run, struct py_call *call)
{
    struct py_value a = py_require_known(run, call->args[0]), b = call->args[1], r;
    py_require_known(run, b);
    if (py_call_special(run, a, "__divmod__", &b, 1, &r) && r.kind != PY_NOT_IMPLEMENTED)
        return r;
    if (py_call_special(run, b, "__rdivmod__", &a, 1, &r) && r.kind != PY_NOT_IMPLEMENTED)
        return r;
    py_raise(run, &py_type_error_class, "unsupported operand type(s) for divmod(): '%s' and '%s'",
             py_class_name(run, a), py_class_name(run, b));
}

static const struct py_arg pow_args[] = {PY_REQUIRED("base"), PY_REQUIRED("exp"),
                                         PY_OPTIONAL("mod"), PY_ARGS_END};

static struct py_value builtin_pow(struct py_run *run, struct py_call *call)
{
    struct py_value b = call->args[0], e = call->args[1], m = call->args[2];
    if (m.kind == PY_NONE)
        return py_binary(run, PY_OP_POW, b, e);
    if (!py_is_int(b) || !py_is_int(e) || !py_is_int(m))
        py_raise(run, &py_type_error_class,
                 "pow() 3rd argument not allowed unless all arguments are integers");
    if (py_int_sign(m) == 0)
        py_raise(run, &py_value_error_class, "pow() 3rd argument cannot be 0");
    if (py_int_sign(e) < 0)
        py_refuse(run, PY_REFUSE_BUILTIN,
                  "pow() with a negative exponent and a modulus is not supported");
    struct py_value r = py_int_binary(run, PY_OP_MOD, py_int(1), m);
    b = py_int_binary(run, PY_OP_MOD, b, m);
    for (e = py_unbox_int(e); py_int_sign(e) > 0;
         e = py_int_binary(run, PY_OP_RSHIFT, e, py_int(1))) {
        if (py_int_sign(py_int_binary(run, PY_OP_BIT_AND, e, py_int(1))))
            r = py_int_binary(run, PY_OP_MOD, py_int_binary(run, PY_OP_MUL, r, b), m);
        b = py_int_binary(run, PY_OP_MOD, py_int_binary(run, PY_OP_MUL, b, b), m);
        py_step(run);
    }
    return r;
}

static struct py_value builtin_base(struct py_run *run, struct py_call *call)
{
    char kind = call->function->name[0];
    struct py_value v = py_require_known(run, call->args[0]), r;
    if (py_is_int(v))
        v = py_unbox_int(v);
    else if (py_call_special(run, v, "__index__", NULL, 0, &r))
        v = r;
    else
        py_raise(run, &py_type_error_class, "'%s' object cannot be interpreted as an integer",
                 py_class_name(run, v));
    const char *digits = py_int_digits(run, v, kind == 'h' ? 16 : kind == 'o' ? 8 : 2);
    bool negative = *digits == '-';
    return py_new_strf(run, "%s0%c%s", negative ? "-" : "",
                       kind == 'h'   ? 'x'
                       : kind == 'o' ? 'o'
                                     : 'b',
                       digits + negative);
}

static struct py_value builtin_chr(struct py_run *run, struct py_call *call)
{
    char c[UTF8_MAX];
    int64_t cp = py_as_index(run, call->args[0], NULL);
    if (cp < 0 || cp > 0x10ffff)
        py_raise(run, &py_value_error_class, "chr() arg not in range(0x110000)");
    size_t n = utf8_encode(c, (uint32_t)cp);
    if (n == 0)
        py_refuse(run, PY_REFUSE_SURROGATE, "a string with a lone surrogate is not supported");
    return py_new_strn(run, c, n);
}

static struct py_value builtin_ord(struct py_run *run, struct py_call *call)
{
    struct py_value v = py_require_known(run, call->args[0]);
    size_t size;
    if (py_is_bytes(v) && py_bytes_of(v)->len == 1)
        return py_int((unsigned char)py_bytes_of(v)->ptr[0]);
    if (!py_is_str(v))
        py_raise(run, &py_type_error_class, "ord() expected string of length 1, but %s found",
                 py_class_name(run, v));
    if (py_str_of(v)->count != 1)
        py_raise(run, &py_type_error_class,
                 "ord() expected a character, but string of length %zu found",
                 py_str_of(v)->count);
    return py_int(utf8_decode(py_str_of(v)->ptr, py_str_of(v)->len, &size));
}

/* ------------------------------------------------------------------ collections */

static struct py_value builtin_len(struct py_run *run, struct py_call *call)
{
    return py_int(py_len(run, call->args[0]));
}

static const struct py_arg sorted_args[] = {PY_POSITIONAL("iterable"), PY_KEYWORD_ONLY("key"),
                                            PY_KEYWORD_DEFAULTED("reverse"), PY_ARGS_END};

static struct py_value builtin_sorted(struct py_run *run, struct py_call *call)
{
    struct py_value list = py_list_of_items(run, call->args[0]);
    struct py_dict *kwargs = py_dict_of(py_new_dict(run));
    py_dict_put_name(run, kwargs, "key", call->args[1]);
    if (call->args[2].kind != PY_ABSENT)
        py_dict_put_name(run, kwargs, "reverse", call->args[2]);
    py_call(run, py_getattr(run, list, "sort"), NULL, 0, kwargs);
    return list;
}

static struct py_value builtin_extreme(struct py_run *run, struct py_call *call)
{
    bool max = call->function->name[1] == 'a';
    struct py_value key = py_dict_take_name(run, call->kwargs, "key");
    struct py_value otherwise = py_dict_take_name(run, call->kwargs, "default");
    struct py_value best = py_absent(), best_key = py_absent(), item;
    if (call->kwargs && call->kwargs->table.len > 0)
        py_raise(run, &py_type_error_class, "%s() got an unexpected keyword argument",
                 call->function->name);
    if (call->count == 0)
        py_raise(run, &py_type_error_class, "%s expected at least 1 argument, got 0",
                 call->function->name);
    struct py_value source = call->count == 1 ? call->args[0]
                                              : py_new_tuple(run, call->args, call->count);
    struct py_value it = py_iter(run, source);
    while (py_next(run, it, &item)) {
        struct py_value k = py_is_unset(key) ? item : py_call(run, key, &item, 1, NULL);
        if (best.kind != PY_ABSENT &&
            !py_compare_true(run, max ? PY_OP_GT : PY_OP_LT, k, best_key))
            continue;
        best = item;
        best_key = k;
    }
    if (best.kind != PY_ABSENT)
        return best;
    if (otherwise.kind == PY_ABSENT)
        py_raise(run, &py_value_error_class, "%s() arg is an empty sequence",
                 call->function->name);
    return otherwise;
}

static const struct py_arg sum_args[] = {PY_POSITIONAL("iterable"), PY_DEFAULTED("start"),
                                         PY_ARGS_END};

static struct py_value builtin_sum(struct py_run *run, struct py_call *call)
{
    struct py_value total = call->args[1].kind == PY_ABSENT ? py_int(0) : call->args[1], item;
    if (py_is_str(total))
        py_raise(run, &py_type_error_class, "sum() can't sum strings [use ''.join(seq) instead]");
    struct py_value it = py_iter(run, call->args[0]);
    while (py_next(run, it, &item))
        total = py_binary(run, PY_OP_ADD, total, item);
    return total;
}

static struct py_value builtin_any_all(struct py_run *run, struct py_call *call)
{
    bool any = call->function->name[1] == 'n';
    struct py_value it = py_iter(run, call->args[0]), item;
    while (py_next(run, it, &item)) {
        if (py_truth(run, item) == any)
            return py_bool(any);
    }
    return py_bool(!any);
}

static struct py_value builtin_iter(struct py_run *run, struct py_call *call)
{
    if (call->count == 1)
        return py_iter(run, call->args[0]);
    struct py_value it = py_new_iterator(run, PY_T_iterator, py_next_sentinel, call->args[0]);
    struct py_iterator *i = (struct py_iterator *)it.object;
    i->extra = PY_NEW(run, struct py_value);
    i->extra[0] = call->args[1];
    return it;
}

static struct py_value builtin_next(struct py_run *run, struct py_call *call)
{
    struct py_value v = py_require_known(run, call->args[0]), raw, item;
    struct py_type *owner;
    if (!py_special(run, v, "__next__", &raw, &owner))
        py_raise(run, &py_type_error_class, "'%s' object is not an iterator",
                 py_class_name(run, v));
    if (call->count == 1)
        return py_call_raw(run, raw, owner, v, NULL, 0, NULL);
    return py_next(run, v, &item) ? item : call->args[1];
}

/* ------------------------------------------------------------------ objects */

static bool instance_of(struct py_run *run, struct py_value v, struct py_value cls, bool is_class)
{
    py_require_known(run, cls);
    py_work(run, PY_WORK_STEP / 2);
    struct py_value args = py_absent();
    if (py_is_tuple(cls))
        args = cls;
    else if (cls.kind == PY_OBJECT && cls.object->cls->native == &py_union_class)
        args = ((struct py_union *)cls.object)->args;
    if (args.kind != PY_ABSENT) {
        bool found = false;
        py_enter(run);
        for (size_t i = 0; !found && i < py_tuple_of(args)->len; i++) {
            struct py_value one = py_tuple_of(args)->items[i];
            if (one.kind == PY_NONE)
                one = py_class_value(py_builtin(run, PY_T_none));
            found = instance_of(run, v, one, is_class);
        }
        py_leave(run);
        return found;
    }
    if (py_is_class(cls)) {
        struct py_type *owner, *meta = cls.object->cls;
        struct py_value hook =
            py_type_find_text(run, meta, is_class ? "__subclasscheck__" : "__instancecheck__",
                              &owner);
        if (owner->native != &py_type_class)
            return py_truth(run, py_call_raw(run, hook, owner, cls, &v, 1, NULL));
        struct py_type *t = is_class ? py_type_of(v) : py_class(run, v);
        py_work(run, t->mro_len * PY_WORK_EACH / 4);
        return py_issubclass(t, py_type_of(cls));
    }
    py_raise(run, &py_type_error_class,
             is_class ? "issubclass() arg 2 must be a class, a tuple of classes, or a union"
                      : "isinstance() arg 2 must be a type, a tuple of types, or a union");
}

static struct py_value builtin_isinstance(struct py_run *run, struct py_call *call)
{
    py_require_known(run, call->args[0]);
    return py_bool(instance_of(run, call->args[0], call->args[1], false));
}

static struct py_value builtin_issubclass(struct py_run *run, struct py_call *call)
{
    if (!py_is_class(py_require_known(run, call->args[0])))
        py_raise(run, &py_type_error_class, "issubclass() arg 1 must be a class");
    return py_bool(instance_of(run, call->args[0], call->args[1], true));
}

static const char *attr_name(struct py_run *run, struct py_value v)
{
    if (!py_is_str(py_require_known(run, v)))
        py_raise(run, &py_type_error_class, "attribute name must be string, not '%s'",
                 py_class_name(run, v));
    py_work(run, py_str_of(v)->len * PY_WORK_EACH); /* it is hashed */
    return py_str_of(v)->ptr;
}

static struct py_value builtin_getattr(struct py_run *run, struct py_call *call)
{
    const char *name = attr_name(run, call->args[1]);
    struct py_value v;
    if (call->count == 2)
        return py_getattr(run, call->args[0], name);
    if (py_find_attr(run, call->args[0], name, &v))
        return v;
    if (py_is_partial(run, call->args[0]))
        py_no_attribute(run, call->args[0], name);
    return call->args[2];
}

static struct py_value builtin_hasattr(struct py_run *run, struct py_call *call)
{
    struct py_value v;
    const char *name = attr_name(run, call->args[1]);
    py_require_known(run, call->args[0]);
    if (py_find_attr(run, call->args[0], name, &v)) {
        py_require_known(run, v);
        return py_bool(true);
    }
    if (py_is_partial(run, call->args[0]))
        py_no_attribute(run, call->args[0], name);
    return py_bool(false);
}

static struct py_value builtin_setattr(struct py_run *run, struct py_call *call)
{
    py_setattr(run, call->args[0], attr_name(run, call->args[1]), call->args[2]);
    return py_none();
}

static struct py_value builtin_delattr(struct py_run *run, struct py_call *call)
{
    py_delattr(run, call->args[0], attr_name(run, call->args[1]));
    return py_none();
}

static struct py_value builtin_callable(struct py_run *run, struct py_call *call)
{
    return py_bool(py_callable(run, call->args[0]));
}

static struct py_value builtin_id(struct py_run *run, struct py_call *call)
{
    struct py_value v = py_require_known(run, call->args[0]);
    run->touched = 1;
    return py_int(v.kind == PY_OBJECT ? (int64_t)((uintptr_t)v.object >> 4)
                                      : v.kind * 1000 + (v.kind == PY_INT ? v.integer : 0));
}

static struct py_value builtin_hash(struct py_run *run, struct py_call *call)
{
    if (py_is_str(call->args[0]) || py_is_bytes(call->args[0]))
        run->touched = 1;
    return py_int((int64_t)py_hash(run, call->args[0]));
}

static struct py_value builtin_repr(struct py_run *run, struct py_call *call)
{
    return py_to_repr(run, call->args[0]);
}

static struct py_value builtin_ascii(struct py_run *run, struct py_call *call)
{
    struct str s = STR_IN(run->arena);
    py_add_ascii(run, &s, call->args[0]);
    return py_str_take(run, &s);
}

static struct py_value builtin_format(struct py_run *run, struct py_call *call)
{
    const struct py_str *spec =
        call->count > 1 ? py_as_text(run, call->args[1], "format() argument 2") : NULL;
    return py_format_value(run, call->args[0], spec ? spec->ptr : "", spec ? spec->len : 0);
}

static struct py_value builtin_globals(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_object(&run->frame->globals->base);
}

static struct py_value builtin_locals(struct py_run *run, struct py_call *call)
{
    (void)call;
    struct py_frame *f = run->frame;
    if (f->namespace)
        return py_object(&f->namespace->base);
    struct py_value d = py_new_dict(run);
    for (uint32_t i = 0; f->scope && i < f->scope->slot_count; i++) {
        struct py_value v = f->slots[i];
        if (f->scope->slots[i].is_cell)
            v = ((struct py_cell *)v.object)->value;
        if (v.kind != PY_ABSENT)
            py_dict_put_name(run, py_dict_of(d), f->scope->slots[i].name->text, v);
    }
    for (uint32_t i = 0; f->scope && i < f->scope->free_count; i++) {
        if (f->cells[i]->value.kind != PY_ABSENT)
            py_dict_put_name(run, py_dict_of(d), f->scope->frees[i].name->text,
                             f->cells[i]->value);
    }
    return d;
}

static struct py_value builtin_vars(struct py_run *run, struct py_call *call)
{
    if (call->count == 0)
        return builtin_locals(run, call);
    struct py_value v;
    if (!py_find_attr(run, call->args[0], "__dict__", &v))
        py_raise(run, &py_type_error_class, "vars() argument must have __dict__ attribute");
    return v;
}

static struct py_value builtin_dir(struct py_run *run, struct py_call *call)
{
    struct py_value names = py_new_set(run), key;
    if (call->count == 0) {
        struct py_value l = builtin_locals(run, call);
        for (size_t i = 0; py_dict_next(py_dict_of(l), &i, &key, NULL);)
            py_set_add(run, names, key);
    } else {
        struct py_value v = py_require_known(run, call->args[0]);
        if (py_is_partial(run, v))
            py_refuse(run, PY_REFUSE_BUILTIN, "dir() of %s is not supported",
                      py_class_name(run, v));
        for (size_t i = 0; v.kind == PY_OBJECT && py_dict_next(v.object->dict, &i, &key, NULL);)
            py_set_add(run, names, key);
        struct py_type *t = py_is_class(v) ? py_type_of(v) : py_class(run, v);
        for (size_t m = 0; py_module_namespace(v) == NULL && m < t->mro_len; m++) {
            struct py_dict *ns = py_class_namespace(run, t->mro[m]);
            for (size_t i = 0; py_dict_next(ns, &i, &key, NULL);)
                py_set_add(run, names, key);
        }
    }
    struct py_value list = py_list_of_items(run, names);
    py_call_method(run, list, "sort", NULL, 0);
    return list;
}

static struct py_value not_implemented_value(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_not_implemented();
}

static struct py_value ellipsis_value(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_ellipsis();
}

static const struct py_member builtin_rows[] = {
    {.name = "__import__", .kind = PY_MEMBER_FUNCTION, .fn = builtin_import, .min = 1, .max = 5,
     .keywords = true},
    PY_FUNCTION_ANY("open", refused),
    PY_FUNCTION_ANY("eval", refused),
    PY_FUNCTION_ANY("exec", refused),
    PY_FUNCTION_ANY("compile", refused),
    PY_FUNCTION_ANY("input", refused),
    PY_FUNCTION_ANY("breakpoint", refused),
    PY_FUNCTION_ANY("memoryview", refused),
    PY_FUNCTION_ANY("bytearray", refused),
    PY_FUNCTION_ANY("complex", refused),
    PY_FUNCTION("print", builtin_print, print_args),
    PY_FUNCTION_N("abs", builtin_abs, 1, 1),
    PY_FUNCTION("round", builtin_round, round_args),
    PY_FUNCTION_N("divmod", builtin_divmod, 2, 2),
    PY_FUNCTION("pow", builtin_pow, pow_args),
    PY_FUNCTION_N("hex", builtin_base, 1, 1),
    PY_FUNCTION_N("oct", builtin_base, 1, 1),
    PY_FUNCTION_N("bin", builtin_base, 1, 1),
    PY_FUNCTION_N("chr", builtin_chr, 1, 1),
    PY_FUNCTION_N("ord", builtin_ord, 1, 1),
    PY_FUNCTION_N("len", builtin_len, 1, 1),
    PY_FUNCTION("sorted", builtin_sorted, sorted_args),
    PY_FUNCTION_ANY("min", builtin_extreme),
    PY_FUNCTION_ANY("max", builtin_extreme),
    PY_FUNCTION("sum", builtin_sum, sum_args),
    PY_FUNCTION_N("any", builtin_any_all, 1, 1),
    PY_FUNCTION_N("all", builtin_any_all, 1, 1),
    PY_FUNCTION_N("iter", builtin_iter, 1, 2),
    PY_FUNCTION_N("next", builtin_next, 1, 2),
    PY_FUNCTION_N("isinstance", builtin_isinstance, 2, 2),
    PY_FUNCTION_N("issubclass", builtin_issubclass, 2, 2),
    PY_FUNCTION_N("getattr", builtin_getattr, 2, 3),
    PY_FUNCTION_N("hasattr", builtin_hasattr, 2, 2),
    PY_FUNCTION_N("setattr", builtin_setattr, 3, 3),
    PY_FUNCTION_N("delattr", builtin_delattr, 2, 2),
    PY_FUNCTION_N("callable", builtin_callable, 1, 1),
    PY_FUNCTION_N("id", builtin_id, 1, 1),
    PY_FUNCTION_N("hash", builtin_hash, 1, 1),
    PY_FUNCTION_N("repr", builtin_repr, 1, 1),
    PY_FUNCTION_N("ascii", builtin_ascii, 1, 1),
    PY_FUNCTION_N("format", builtin_format, 1, 2),
    PY_FUNCTION_N("globals", builtin_globals, 0, 0),
    PY_FUNCTION_N("locals", builtin_locals, 0, 0),
    PY_FUNCTION_N("vars", builtin_vars, 0, 1),
    PY_FUNCTION_N("dir", builtin_dir, 0, 1),
    PY_VALUE("NotImplemented", not_implemented_value),
    PY_VALUE("Ellipsis", ellipsis_value),
    PY_BOOLEAN("__debug__", 1),
    PY_STRING("__name__", "builtins"),
    PY_CLASS("object", &py_object_class),
    PY_CLASS("type", &py_type_class),
    PY_CLASS("int", &py_int_class),
    PY_CLASS("bool", &py_bool_class),
    PY_CLASS("float", &py_float_class),
    PY_CLASS("str", &py_str_class),
    PY_CLASS("bytes", &py_bytes_class),
    PY_CLASS("list", &py_list_class),
    PY_CLASS("tuple", &py_tuple_class),
    PY_CLASS("dict", &py_dict_class),
    PY_CLASS("set", &py_set_class),
    PY_CLASS("frozenset", &py_frozenset_class),
    PY_CLASS("slice", &py_slice_class),
    PY_CLASS("range", &py_range_class),
    PY_CLASS("property", &py_property_class),
    PY_CLASS("staticmethod", &py_staticmethod_class),
    PY_CLASS("classmethod", &py_classmethod_class),
    PY_CLASS("super", &py_super_class),
    PY_CLASS("enumerate", &py_enumerate_class),
    PY_CLASS("zip", &py_zip_class),
    PY_CLASS("map", &py_map_class),
    PY_CLASS("filter", &py_filter_class),
    PY_CLASS("reversed", &py_reversed_class),
#define PY_BUILTIN_CLASS(id, name)
#define PY_EXCEPTION_CLASS(id, name, base, members) PY_CLASS(name, &py_##id##_class),
#include "python/classes.def"
    PY_CLASS("EnvironmentError", &py_os_error_class),
    PY_CLASS("IOError", &py_os_error_class),
    PY_MEMBERS_END,
};

const struct py_native_module py_builtins_module = {
    .name = "builtins",
    .members = builtin_rows,
    .flags = PY_MODULE_COMPLETE,
};

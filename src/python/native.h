/*
 * The native-extension API: how C code gives Python programs their modules, functions and classes.
 *
 * Everything is a static table. A module is rows of functions, classes and constants; a function is
 * a C function and rows of parameters; a class is rows of methods, properties and operators. The
 * interpreter binds arguments by the rows, with CPython's TypeErrors, before the C function runs:
 *
 *     enum { TABLE, COLUMNS, SCHEMA, KW };
 *     static const struct py_arg create_table_args[] = {
 *         [TABLE] = PY_REQUIRED("table_name"),
 *         [COLUMNS] = PY_REST("columns"),
 *         [SCHEMA] = PY_KEYWORD_ONLY("schema"),
 *         [KW] = PY_KEYWORDS("kw"),
 *         PY_ARGS_END,
 *     };
 *     static struct py_value create_table(struct py_run *run, struct py_call *call)
 *     {
 *         const char *name = py_as_string(run, call->args[TABLE], "table_name");
 *         struct py_tuple *columns = py_tuple_of(call->args[COLUMNS]);
 *         ...
 *         return py_none();
 *     }
 *     static const struct py_member op_members[] = {
 *         PY_FUNCTION("create_table", create_table, create_table_args),
 *         PY_MEMBERS_END,
 *     };
 *     const struct py_native_module alembic_op_module = {"alembic.op", op_members};
 *
 * Errors: py_raise() raises a Python exception, py_refuse() ends the run with "python" (not
 * supported, not known), py_limit() with a limit. None of them returns: they jump to the innermost
 * handler. So native functions own nothing that has to be freed; all memory comes from py_arena()
 * or py_alloc(), and what they write into the embedder's own structures stays consistent at every
 * call into the interpreter. Every function below that takes a run may jump.
 *
 * Values nothing is known about (struct py_unknown) may be passed around by programs and can arrive
 * as any argument. The converters (py_as_*, py_truth, py_iter, ...) refuse them; code that looks at
 * a value by its kind calls py_require_known() first.
 */
#ifndef PYTHON_NATIVE_H
#define PYTHON_NATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "python/run.h"
#include "python/value.h"

struct arena;
struct str;

/* ================================================================== tables */

enum py_arg_flags {
    PY_ARG_OPTIONAL = 1,     /* absent when not passed */
    PY_ARG_NONE = 2,         /* None when not passed */
    PY_ARG_POSITIONAL = 4,   /* cannot be passed by name */
    PY_ARG_KEYWORD = 8,      /* can only be passed by name */
    PY_ARG_REST = 16,        /* *args: always a tuple */
    PY_ARG_KEYWORDS = 32,    /* **kwargs: always a dict, of keywords no other row names */
};

/* One parameter. Order: positional ones, *args, keyword-only ones, **kwargs, as in a def. */
struct py_arg {
    const char *name;
    unsigned flags;
};

#define PY_REQUIRED(n) {(n), 0}
#define PY_OPTIONAL(n) {(n), PY_ARG_NONE}            /* n=None: args[i] is None when not passed */
#define PY_DEFAULTED(n) {(n), PY_ARG_OPTIONAL}       /* n=<something>: args[i] is absent then */
#define PY_POSITIONAL(n) {(n), PY_ARG_POSITIONAL}    /* n, / */
#define PY_POSITIONAL_DEFAULTED(n) {(n), PY_ARG_POSITIONAL | PY_ARG_OPTIONAL}
#define PY_REST(n) {(n), PY_ARG_REST}                /* *n */
#define PY_KEYWORD_REQUIRED(n) {(n), PY_ARG_KEYWORD} /* after *: must be passed */
#define PY_KEYWORD_ONLY(n) {(n), PY_ARG_KEYWORD | PY_ARG_NONE}
#define PY_KEYWORD_DEFAULTED(n) {(n), PY_ARG_KEYWORD | PY_ARG_OPTIONAL}
#define PY_KEYWORDS(n) {(n), PY_ARG_KEYWORDS}        /* **n */
#define PY_ARGS_END {NULL, 0}

struct py_member;

/* A call of a native function, with its arguments bound. Lives until the function returns. */
struct py_call {
    /* Methods: the object; class methods: the class; constructors: the new object; else absent. */
    struct py_value self;
    /*
     * One value for each row of the parameter table, in its order. Without a table (args NULL in
     * the member row): the positional arguments as they came.
     */
    struct py_value *args;
    size_t count; /* of args */
    /* Keyword arguments as they came; NULL when none, or when a parameter table took them. */
    struct py_dict *kwargs;
    const struct py_member *function; /* the row that is called */
};

typedef struct py_value (*py_native_fn)(struct py_run *run, struct py_call *call);

enum py_member_kind {
    PY_MEMBER_FUNCTION,    /* in a module: a function; in a class: a method (self is call->self) */
    PY_MEMBER_STATIC,      /* class: a staticmethod */
    PY_MEMBER_CLASSMETHOD, /* class: a classmethod (the class is call->self) */
    PY_MEMBER_PROPERTY,    /* class: read through fn, written through set when there is one */
    PY_MEMBER_CLASS,       /* a native class */
    PY_MEMBER_STRING,      /* a str constant */
    PY_MEMBER_INTEGER,     /* an int constant */
    PY_MEMBER_BOOLEAN,     /* a bool constant (integer) */
    PY_MEMBER_NONE,        /* None */
    PY_MEMBER_VALUE,       /* whatever fn returns (no arguments); asked for once per run */
    PY_MEMBER_MODULE,      /* module: the native module named text, imported on first use */
    PY_MEMBER_ALIAS,       /* the member called text of the same table */
};

/* One row: a name in a module or class. Operators and protocols are methods with Python's names:
 * "__init__", "__eq__", "__radd__", "__getattr__", "__call__", "__iter__", "__init_subclass__", …
 */
struct py_member {
    const char *name;
    enum py_member_kind kind;
    py_native_fn fn;
    const struct py_arg *args; /* NULL: no binding; fn sees what was passed */
    py_native_fn set;          /* PROPERTY: args[0] is the new value */
    const struct py_native_class *cls;
    const char *text;
    int64_t integer;
    /* Without args: how many positional arguments are accepted, else CPython's TypeError;
     * max -1: any number. Keywords are refused unless keywords is set. */
    int min, max;
    bool keywords;
};

#define PY_FUNCTION(n, f, a) {.name = (n), .kind = PY_MEMBER_FUNCTION, .fn = (f), .args = (a)}
#define PY_METHOD(n, f, a) PY_FUNCTION(n, f, a)
#define PY_STATIC(n, f, a) {.name = (n), .kind = PY_MEMBER_STATIC, .fn = (f), .args = (a)}
#define PY_CLASSMETHOD(n, f, a) {.name = (n), .kind = PY_MEMBER_CLASSMETHOD, .fn = (f), .args = (a)}
#define PY_PROPERTY(n, f) {.name = (n), .kind = PY_MEMBER_PROPERTY, .fn = (f)}
#define PY_PROPERTY_RW(n, f, s) {.name = (n), .kind = PY_MEMBER_PROPERTY, .fn = (f), .set = (s)}
#define PY_CLASS(n, c) {.name = (n), .kind = PY_MEMBER_CLASS, .cls = (c)}
#define PY_STRING(n, s) {.name = (n), .kind = PY_MEMBER_STRING, .text = (s)}
#define PY_INTEGER(n, i) {.name = (n), .kind = PY_MEMBER_INTEGER, .integer = (i)}
#define PY_BOOLEAN(n, b) {.name = (n), .kind = PY_MEMBER_BOOLEAN, .integer = (b)}
#define PY_NONE_CONSTANT(n) {.name = (n), .kind = PY_MEMBER_NONE}
#define PY_VALUE(n, f) {.name = (n), .kind = PY_MEMBER_VALUE, .fn = (f)}
#define PY_MODULE(n, dotted) {.name = (n), .kind = PY_MEMBER_MODULE, .text = (dotted)}
#define PY_ALIAS(n, other) {.name = (n), .kind = PY_MEMBER_ALIAS, .text = (other)}
/* Positional arguments only, between min and max of them (max -1: any number), by position. */
#define PY_FUNCTION_N(n, f, lo, hi)                                                                \
    {.name = (n), .kind = PY_MEMBER_FUNCTION, .fn = (f), .min = (lo), .max = (hi)}
#define PY_STATIC_N(n, f, lo, hi)                                                                  \
    {.name = (n), .kind = PY_MEMBER_STATIC, .fn = (f), .min = (lo), .max = (hi)}
#define PY_CLASSMETHOD_N(n, f, lo, hi)                                                             \
    {.name = (n), .kind = PY_MEMBER_CLASSMETHOD, .fn = (f), .min = (lo), .max = (hi)}
/* Any positional and keyword arguments, as they came. */
#define PY_FUNCTION_ANY(n, f)                                                                      \
    {.name = (n), .kind = PY_MEMBER_FUNCTION, .fn = (f), .max = -1, .keywords = true}
#define PY_CLASSMETHOD_ANY(n, f)                                                                   \
    {.name = (n), .kind = PY_MEMBER_CLASSMETHOD, .fn = (f), .max = -1, .keywords = true}
#define PY_MEMBERS_END {.name = NULL}

enum py_module_flags {
    PY_MODULE_COMPLETE = 1, /* a name it lacks is an ImportError or AttributeError, as in Python;
                               else it is an unknown: "sqlalchemy.foo is not supported" */
};

/*
 * A module. Submodules are modules of their own in the embedder's list, by dotted name; importing
 * "a.b" imports "a" first and makes b an attribute of it. A parent that is not listed is an empty
 * package.
 */
struct py_native_module {
    const char *name; /* dotted */
    const struct py_member *members;
    unsigned flags;
    /* Asked for a name that the rows lack; absent: there is none. May be NULL. */
    struct py_value (*getattr)(struct py_run *run, const char *name);
};

enum py_class_flags {
    PY_CLASS_COMPLETE = 1, /* an attribute it lacks is an AttributeError, an operator it lacks a
                              TypeError; else using one is a refusal: "Column.foo is not supported".
                              Counts only if all its native bases are complete too */
    PY_CLASS_FINAL = 2,    /* "type 'x' is not an acceptable base type" */
    PY_CLASS_INERT = 4, /* Column[...], generic parameters: subscripting the class gives itself */
    PY_CLASS_ABSTRACT = 8,    /* "cannot create 'x' instances" */
    PY_CLASS_NEEDS_INIT = 16, /* a payload that is all zero is no object yet: one whose __init__()
                              did not run is refused, so that native code never meets it */
};

/*
 * A class. Making an instance works as in Python: __new__ gives an object with a zeroed payload of
 * payload_size bytes (inherited: a subclass has room for the largest of its bases; the payload of a
 * base is its beginning, so let C structs start with their base's struct), then __init__ is called.
 *
 * Python classes can subclass it and override its methods; py_call_method() finds overrides.
 * Its row "__init_subclass__" (a class method; keywords of the class statement are its keyword
 * arguments) is called with every new subclass, whose namespace, __annotations__ included, is
 * py_class_namespace(). That is the place to look at declarative models.
 */
struct py_native_class {
    const char *name;
    const char *module; /* __module__; NULL: builtins */
    const struct py_native_class *const *bases; /* ended by NULL; NULL: object */
    const struct py_member *members;
    size_t payload_size;
    unsigned flags;
    /* The class of this class; NULL: that of the first base. Its rows are what the class itself can
     * do: "__call__", "__iter__", "__getitem__", "__getattr__", "__setattr__", … with the class as
     * self. Its bases must lead to py_type_class. */
    const struct py_native_class *metaclass;
    /* Used by the interpreter's own classes only. */
    enum py_layout layout;
};

/* Bases in one line: .bases = PY_BASES(&sa_type_engine_class) */
#define PY_BASES(...) ((const struct py_native_class *const[]){__VA_ARGS__, NULL})

/* The built-in classes: py_int_class, py_str_class, …, py_value_error_class, … */
#define PY_BUILTIN_CLASS(id, name) extern const struct py_native_class py_##id##_class;
#define PY_EXCEPTION_CLASS(id, name, base, members) extern const struct py_native_class py_##id##_class;
#include "python/classes.def"
#undef PY_BUILTIN_CLASS
#undef PY_EXCEPTION_CLASS

/* ================================================================== the run */

/* The arena everything of this run lives in. */
struct arena *py_arena(struct py_run *run);

/* Zeroed memory from it, held against the memory limit. */
void *py_alloc(struct py_run *run, size_t size);
#define PY_NEW(run, type) ((type *)py_alloc((run), sizeof(type)))

/* The embedder's pointer. */
void *py_host(struct py_run *run);

/* The configuration. */
const struct py_config *py_run_config(const struct py_run *run);

/* A slot of native code's own: where a native module keeps its state in this run. key is the
 * address of any static object; the result is zeroed memory of that size, the same every time. */
void *py_state(struct py_run *run, const void *key, size_t size);

/* Where the program is: the call or expression being evaluated, innermost; in the library's own
 * Python text only when nothing else is active. */
struct py_place py_where(struct py_run *run);

/* The same, as seen from a file: the outermost active call that stands in it. With file NULL, the
 * outermost place of all. file is compared with the source's path. */
struct py_place py_where_in(struct py_run *run, const char *file);

/* The name of the function that the program is in (innermost), "<module>" for none. */
const char *py_where_function(struct py_run *run);

/* The module whose code is running, as in its __name__. */
const char *py_where_module(struct py_run *run);

/* The text of a module of this run, by its source's path; NULL: no module is made of that. */
const struct source *py_source_of(struct py_run *run, const char *path);

/* The sources of the modules of the project that were imported, one after another from *i = 0. */
bool py_next_source(struct py_run *run, size_t *i, const struct source **source);

/* Counts one step; native loops over more than a handful of things call it per turn. */
void py_step(struct py_run *run);

/*
 * Counts work that is less than a step, or many: PY_WORK_STEP units are one step. Whatever native
 * code does in proportion to the size of its arguments is told here before it is done, so that a
 * program cannot make one cheap-looking call last. A byte that is copied or compared together with
 * others is one unit, PY_WORK_EACH are what a character or item costs that is looked at singly.
 * Fresh memory needs no mention: py_alloc() holds it against a budget of its own, and counts large
 * pieces as work.
 */
enum { PY_WORK_STEP = 1024, PY_WORK_EACH = 64 };
void py_work(struct py_run *run, uint64_t units);

/* ================================================================== endings */

#define PY_NORETURN __attribute__((noreturn))

/* Raises an exception of a native class with one str argument. */
PY_NORETURN void py_raise(struct py_run *run, const struct py_native_class *cls, const char *fmt,
                          ...) __attribute__((format(printf, 3, 4)));

/* Raises an exception object, or instantiates an exception class without arguments. */
PY_NORETURN void py_raise_value(struct py_run *run, struct py_value exception);

/* Ends the run with status "python": not supported, or not known; the kind says which
 * (refusals.def). The reason is one line, lower case, without full stop. Programs cannot catch it.
 * The place is py_where(). */
PY_NORETURN void py_refuse(struct py_run *run, enum py_refusal refusal, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Ends the run with a limit: one of the kinds PY_REFUSE_LIMIT_... */
PY_NORETURN void py_limit(struct py_run *run, enum py_refusal refusal, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Calls body; a Python exception of the class (or a subclass) is caught: false, and *exception (may
 * be NULL) is the object. Anything else goes on. */
bool py_try(struct py_run *run, void (*body)(struct py_run *run, void *payload), void *payload,
            const struct py_native_class *cls, struct py_value *exception);

/* ================================================================== unknown values */

/* A new unknown: what names it ("sqlalchemy.foo"), reason says why ("is not supported"),
 * and refusal what using it is refused with. */
struct py_value py_new_unknown(struct py_run *run, enum py_refusal refusal, const char *what,
                               const char *reason);

/* Refuses when v is an unknown, naming it and where it came from; else returns v. */
struct py_value py_require_known(struct py_run *run, struct py_value v);

/* The same for containers too: every item of lists, tuples, dicts and sets, at any depth. */
void py_require_known_deep(struct py_run *run, struct py_value v);

/* Whether v, or anything in it, carries the mark of nondeterminism (value.h). */
bool py_is_marked(struct py_run *run, struct py_value v);

/* ================================================================== making values */

struct py_value py_new_str(struct py_run *run, const char *text);
struct py_value py_new_strn(struct py_run *run, const char *text, size_t len);
struct py_value py_new_strf(struct py_run *run, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
struct py_value py_new_bytes(struct py_run *run, const void *data, size_t len);

/* An int from decimal digits with an optional sign, of any size. */
struct py_value py_new_int_text(struct py_run *run, const char *digits);

/* An empty list; a tuple of count items (copied); an empty dict, set, frozenset. */
struct py_value py_new_list(struct py_run *run);
struct py_value py_new_tuple(struct py_run *run, const struct py_value *items, size_t count);
struct py_value py_new_dict(struct py_run *run);
struct py_value py_new_set(struct py_run *run);
struct py_value py_new_frozenset(struct py_run *run);

void py_list_append(struct py_run *run, struct py_value list, struct py_value item);

/* Dicts. The keys are compared as Python compares them; an unhashable one raises TypeError. */
struct py_value py_dict_get(struct py_run *run, struct py_dict *dict, struct py_value key);
void py_dict_put(struct py_run *run, struct py_dict *dict, struct py_value key,
                 struct py_value value);
bool py_dict_remove(struct py_run *run, struct py_dict *dict, struct py_value key);

/* Dicts with str keys, by C string; getters give absent for a missing key. */
struct py_value py_dict_get_name(const struct py_dict *dict, const char *key);
void py_dict_put_name(struct py_run *run, struct py_dict *dict, const char *key,
                      struct py_value value);
/* Gets and removes; absent for a missing key. */
struct py_value py_dict_take_name(struct py_run *run, struct py_dict *dict, const char *key);

/*
 * The entries in order of insertion:
 *     for (size_t i = 0; py_dict_next(dict, &i, &key, &value);) ...
 * key and value may be NULL.
 */
bool py_dict_next(const struct py_dict *dict, size_t *i, struct py_value *key,
                  struct py_value *value);
bool py_set_next(const struct py_set *set, size_t *i, struct py_value *item);
void py_set_add(struct py_run *run, struct py_value set, struct py_value item);

/* ================================================================== reading values */

/*
 * Converters. They raise TypeError("<what> must be <kind>, not <class>") for the wrong kind and
 * refuse unknowns. Strings are borrowed from the value; py_as_string() refuses those that hold NUL
 * characters, py_as_text() does not.
 */
const char *py_as_string(struct py_run *run, struct py_value v, const char *what);
const char *py_as_string_or_null(struct py_run *run, struct py_value v,
                                 const char *what); /* None, absent: NULL */
const struct py_str *py_as_text(struct py_run *run, struct py_value v, const char *what);
int64_t py_as_int64(struct py_run *run, struct py_value v,
                    const char *what); /* OverflowError beyond */
double py_as_double(struct py_run *run, struct py_value v, const char *what); /* of int or float */

/* Truth, as in "if v:"; of an absent or None value false. */
bool py_truth(struct py_run *run, struct py_value v);

/* str(v) and repr(v), as a str value, or as C text in the arena. */
struct py_value py_to_str(struct py_run *run, struct py_value v);
struct py_value py_to_repr(struct py_run *run, struct py_value v);
const char *py_str_text(struct py_run *run, struct py_value v);
const char *py_repr_text(struct py_run *run, struct py_value v);

/* format(v, spec). */
struct py_value py_to_format(struct py_run *run, struct py_value v, const char *spec);

/* The items of any iterable, in a fresh tuple (a tuple itself is returned as it is). */
struct py_tuple *py_items(struct py_run *run, struct py_value iterable);

/* Iteration: it = py_iter(run, v); while (py_next(run, it, &item)) ... */
struct py_value py_iter(struct py_run *run, struct py_value v);
bool py_next(struct py_run *run, struct py_value iterator, struct py_value *item);

/* ================================================================== objects */

/* type(v); its name; isinstance() with a native class or any class. */
struct py_type *py_class(struct py_run *run, struct py_value v);
const char *py_class_name(struct py_run *run, struct py_value v);
bool py_isinstance(struct py_run *run, struct py_value v, const struct py_native_class *cls);
bool py_isinstance_of(struct py_run *run, struct py_value v, const struct py_type *cls);
bool py_issubclass(const struct py_type *cls, const struct py_type *base);

/* The class object of a native table, made on first use. */
struct py_type *py_class_for(struct py_run *run, const struct py_native_class *cls);
struct py_value py_class_value(struct py_type *cls);

/* Whether cls is the native class, or derives from it. */
bool py_class_is(const struct py_type *cls, const struct py_native_class *native);

/* The namespace of a class: its own attributes, in order of definition. */
struct py_dict *py_class_namespace(struct py_run *run, struct py_type *cls);

/* Where the class statement stands; the place of the name in it. Without a file: it was made by a
 * call. The second: where the body assigns, annotates or defines the name, the last time; without a
 * file: nowhere. */
struct py_place py_class_place(const struct py_type *cls);
struct py_place py_class_attribute_place(const struct py_type *cls, const char *name);

/* A class attribute as the program wrote it, found through the MRO (no binding); absent: none.
 * *owner (may be NULL) is the class that has it. */
struct py_value py_class_lookup(struct py_run *run, struct py_type *cls, const char *name,
                                struct py_type **owner);

/* A new object of a native class, without calling __init__; *payload (may be NULL) is its zeroed
 * payload. The second form takes any class that derives from one. */
struct py_value py_new(struct py_run *run, const struct py_native_class *cls, void **payload);
struct py_value py_new_of(struct py_run *run, struct py_type *cls, void **payload);

/* The payload when v is an instance of the class or a subclass; else NULL. */
void *py_payload(struct py_value v, const struct py_native_class *cls);

/* The same, or a TypeError("<what> must be <class name>, not <class>"); unknowns are refused. */
void *py_require_payload(struct py_run *run, struct py_value v, const struct py_native_class *cls,
                         const char *what);

/* v.name. py_getattr() raises AttributeError, or refuses for native classes that are not complete;
 * py_find_attr() answers false in both cases. */
struct py_value py_getattr(struct py_run *run, struct py_value v, const char *name);
bool py_find_attr(struct py_run *run, struct py_value v, const char *name, struct py_value *out);
void py_setattr(struct py_run *run, struct py_value v, const char *name, struct py_value value);
void py_delattr(struct py_run *run, struct py_value v, const char *name);

/* The object's own attribute, past properties and __getattr__: v.__dict__[name]; absent: none. */
struct py_value py_own_attr(struct py_value v, const char *name);
void py_set_own_attr(struct py_run *run, struct py_value v, const char *name,
                     struct py_value value);

/* Whether v has a class that overrides the native class's member: v's class finds the name in a
 * class before native in its MRO. */
bool py_overrides(struct py_run *run, struct py_value v, const struct py_native_class *native,
                  const char *name);

/*
 * Parameter i (from 0, self included) of a function written in Python that can be given by
 * position; *fallback is its default, absent when it has none. False: there is no such parameter.
 */
bool py_function_parameter(struct py_value function, size_t i, const char **name,
                           struct py_value *fallback);

/* Calls. kwargs may be NULL. */
bool py_callable(struct py_run *run, struct py_value v);
struct py_value py_call(struct py_run *run, struct py_value callable, const struct py_value *args,
                        size_t count, struct py_dict *kwargs);
struct py_value py_call_method(struct py_run *run, struct py_value v, const char *name,
                               const struct py_value *args, size_t count);

/*
 * await v. A coroutine runs to its end at once: nothing here waits for anything, so what the
 * functions of native code return is there already, and is its own result.
 */
struct py_value py_await(struct py_run *run, struct py_value v);

/* Calls a native class's constructor with positional arguments. */
struct py_value py_construct(struct py_run *run, const struct py_native_class *cls,
                             const struct py_value *args, size_t count, struct py_dict *kwargs);

/* Binds arguments by a table, as for a function called qualname (in messages: "f()"); out has one
 * value for each row. has_self: one argument more is counted in messages. */
void py_bind(struct py_run *run, const char *qualname, bool has_self, const struct py_arg *table,
             const struct py_value *args, size_t count, struct py_dict *kwargs,
             struct py_value *out);

/* A native function as a value: row must be static or live in the arena; self may be absent. */
struct py_value py_new_function(struct py_run *run, const struct py_member *row,
                                struct py_value self);

/* Facts about a function value written in Python. */
bool py_is_python_function(struct py_value v);
const char *py_function_name(struct py_run *run, struct py_value v);

/* ================================================================== operations */

/* a == b, a < b, a is b; v[key], v[key] = item, del v[key]; key in v; len(v); hash(v). */
bool py_equal(struct py_run *run, struct py_value a, struct py_value b);
bool py_less(struct py_run *run, struct py_value a, struct py_value b);
bool py_is(struct py_value a, struct py_value b);
struct py_value py_getitem(struct py_run *run, struct py_value v, struct py_value key);
void py_setitem(struct py_run *run, struct py_value v, struct py_value key, struct py_value item);
void py_delitem(struct py_run *run, struct py_value v, struct py_value key);
bool py_contains(struct py_run *run, struct py_value v, struct py_value item);
int64_t py_len(struct py_run *run, struct py_value v);
uint64_t py_hash(struct py_run *run, struct py_value v);

/* a <symbol> b for a binary operator: "+", "//", "<<", …, or a comparison: "==", "<=", … */
struct py_value py_operate(struct py_run *run, const char *symbol, struct py_value a,
                           struct py_value b);

/* ================================================================== annotations */

/*
 * What annotations are made of. X | Y, Optional[X] and Union[X, Y] are unions: *args is the tuple
 * of their members (None stands for itself). list[int], Mapped[str], Annotated[int, …] are
 * subscripted things: *origin is what was subscripted and *args the tuple of what was given.
 */
bool py_is_union(struct py_value v, struct py_value *args);
bool py_is_subscripted(struct py_value v, struct py_value *origin, struct py_value *args);

/* The name of one of typing's forms: "Optional", "Annotated", "ClassVar", …; NULL: v is none. */
const char *py_typing_form(struct py_value v);

/* ================================================================== modules and text */

/* import dotted; the module a.b.c as a value (an unknown when it is not available). */
struct py_value py_import(struct py_run *run, const char *dotted);

/* The namespace of a module value; NULL when it is no module. For native modules it holds only
 * what has been used. */
struct py_dict *py_module_namespace(struct py_value module);

/*
 * Evaluates a text as one Python expression with the globals of a module (its __name__): string
 * annotations. locals (may be NULL) are looked up first. A syntax error raises SyntaxError.
 */
struct py_value py_eval_text(struct py_run *run, const char *text, const char *module,
                             const struct py_dict *locals);

#endif

/*
 * Values of the hermetic Python interpreter: what they are in memory.
 *
 * A value is 16 bytes. None, booleans, integers that fit 64 bits and floats are stored in it;
 * everything else is a pointer to an object. All objects live in the arena of their run: nothing is
 * counted or freed, and no value may outlive its run. Copying a struct py_value is free and is how
 * values are passed around.
 *
 * The structs are public, so that native code can read a string or a list without ceremony. They
 * are changed only through the functions of object.h and native.h.
 *
 * PY_ABSENT (all bits zero) is no Python value: it is what an argument that was not passed, a name
 * that is not bound and a lookup that found nothing look like. It never reaches a Python program.
 */
#ifndef PYTHON_VALUE_H
#define PYTHON_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "python/refusals.h"

struct py_run;
struct py_type;
struct py_dict;
struct py_node;
struct py_native_class;
struct source;

enum py_kind {
    PY_ABSENT = 0,      /* no value */
    PY_NONE,
    PY_BOOL,
    PY_INT,             /* fits int64_t; larger ones are objects (struct py_bigint) */
    PY_FLOAT,
    PY_ELLIPSIS,
    PY_NOT_IMPLEMENTED, /* what a binary operator method returns to decline */
    PY_OBJECT,
};

struct py_value {
    uint8_t kind; /* enum py_kind */
    /*
     * Not 0: computed from something that differs from run to run (uuid4(), now()). It travels with
     * the value, from arguments to results and from the items of what is iterated to the result;
     * py_is_marked() looks into containers too. Over-approximation is fine, a miss is not.
     */
    uint8_t mark;
    union {
        bool boolean;
        int64_t integer;
        double number;
        struct py_object *object;
    };
};

/* How the memory of a class's instances is laid out; a subclass has the layout of its base. */
enum py_layout {
    PY_LAYOUT_INSTANCE, /* struct py_instance: plain objects, with or without a native payload */
    PY_LAYOUT_INT,      /* struct py_bigint, or struct py_boxed for subclasses of int */
    PY_LAYOUT_FLOAT,    /* struct py_boxed */
    PY_LAYOUT_STR,
    PY_LAYOUT_BYTES,
    PY_LAYOUT_LIST,
    PY_LAYOUT_TUPLE,
    PY_LAYOUT_DICT,
    PY_LAYOUT_SET,      /* set and frozenset */
    PY_LAYOUT_CLASS,    /* struct py_type: type and metaclasses */
    PY_LAYOUT_OPAQUE,   /* the interpreter's own: functions, modules, iterators, slices, … */
    PY_LAYOUT_UNKNOWN,  /* struct py_unknown */
};

/* What every object starts with. */
struct py_object {
    struct py_type *cls;
    struct py_dict *dict; /* __dict__; NULL until the first attribute is set */
};

/* A plain object. */
struct py_instance {
    struct py_object base;
    void *payload; /* zeroed memory of the native class's payload_size; NULL without one */
};

struct py_str {
    struct py_object base;
    const char *ptr; /* UTF-8, terminated; may hold NUL bytes */
    size_t len;      /* bytes */
    size_t count;    /* code points; equal to len for ASCII */
    uint64_t hash;   /* 0: not computed yet */
};

struct py_bytes {
    struct py_object base;
    const char *ptr; /* terminated */
    size_t len;
};

struct py_list {
    struct py_object base;
    struct py_value *items;
    size_t len, cap;
};

struct py_tuple {
    struct py_object base;
    const struct py_value *items;
    size_t len;
};

/* One entry of a hash table; a removed one has an absent key. */
struct py_entry {
    struct py_value key, value;
    uint64_t hash;
};

/* A hash table in order of insertion. */
struct py_table {
    struct py_entry *entries;
    size_t used;      /* entries including removed ones: the bound of a loop over them */
    size_t len;       /* entries that are there */
    size_t cap;
    uint32_t *slots;  /* open addressing: 0 is empty, else position + 1 */
    size_t slot_count;
    uint32_t version; /* changes when a key comes or goes: loops over it notice */
};

struct py_dict {
    struct py_object base;
    struct py_table table;
};

struct py_set {
    struct py_object base;
    struct py_table table; /* values are unused */
};

/* An integer beyond 64 bits: magnitude, least significant limb first, and sign. */
struct py_bigint {
    struct py_object base;
    const uint32_t *limbs;
    size_t len;
    bool negative;
};

/* An instance of a subclass of int or float. */
struct py_boxed {
    struct py_object base;
    struct py_value value; /* a plain int (of any size) or float */
};

/*
 * A value nothing is known about: what a module outside the allow-list gives, and whatever is
 * computed from it by attribute access, call, subscription, subclassing or decoration. Everything
 * else done with it is a refusal that names it.
 */
struct py_unknown {
    struct py_object base;
    const char *what;   /* "boto3.client()" */
    const char *reason; /* "module boto3 is not available" */
    enum py_refusal refusal; /* what using it is refused with */
    const char *file;   /* where it came from: the import */
    int line, column;
};

/* A class, native or written in Python. base.cls is its metaclass, base.dict its namespace. */
struct py_type {
    struct py_object base;
    const char *name;                     /* __name__ */
    const char *qualname;
    const char *module;                   /* __module__ */
    const struct py_native_class *native; /* its table; NULL for a class written in Python */
    struct py_type *const *bases;
    size_t base_count;
    struct py_type *const *mro; /* itself first, object last */
    size_t mro_len;
    enum py_layout layout;
    size_t payload_size;
    bool needs_init; /* of it or a base: PY_CLASS_NEEDS_INIT */
    bool partial; /* it or a base is a native class that does not list all attributes */
    bool filled;  /* the native member table has been put into the namespace */
    const char *title; /* "module.Name" */
    struct {
        struct py_type **at;
        size_t len, cap;
    } subclasses; /* written in Python */
    void *host;   /* free for native code: what it knows of this class (not inherited) */
    const struct py_node *statement; /* the class statement; NULL: made by a call, or native */
    const struct source *source;     /* that the statement stands in */
};

/* The values without a run. */
static inline struct py_value py_absent(void)
{
    return (struct py_value){.kind = PY_ABSENT};
}

static inline struct py_value py_none(void)
{
    return (struct py_value){.kind = PY_NONE};
}

static inline struct py_value py_bool(bool b)
{
    return (struct py_value){.kind = PY_BOOL, .boolean = b};
}

static inline struct py_value py_int(int64_t i)
{
    return (struct py_value){.kind = PY_INT, .integer = i};
}

static inline struct py_value py_float(double d)
{
    return (struct py_value){.kind = PY_FLOAT, .number = d};
}

static inline struct py_value py_ellipsis(void)
{
    return (struct py_value){.kind = PY_ELLIPSIS};
}

static inline struct py_value py_not_implemented(void)
{
    return (struct py_value){.kind = PY_NOT_IMPLEMENTED};
}

/* Any object as a value: py_object(&list->base). */
static inline struct py_value py_object(struct py_object *o)
{
    return (struct py_value){.kind = PY_OBJECT, .object = o};
}

/* A value with the mark of nondeterminism set. */
static inline struct py_value py_marked(struct py_value v)
{
    v.mark = 1;
    return v;
}

static inline bool py_is_absent(struct py_value v)
{
    return v.kind == PY_ABSENT;
}

static inline bool py_is_none(struct py_value v)
{
    return v.kind == PY_NONE;
}

/* Not passed, or passed as None. */
static inline bool py_is_unset(struct py_value v)
{
    return v.kind <= PY_NONE;
}

static inline bool py_is_layout(struct py_value v, enum py_layout layout)
{
    return v.kind == PY_OBJECT && v.object->cls->layout == layout;
}

/* Kinds of values; subclasses count. */
static inline bool py_is_str(struct py_value v)
{
    return py_is_layout(v, PY_LAYOUT_STR);
}

static inline bool py_is_bytes(struct py_value v)
{
    return py_is_layout(v, PY_LAYOUT_BYTES);
}

static inline bool py_is_list(struct py_value v)
{
    return py_is_layout(v, PY_LAYOUT_LIST);
}

static inline bool py_is_tuple(struct py_value v)
{
    return py_is_layout(v, PY_LAYOUT_TUPLE);
}

static inline bool py_is_dict(struct py_value v)
{
    return py_is_layout(v, PY_LAYOUT_DICT);
}

static inline bool py_is_set(struct py_value v)
{
    return py_is_layout(v, PY_LAYOUT_SET);
}

static inline bool py_is_class(struct py_value v)
{
    return py_is_layout(v, PY_LAYOUT_CLASS);
}

static inline bool py_is_unknown(struct py_value v)
{
    return py_is_layout(v, PY_LAYOUT_UNKNOWN);
}

/* An int of any size; bool counts, as it does for isinstance(). */
static inline bool py_is_int(struct py_value v)
{
    return v.kind == PY_INT || v.kind == PY_BOOL || py_is_layout(v, PY_LAYOUT_INT);
}

static inline bool py_is_float(struct py_value v)
{
    return v.kind == PY_FLOAT || py_is_layout(v, PY_LAYOUT_FLOAT);
}

/* The objects behind values; the caller has checked the kind. */
static inline struct py_str *py_str_of(struct py_value v)
{
    return (struct py_str *)v.object;
}

static inline struct py_bytes *py_bytes_of(struct py_value v)
{
    return (struct py_bytes *)v.object;
}

static inline struct py_list *py_list_of(struct py_value v)
{
    return (struct py_list *)v.object;
}

static inline struct py_tuple *py_tuple_of(struct py_value v)
{
    return (struct py_tuple *)v.object;
}

static inline struct py_dict *py_dict_of(struct py_value v)
{
    return (struct py_dict *)v.object;
}

static inline struct py_set *py_set_of(struct py_value v)
{
    return (struct py_set *)v.object;
}

static inline struct py_type *py_type_of(struct py_value v)
{
    return (struct py_type *)v.object;
}

#endif

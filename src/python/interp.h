/*
 * What the files of the evaluator share and nobody else sees: the run, frames, and the functions
 * between them. Native modules of the standard library (lib_*.c) need only native.h.
 *
 * Where control flows: run.c is the boundary (setjmp); exec.c runs the statements of a frame with
 * an explicit stack of blocks, so that a generator can be left and entered again; eval.c computes
 * expressions by recursion; call.c binds arguments and makes frames; attr.c, ops.c and iter.c are
 * the protocols; the rest are the built-in classes, one file each.
 */
#ifndef PYTHON_INTERP_H
#define PYTHON_INTERP_H

#include <setjmp.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"
#include "python/ast.h"
#include "python/native.h"

/* An internal kind: a row of a native table in a namespace. Programs never see it. */
enum { PY_ROW = 100 };

enum py_builtin_id {
#define PY_BUILTIN_CLASS(id, name) PY_T_##id,
#define PY_EXCEPTION_CLASS(id, name, base, members) PY_T_##id,
#include "python/classes.def"
    PY_BUILTIN_IDS
};

/* ------------------------------------------------------------------ objects */

struct py_cell {
    struct py_object base;
    struct py_value value;
};

struct py_module_object {
    struct py_object base; /* base.dict: the namespace */
    const char *name;
    const struct py_native_module *native; /* or NULL */
    struct py_module_ast *ast;             /* or NULL */
    const struct source *source;
    bool is_package;
    bool embedded;                         /* of the library: what it lacks is unknown */
    bool running;                          /* being executed: circular imports see it half done */
};

/* A function written in Python. */
struct py_closure {
    struct py_object base;
    const struct py_params *params;
    const struct py_scope *scope;
    const struct py_nodes *body;     /* def; or */
    const struct py_node *expression; /* lambda */
    const struct py_function *function; /* the syntax; NULL for a lambda */
    struct py_module_object *module;
    struct py_cell **cells;          /* scope->free_count */
    struct py_value *defaults;       /* params->count, absent: required */
    const char *name, *qualname;
};

/* A native function; self absent: a plain function. */
struct py_native_object {
    struct py_object base;
    const struct py_member *row;
    struct py_value self;
    struct py_type *owner; /* the class whose table has the row, or NULL */
};

struct py_method {
    struct py_object base;
    struct py_value function, self;
};

/* staticmethod and classmethod. */
struct py_wrapper {
    struct py_object base;
    struct py_value function;
};

struct py_property {
    struct py_object base;
    struct py_value get, set, del, doc;
};

struct py_super {
    struct py_object base;
    struct py_type *cls;   /* search starts behind it */
    struct py_value self;
    struct py_type *start; /* the class whose MRO is walked */
};

struct py_slice {
    struct py_object base;
    struct py_value start, stop, step;
};

/* Bounds that do not fit 64 bits are refused. */
struct py_range {
    struct py_object base;
    int64_t start, stop, step, len;
};

/* int | str, Optional[X]; and list[int], Mapped[str]: what typing makes. */
struct py_union {
    struct py_object base;
    struct py_value args; /* a tuple */
};

struct py_generic {
    struct py_object base;
    struct py_value origin;
    struct py_value args; /* a tuple */
};

/* A native iterator: next() gives one item, or false at the end. */
struct py_iterator {
    struct py_object base;
    bool (*next)(struct py_run *run, struct py_iterator *it, struct py_value *item);
    struct py_value source;   /* what is iterated; absent when exhausted */
    size_t index;
    uint32_t version;         /* of a table, to notice changes */
    struct py_value *extra;   /* zip, map: iterators; enumerate: the number */
    size_t extra_count;
    bool flag;
};

/* What every exception object carries; the payload of BaseException. */
struct py_exception {
    struct py_value args; /* a tuple */
    struct py_value cause, context;
    bool suppress_context;
    const struct py_place *traceback; /* outermost first */
    size_t traceback_len;
};

/* ------------------------------------------------------------------ frames */

enum py_block_kind {
    PY_BLOCK_BODY,
    PY_BLOCK_WHILE,
    PY_BLOCK_FOR,
    PY_BLOCK_WITH,
    PY_BLOCK_TRY,
    PY_BLOCK_HANDLER,    /* an except clause is running: value is the exception */
    PY_BLOCK_FINALLY,    /* a finally clause is running; then the pending action goes on */
    PY_BLOCK_YIELD_FROM,
};

/* What is going on while blocks are left. */
enum py_action { PY_GO_ON, PY_DO_RETURN, PY_DO_BREAK, PY_DO_CONTINUE, PY_DO_RAISE };

/* Which part of a try statement runs: py_block.phase. */
enum { PY_TRY_BODY, PY_TRY_ELSE, PY_TRY_HANDLER };

struct py_block {
    enum py_block_kind kind;
    int phase;
    uint32_t index;
    const struct py_node *node;
    const struct py_nodes *nodes;
    struct py_value value; /* iterator, context manager's exit, exception */
    struct py_value other;
    enum py_action action;
};

struct py_frame {
    struct py_frame *back;
    struct py_module_object *module;
    struct py_dict *globals;
    struct py_dict *namespace; /* of a class body or module; NULL in functions */
    const struct py_scope *scope;
    struct py_closure *closure;
    struct py_value *slots;
    struct py_cell **cells;    /* taken from the surroundings */
    const struct py_node *node; /* being evaluated */
    const char *name;          /* of the function, "<module>", "<lambda>" */
    const char *qualname;      /* prefix of what is defined inside */
    VEC(struct py_block) blocks;
    struct py_type *enum_base; /* the body of an enumeration: what it derives from */
    bool catches;              /* has try or with: needs a handler of its own */
    bool recovers;             /* a module's or class's body: see py_config.recover */
    bool is_generator;
    const struct py_node *resume; /* the statement whose yield is awaited */
    struct py_value sent, thrown; /* what the frame starts with when it is entered again */
    struct py_value leaving;      /* the exception that a with statement's exit is being told */
    bool delegate_throw;          /* thrown comes from outside: "yield from" passes it on */
};

struct py_gen {
    struct py_object base;
    struct py_frame *frame; /* NULL: finished */
    bool running, started;
    bool is_coroutine; /* of an async def: awaited, not iterated */
    /* A generator expression instead. */
    struct py_comp *comp;
    const char *name;
    struct py_value result; /* what return gave */
};

/* Where py_throw() goes. On the C stack of whoever catches. */
struct py_jump {
    jmp_buf buf;
    struct py_jump *prev;
    struct py_frame *frame;
    unsigned depth;
    bool boundary; /* catches refusals and limits too */
};

struct py_native_slot {
    const struct py_native_class *native;
    struct py_type *type;
};

struct py_run {
    struct arena *arena;
    struct py_config config;
    struct py_limits limits;
    size_t base_memory;
    uint64_t steps;
    uint64_t work; /* what py_work() was told of and is no whole step yet */
    unsigned depth;
    const char *stack_base;
    struct py_names *names;
    struct py_jump *jump;
    struct py_frame *frame;
    uint8_t
        touched; /* marks seen by iteration and conversion since the current native call began */
    bool strict;     /* calls of unknowns are refused */

    /* The ending that is on its way. */
    enum py_ending ending;
    enum py_refusal refusal;
    struct py_value exception;
    const char *reason;
    struct py_place place;
    const struct py_node *class_statement; /* whose class is about to be made */

    struct py_type *builtins[PY_BUILTIN_IDS];
    struct py_native_slot *natives; /* open addressing by address */
    size_t native_count, native_cap;
    struct py_table modules;        /* name → module */
    struct py_table missing;        /* names find_module did not find */
    struct py_dict *builtin_names;
    struct py_table strings;        /* interned names */
    struct py_str *chars[128];      /* one-letter strings */
    struct py_str *empty;
    struct py_value empty_tuple;
    struct py_value sys_modules;
    struct py_state {
        const void *key;
        void *memory;
        struct py_state *next;
    } *states;
    struct py_repr_guard {
        struct py_object *object;
        struct py_repr_guard *prev;
    } *repr_guard;
};

/* ------------------------------------------------------------------ run.c */

PY_NORETURN void py_throw(struct py_run *run);
/* Ends the run, PY_REFUSED or PY_LIMIT, at a place; the reason is in the arena. */
PY_NORETURN void py_end_run(struct py_run *run, enum py_ending ending, enum py_refusal refusal,
                            struct py_place place, const char *reason);
PY_NORETURN void py_throw_exception(struct py_run *run, struct py_value exception);
/* Enters and leaves a level of C recursion: depth and stack limits. */
void py_enter(struct py_run *run);
#define py_leave(run) ((void)(run)->depth--)
void py_check_items(struct py_run *run, size_t count);
void py_check_string(struct py_run *run, uint64_t bytes);

/* Catching: PY_CATCH(run, jump) is 0 first, and 1 when something was thrown. What is used in both
 * cases must be volatile or live on the heap. */
void py_jump_push(struct py_run *run, struct py_jump *jump, bool boundary);
void py_jump_pop(struct py_run *run, struct py_jump *jump);
#define PY_CATCH(run, jump, boundary)                                                              \
    (py_jump_push((run), (jump), (boundary)), setjmp((jump)->buf))

struct py_place py_place_of(const struct py_frame *frame);

/* What the abstract classes of typing and collections.abc are as bases. */
extern const struct py_native_class py_abstract_form_class;

/* After a refusal in a statement of the frame: whether it goes on behind it (recover.c). */
bool py_recover(struct py_run *run, struct py_frame *frame, const struct py_node *statement);
struct py_value py_current_exception(struct py_run *run);

/* ------------------------------------------------------------------ type.c */

struct py_type *py_builtin(struct py_run *run, enum py_builtin_id id);
struct py_type *py_make_type(struct py_run *run, struct py_value meta, const char *name,
                             struct py_value bases, struct py_dict *namespace,
                             struct py_dict *kwargs);
/* The class statement and type(name, bases, dict): picks the metaclass and calls its hooks. */
struct py_value py_build_class(struct py_run *run, const char *name, struct py_value bases,
                               struct py_dict *namespace, struct py_dict *kwargs);
/* Whether a metaclass has a __new__ or __call__ of its own (then it makes the class itself). */
bool py_overrides_new(struct py_run *run, struct py_type *meta);
void py_fill_type(struct py_run *run, struct py_type *type);
/* Raw attribute through the MRO: may be PY_ROW. */
struct py_value py_type_find(struct py_run *run, struct py_type *type, const struct py_name *name,
                             struct py_type **owner);
struct py_value py_type_find_text(struct py_run *run, struct py_type *type, const char *name,
                                  struct py_type **owner);
const char *py_type_title(const struct py_type *type); /* "module.Name", or "Name" of builtins */
struct py_value py_type_call(struct py_run *run, struct py_type *type, const struct py_value *args,
                             size_t count, struct py_dict *kwargs);
/* type.__call__ itself: __new__, then __init__. */
struct py_value py_type_call_plain(struct py_run *run, struct py_type *type,
                                   const struct py_value *args, size_t count,
                                   struct py_dict *kwargs);
extern const struct py_native_class py_abc_meta_class;
/* Whether a class is PY_CLASS_NEEDS_INIT and the object's payload all zero; refuses one. */
bool py_is_unfinished(struct py_value v);
void py_require_finished(struct py_run *run, struct py_value v);
/* TypeError when the class has abstract methods left. */
void py_check_abstract(struct py_run *run, struct py_type *type);
struct py_value py_materialize(struct py_run *run, struct py_value raw, struct py_type *owner);

static inline struct py_type *py_type(struct py_run *run, struct py_value v)
{
    return v.kind == PY_OBJECT ? v.object->cls : py_class(run, v);
}

/* ------------------------------------------------------------------ attr.c */

struct py_name py_name_of(const char *text);
struct py_value py_name_value(struct py_run *run, const struct py_name *name);
struct py_value py_get_attr(struct py_run *run, struct py_value v, const struct py_name *name);
bool py_find_attr_name(struct py_run *run, struct py_value v, const struct py_name *name,
                       struct py_value *out);
void py_set_attr(struct py_run *run, struct py_value v, const struct py_name *name,
                 struct py_value value);
/* Without __setattr__ and __delattr__: what object's own do. */
void py_set_attr_plain(struct py_run *run, struct py_value v, const struct py_name *name,
                       struct py_value value);
void py_delattr_plain(struct py_run *run, struct py_value v, const char *name);
/* For v.name(...): a raw method for py_call_raw() with self and owner set; or, self being absent,
 * a value to be called as it is. */
struct py_value py_load_method(struct py_run *run, struct py_value v, const struct py_name *name,
                               struct py_value *self, struct py_type **owner);
/* A special method of v's class, to be called with v; false: there is none. Raw. */
bool py_special(struct py_run *run, struct py_value v, const char *name, struct py_value *raw,
                struct py_type **owner);
/* Calls a special method; false when the class has none. */
bool py_call_special(struct py_run *run, struct py_value v, const char *name,
                     const struct py_value *args, size_t count, struct py_value *result);
/* What a raw attribute of a class becomes when read through an object (or the class: v absent). */
struct py_value py_bind_raw(struct py_run *run, struct py_value raw, struct py_type *owner,
                            struct py_value v, struct py_type *cls);
struct py_value py_call_raw(struct py_run *run, struct py_value raw, struct py_type *owner,
                            struct py_value self, const struct py_value *args, size_t count,
                            struct py_dict *kwargs);
PY_NORETURN void py_no_attribute(struct py_run *run, struct py_value v, const char *name);
bool py_is_partial(struct py_run *run, struct py_value v);

/* ------------------------------------------------------------------ table.c */

struct py_entry *py_table_find(struct py_run *run, const struct py_table *t, struct py_value key,
                               uint64_t hash);
struct py_entry *py_table_find_name(const struct py_table *t, const struct py_name *name);
/* The entry for key, made when missing (its value is absent then). */
struct py_entry *py_table_put(struct py_run *run, struct py_table *t, struct py_value key,
                              uint64_t hash);
/* Makes room for count more keys at once. */
void py_table_reserve(struct py_run *run, struct py_table *t, size_t count);
bool py_table_remove(struct py_run *run, struct py_table *t, struct py_value key, uint64_t hash);
void py_table_remove_entry(struct py_run *run, struct py_table *t, struct py_entry *e);
void py_table_clear(struct py_table *t);
void py_table_copy(struct py_run *run, struct py_table *to, const struct py_table *from);

/* ------------------------------------------------------------------ object.c */

void *py_new_object(struct py_run *run, enum py_builtin_id id, size_t size);
struct py_value py_new_builtin_of(struct py_run *run, struct py_type *type, size_t size);
struct py_value py_str_own(struct py_run *run, const char *text,
                           size_t len); /* text in the arena */
struct py_value py_str_take(struct py_run *run, struct str *s);
struct py_value py_str_char(struct py_run *run, const char *text, size_t len);
struct py_value py_tuple_own(struct py_run *run, const struct py_value *items, size_t count);
struct py_value py_list_own(struct py_run *run, struct py_value *items, size_t count);
struct py_value py_list_of_items(struct py_run *run, struct py_value iterable);
void py_list_reserve(struct py_run *run, struct py_list *list, size_t more);
uint64_t py_str_hash(struct py_str *s);
/* The plain int or float in an instance of a subclass, or in a bool. */
struct py_value py_unbox_int(struct py_value v);
double py_unbox_float(struct py_run *run, struct py_value v);
struct py_value py_new_slice(struct py_run *run, struct py_value start, struct py_value stop,
                             struct py_value step);
struct py_value py_new_method(struct py_run *run, struct py_value function, struct py_value self);
struct py_value py_new_cell(struct py_run *run, struct py_value v);
struct py_value py_type_object(struct py_run *run, const struct py_native_class *native);

/* ------------------------------------------------------------------ ops.c, compare.c */

struct py_value py_binary(struct py_run *run, enum py_binary_op op, struct py_value a,
                          struct py_value b);
struct py_value py_inplace(struct py_run *run, enum py_binary_op op, struct py_value a,
                           struct py_value b);
struct py_value py_unary(struct py_run *run, enum py_unary_op op, struct py_value v);
struct py_value py_compare(struct py_run *run, enum py_compare_op op, struct py_value a,
                           struct py_value b);
bool py_compare_true(struct py_run *run, enum py_compare_op op, struct py_value a,
                     struct py_value b);
/* Lengths and indexes. */
int64_t py_as_index(struct py_run *run, struct py_value v, const char *what);
/* start, stop, step of a slice over len items, clamped; returns the number of items. */
size_t py_slice_bounds(struct py_run *run, struct py_value slice, size_t len, int64_t *start,
                       int64_t *step);
bool py_is_slice(struct py_value v);
struct py_value py_repeat(struct py_run *run, struct py_value seq, struct py_value times);

/* What the built-in containers do themselves, past overrides in subclasses. */
struct py_value py_getitem_plain(struct py_run *run, struct py_value v, struct py_value key);
bool py_setitem_plain(struct py_run *run, struct py_value v, struct py_value key,
                      struct py_value item);
bool py_delitem_plain(struct py_run *run, struct py_value v, struct py_value key);
bool py_contains_plain(struct py_run *run, struct py_value v, struct py_value item);
bool py_compare_plain(struct py_run *run, enum py_compare_op op, struct py_value a,
                      struct py_value b, bool *result);

/* ------------------------------------------------------------------ int.c, bigint.c, float.c */

struct py_value py_int_binary(struct py_run *run, enum py_binary_op op, struct py_value a,
                              struct py_value b);
struct py_value py_float_binary(struct py_run *run, enum py_binary_op op, double a, double b);
int py_int_compare(struct py_run *run, struct py_value a, struct py_value b);
int py_int_sign(struct py_value v);
uint64_t py_int_hash(struct py_run *run, struct py_value v);
uint64_t py_float_hash(double d);
struct py_value py_int_from_double(struct py_run *run, double d); /* truncates; finite */
double py_int_to_double(struct py_run *run, struct py_value v);
bool py_int_equals_double(struct py_run *run, struct py_value i, double d);
int py_int_compare_double(struct py_run *run, struct py_value i, double d);
struct py_value py_int_negate(struct py_run *run, struct py_value v);
/* Digits in a base from 2 to 36, lower case, with sign. */
const char *py_int_digits(struct py_run *run, struct py_value v, int base);
/* The value of digits (no sign, checked) in a base. */
struct py_value py_int_parse(struct py_run *run, const char *digits, size_t len, int base);
size_t py_int_bits(struct py_value v);
const char *py_float_repr(struct py_run *run, double d);
struct py_value py_int_new(struct py_run *run, struct py_type *cls, struct py_value value);

/* ------------------------------------------------------------------ repr.c, format.c, percent.c */

void py_repr_plain(struct py_run *run, struct str *out, struct py_value v);
void py_add_str(struct py_run *run, struct str *out, struct py_value v);
void py_add_repr(struct py_run *run, struct str *out, struct py_value v);
void py_add_ascii(struct py_run *run, struct str *out, struct py_value v);
void py_repr_str(struct str *out, const char *text, size_t len, bool ascii);
struct py_value py_format_value(struct py_run *run, struct py_value v, const char *spec,
                                size_t len);
struct py_value py_percent(struct py_run *run, struct py_value fmt, struct py_value args);
struct py_value py_str_format(struct py_run *run, const struct py_str *fmt,
                              const struct py_value *args, size_t count, struct py_value mapping);
/* Formats an int or float in the printf manner of % (also used by format()). */
void py_format_double(struct py_run *run, struct str *out, double d, char type, int precision,
                      bool alternate);

/* ------------------------------------------------------------------ iter.c, generator.c */

struct py_value py_new_iterator(struct py_run *run, enum py_builtin_id id,
                                bool (*next)(struct py_run *run, struct py_iterator *it,
                                             struct py_value *item),
                                struct py_value source);
struct py_value py_new_view(struct py_run *run, enum py_builtin_id id, struct py_value dict);
bool py_next_sentinel(struct py_run *run, struct py_iterator *it, struct py_value *item);
struct py_value py_new_range(struct py_run *run, int64_t start, int64_t stop, int64_t step);
struct py_value py_new_gen(struct py_run *run, struct py_frame *frame);
bool py_gen_next(struct py_run *run, struct py_gen *gen, struct py_value sent,
                 struct py_value thrown, struct py_value *item);
struct py_comp *py_comp_new(struct py_run *run, const struct py_node *node);
bool py_comp_next(struct py_run *run, struct py_comp *comp, struct py_value *key,
                  struct py_value *value);

/* ------------------------------------------------------------------ eval.c, exec.c, call.c */

struct py_value py_eval(struct py_run *run, const struct py_node *node);
void py_assign(struct py_run *run, const struct py_node *target, struct py_value v);
void py_delete(struct py_run *run, const struct py_node *target);
void py_store_ref(struct py_run *run, const struct py_ref *ref, struct py_value v);
void py_delete_ref(struct py_run *run, const struct py_ref *ref);
struct py_value py_load_ref(struct py_run *run, const struct py_ref *ref);
struct py_value py_make_closure(struct py_run *run, const struct py_function *fn,
                                const struct py_node *lambda);
struct py_cell **py_take_cells(struct py_run *run, const struct py_scope *scope);
void py_exec_class(struct py_run *run, const struct py_node *node);
bool py_match_pattern(struct py_run *run, const struct py_node *pattern, struct py_value v);
void py_frame_init(struct py_run *run, struct py_frame *frame, const struct py_scope *scope);

/* Makes the scope of [T] around a def or class the current frame; returns the frame to restore. */
struct py_frame *py_enter_type_params(struct py_run *run, const struct py_type_params *params,
                                      struct py_frame *frame);

enum py_exit { PY_EXIT_RETURN, PY_EXIT_YIELD };
/* Runs the frame's blocks until it returns or yields. */
enum py_exit py_exec(struct py_run *run, struct py_frame *frame, struct py_value *result);
/* The same, going on after a yield: with a value, or with an exception to raise there. */
enum py_exit py_exec_resume(struct py_run *run, struct py_frame *frame, struct py_value sent,
                            struct py_value thrown, struct py_value *result);
void py_push_body(struct py_run *run, struct py_frame *frame, const struct py_nodes *body);
/* Runs a body in a frame to its end. */
struct py_value py_run_body(struct py_run *run, struct py_frame *frame,
                            const struct py_nodes *body);

struct py_value py_call_closure(struct py_run *run, struct py_closure *f, struct py_value self,
                                const struct py_value *args, size_t count,
                                struct py_dict *kwargs);
struct py_value py_call_row(struct py_run *run, const struct py_member *row, struct py_type *owner,
                            struct py_value self, const struct py_value *args, size_t count,
                            struct py_dict *kwargs);
/* What a call of the row is called in messages: "Column.copy" (class members), "create_table". */
const char *py_row_name(struct py_run *run, const struct py_member *row, struct py_type *owner);

/* ------------------------------------------------------------------ exception.c, import.c */

struct py_value py_new_exception(struct py_run *run, struct py_type *cls,
                                 const struct py_value *args, size_t count);
struct py_exception *py_exception_of(struct py_value v);
bool py_exception_matches(struct py_run *run, struct py_value exception, struct py_value type);
struct py_value py_import_name(struct py_run *run, const char *dotted, struct span span);
void py_exec_import(struct py_run *run, const struct py_node *node);
void py_exec_import_from(struct py_run *run, const struct py_node *node);
struct py_value py_module_attr(struct py_run *run, struct py_module_object *m,
                               const struct py_name *name);
void py_exec_module(struct py_run *run, const char *name, const struct source *src,
                    bool is_package);
struct py_module_object *py_new_module(struct py_run *run, const char *name);
/* The module that a source of this path was executed as; NULL: none. */
const struct py_module_object *py_module_of(struct py_run *run, const char *path);
struct py_dict *py_builtins_of(struct py_run *run);
struct py_value py_row_value(struct py_run *run, const struct py_member *row,
                             const struct py_member *table);
extern const struct py_native_module *const py_stdlib_modules[];
extern const struct py_native_module py_builtins_module;

/* The enumeration among the bases of a class statement, or NULL; and what a name in the body of one
 * is bound to: auto() becomes its value at once. */
struct py_type *py_enum_base(struct py_value bases);
struct py_value py_enum_store(struct py_run *run, struct py_type *base, struct py_dict *namespace,
                              const struct py_name *name, struct py_value v);

/* typing's shapes, also made by X | Y and list[X]. */
struct py_value py_new_union(struct py_run *run, struct py_value a, struct py_value b);
struct py_value py_new_generic(struct py_run *run, struct py_value origin, struct py_value args);

#endif

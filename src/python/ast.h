/*
 * The syntax tree of a Python module, and where each name in it lives.
 *
 * The tree has the shape of CPython's own (module ast), so that the two can be compared; where an
 * evaluator is better served it holds more: interned names, decoded constants, resolved scopes.
 * It is made by py_parse() in one arena and never changes afterwards, but for the fields called
 * cache, which belong to the evaluator.
 *
 * Names are interned (struct py_name): two names with the same text, read with the same struct
 * py_names, are the same pointer. Private names in a class (__x) are already mangled (_Class__x).
 */
#ifndef PYTHON_AST_H
#define PYTHON_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/source.h"

struct arena;
struct str;
struct py_node;
struct py_scope;

/* ---- names ---- */

struct py_name {
    const char *text; /* UTF-8, terminated */
    uint32_t len;
    uint32_t hash;    /* FNV-1a of the text */
    uint16_t keyword; /* the lexer's: the token kind of a keyword, else 0 */
};

/* A table of names. Give one to several py_parse() calls to share names between modules. */
struct py_names;

/* An empty table, in the arena. */
struct py_names *py_names_new(struct arena *a);

/* The one name with this text; it lives as long as the table's arena. */
const struct py_name *py_name_intern(struct py_names *names, const char *text, size_t len);

/* ---- kinds ---- */

enum py_node_kind {
    PY_NODE_NONE,
#define NODE(id, tag, name) PY_NODE_##id,
#include "ast.def"
    PY_NODE_KINDS
};

enum py_binary_op {
#define BINARY(id, tag, symbol, method, reflected, inplace) PY_OP_##id,
#include "operators.def"
    PY_BINARY_OPS
};

enum py_unary_op {
#define UNARY(id, tag, symbol, method) PY_OP_##id,
#include "operators.def"
    PY_UNARY_OPS
};

enum py_compare_op {
#define COMPARE(id, tag, symbol, method) PY_OP_##id,
#include "operators.def"
    PY_COMPARE_OPS
};

/* "while loop": for messages. And the class of CPython's ast module: "While". */
const char *py_node_kind_name(enum py_node_kind kind);
const char *py_node_kind_tag(enum py_node_kind kind);

struct py_binary_op_info {
    const char *tag, *symbol, *method, *reflected, *inplace;
};
struct py_unary_op_info {
    const char *tag, *symbol, *method; /* method "": the operator has no special method */
};

/* Rows of operators.def; static, never NULL. */
const struct py_binary_op_info *py_binary_op_info(enum py_binary_op op);
const struct py_unary_op_info *py_unary_op_info(enum py_unary_op op);
const struct py_unary_op_info *py_compare_op_info(enum py_compare_op op);

/* ---- scopes ---- */

/*
 * Where a name is found at run time. Every frame of a function, lambda or comprehension has
 * scope->slot_count slots; a function object carries scope->free_count cells of its surroundings.
 */
enum py_where {
    PY_WHERE_NONE,      /* no name here (import *, an except clause without "as") */
    PY_WHERE_LOCAL,     /* the frame's slot */
    PY_WHERE_CELL,      /* the frame's slot holds a cell, shared with inner functions */
    PY_WHERE_FREE,      /* the function's cell number slot */
    PY_WHERE_GLOBAL,    /* the module's namespace, then the builtins */
    PY_WHERE_NAMESPACE, /* the class body's own namespace, then the module's, then the builtins */
    PY_WHERE_CLASS_FREE, /* a class body: its own namespace, then the body's cell number slot */
    PY_WHERE_UNKNOWN,    /* a class's name seen from its type parameters: refuse */
};

/* A place in the source where a name is loaded, bound or deleted. */
struct py_ref {
    const struct py_name *name; /* NULL exactly when where is PY_WHERE_NONE */
    enum py_where where;
    uint32_t slot;
    struct span span;
};

enum py_scope_kind {
    PY_SCOPE_MODULE,        /* names are in the module's namespace; no slots */
    PY_SCOPE_CLASS,         /* names are in the class's namespace; see class_cell */
    PY_SCOPE_FUNCTION,
    PY_SCOPE_LAMBDA,
    PY_SCOPE_COMPREHENSION, /* a frame of its own; its first iterable is evaluated outside of it */
    PY_SCOPE_TYPE_PARAMS,   /* around a def, class or type alias with [T]: T, ... are its slots */
    PY_SCOPE_TYPE_ALIAS,    /* the value of a type alias: evaluated when asked for */
};

struct py_slot {
    const struct py_name *name;
    bool is_cell; /* the frame starts with a fresh cell in this slot */
};

struct py_scope {
    enum py_scope_kind kind;
    struct py_scope *parent;    /* NULL for the module */
    const struct py_name *name; /* of the function or class; NULL for the others */

    struct py_slot *slots;      /* parameters first, in the order of struct py_params */
    uint32_t slot_count;

    /*
     * The cells that this scope takes from the frame it is made in: cell i is that frame's
     * slot frees[i].slot (PY_WHERE_CELL) or that frame's own cell frees[i].slot (PY_WHERE_FREE).
     */
    struct py_ref *frees;
    uint32_t free_count;

    /* A class: some method wants __class__ (super()). Its frame has one slot, 0, with the cell
     * that the evaluator fills with the class once it is made. */
    bool class_cell;
    /* A function: the number of the cell with __class__, for super() without arguments; or -1. */
    int class_free;

    bool is_generator; /* contains yield */
    bool is_async;     /* async def, or an asynchronous comprehension */
    void *cache;       /* the evaluator's */
};

/* ---- parts ---- */

struct py_nodes {
    struct py_node **at;
    uint32_t count;
};

struct py_param {
    struct py_ref ref;
    struct py_node *annotation;    /* or NULL */
    struct py_node *default_value; /* or NULL: required */
};

/*
 * Parameter i of at is in slot i (LOCAL or CELL): first the positional-only ones, then those that
 * are positional or by name, then the keyword-only ones. *args and **kwargs have the next slots.
 */
struct py_params {
    struct py_param *at;
    uint32_t posonly_count;    /* before "/" */
    uint32_t positional_count; /* positional-only included */
    uint32_t count;            /* keyword-only included */
    struct py_param *vararg;   /* or NULL */
    struct py_param *kwarg;    /* or NULL */
};

struct py_function {
    struct py_ref ref; /* where def binds the function */
    struct py_params params;
    struct py_nodes body;
    struct py_nodes decorators;
    struct py_node *returns; /* annotation, or NULL */
    struct py_scope *scope;
    struct py_type_params *type_params; /* or NULL */
};

struct py_keyword {
    const struct py_name *name; /* NULL: **value */
    struct py_node *value;
    struct span span;
};

struct py_keywords {
    struct py_keyword *at;
    uint32_t count;
};

struct py_class {
    struct py_ref ref;
    struct py_nodes bases;
    struct py_keywords keywords;
    struct py_nodes body;
    struct py_nodes decorators;
    struct py_scope *scope;
    struct py_type_params *type_params; /* or NULL */
};

enum py_type_param_kind { PY_TYPE_VAR, PY_TYPE_VAR_TUPLE, PY_PARAM_SPEC };

struct py_type_param {
    enum py_type_param_kind kind;
    struct py_ref ref;
    struct py_node *bound;         /* or NULL */
    struct py_node *default_value; /* or NULL; Python 3.13 */
};

struct py_type_params {
    struct py_type_param *at;
    uint32_t count;
    struct py_scope *scope; /* PY_SCOPE_TYPE_PARAMS */
};

struct py_type_alias {
    struct py_ref ref;
    struct py_type_params *type_params; /* or NULL */
    struct py_node *value;
    struct py_scope *scope; /* PY_SCOPE_TYPE_ALIAS */
};

struct py_generator { /* for target in iter if ... */
    struct py_node *target, *iter;
    struct py_nodes conditions;
    bool is_async;
};

struct py_comprehension {
    struct py_node *element;     /* the key, in a dict comprehension */
    struct py_node *value;       /* of a dict comprehension; else NULL */
    struct py_generator *clauses;
    uint32_t clause_count;
    struct py_scope *scope;
};

struct py_alias {
    const struct py_name *name; /* "a.b.c", "x", "*" */
    const struct py_name *as;   /* or NULL */
    struct py_ref ref;          /* what is bound: "as", else x, else the a of a.b.c; none for * */
    struct span span;
};

struct py_handler {
    struct py_node *type; /* or NULL: except: */
    struct py_ref ref;    /* except ... as ref; unbound again when the handler ends */
    struct py_nodes body;
    struct span span;
};

struct py_try {
    struct py_nodes body, orelse, finally_body;
    struct py_handler *handlers;
    uint32_t handler_count;
};

struct py_with_item {
    struct py_node *context;
    struct py_node *target; /* or NULL */
};

struct py_case {
    struct py_node *pattern;
    struct py_node *guard; /* or NULL */
    struct py_nodes body;
};

struct py_match_mapping { /* {keys: patterns, **rest} */
    struct py_node **keys, **patterns;
    uint32_t count;
    struct py_ref rest;
};

struct py_match_class { /* callee(patterns, name=pattern) */
    struct py_node *callee;
    struct py_nodes patterns;
    const struct py_name **names; /* of the keyword patterns */
    struct py_nodes keyword_patterns;
};

enum py_constant_kind {
    PY_CONST_NONE,
    PY_CONST_TRUE,
    PY_CONST_FALSE,
    PY_CONST_ELLIPSIS,
    PY_CONST_INT,
    PY_CONST_FLOAT,
    PY_CONST_IMAGINARY, /* number holds the factor of 1j */
    PY_CONST_STR,
    PY_CONST_BYTES,
};

struct py_constant {
    enum py_constant_kind kind;
    bool fits;          /* INT: integer holds it */
    bool has_surrogate; /* STR: holds a lone surrogate, in the manner of UTF-8 (WTF-8) */
    bool unknown_char;  /* STR: holds a \N{name} that retort does not know: refuse its value */
    bool u_prefix;      /* STR: written u"..." */
    union {
        int64_t integer;
        double number;
        size_t len; /* of text: STR, BYTES */
    };
    const char *text; /* STR (UTF-8), BYTES; INT that does not fit: decimal digits. Terminated */
    void *cache;      /* the evaluator's: the value made of it */
};

/* ---- nodes ---- */

struct py_node {
    enum py_node_kind kind;
    struct span span; /* as CPython's: without surrounding parentheses, but for tuples */
    bool parens;      /* an expression written in parentheses */
    union {
        struct py_function *function; /* FUNCTION_DEF, ASYNC_FUNCTION_DEF */
        struct py_class *class_def;   /* CLASS_DEF */
        struct py_node *value;        /* RETURN (or NULL), EXPR, AWAIT, YIELD (or NULL),
                                         YIELD_FROM, STARRED, MATCH_VALUE */
        struct py_nodes items;        /* DELETE, SET, LIST, TUPLE, JOINED,
                                         MATCH_SEQUENCE, MATCH_OR */
        struct { /* ASSIGN: targets = targets = value */
            struct py_nodes targets;
            struct py_node *value;
        } assign;
        struct py_type_alias *type_alias; /* TYPE_ALIAS */
        struct {                          /* AUG_ASSIGN */
            struct py_node *target, *value;
            enum py_binary_op op;
        } aug_assign;
        struct { /* ANN_ASSIGN */
            struct py_node *target, *annotation;
            struct py_node *value; /* or NULL */
            bool simple;           /* a plain name, without parentheses */
        } ann_assign;
        struct { /* FOR, ASYNC_FOR */
            struct py_node *target, *iter;
            struct py_nodes body, orelse;
        } for_loop;
        struct { /* IF, WHILE; elif is an IF in orelse */
            struct py_node *test;
            struct py_nodes body, orelse;
        } branch;
        struct { /* WITH, ASYNC_WITH */
            struct py_with_item *items;
            uint32_t item_count;
            struct py_nodes body;
        } with;
        struct { /* MATCH */
            struct py_node *subject;
            struct py_case *cases;
            uint32_t case_count;
        } match;
        struct { /* RAISE */
            struct py_node *exception, *cause; /* or NULL */
        } raise;
        struct py_try *try_block; /* TRY, TRY_STAR */
        struct {                  /* ASSERT */
            struct py_node *test, *message; /* message or NULL */
        } assertion;
        struct { /* IMPORT; IMPORT_FROM */
            struct py_alias *aliases;
            uint32_t alias_count;
            uint32_t level;               /* leading dots */
            const struct py_name *module; /* NULL: IMPORT, or from . import x */
        } import;
        struct { /* GLOBAL, NONLOCAL: nothing to evaluate */
            const struct py_name **at;
            uint32_t count;
        } names;

        struct { /* BOOL_OP: and/or over two or more operands */
            struct py_nodes operands;
            bool is_or;
        } bool_op;
        struct { /* NAMED: target is a NAME */
            struct py_node *target, *value;
        } named;
        struct { /* BINARY */
            struct py_node *left, *right;
            enum py_binary_op op;
        } binary;
        struct { /* UNARY */
            struct py_node *operand;
            enum py_unary_op op;
        } unary;
        struct { /* LAMBDA */
            struct py_params *params;
            struct py_node *body;
            struct py_scope *scope;
        } lambda;
        struct { /* CONDITIONAL */
            struct py_node *test, *body, *orelse;
        } conditional;
        struct { /* DICT: keys[i] NULL means **values[i] */
            struct py_node **keys, **values;
            uint32_t count;
        } dict;
        struct py_comprehension *comprehension; /* LIST_COMP, SET_COMP, DICT_COMP, GENERATOR */
        struct {                                /* COMPARE: left ops[0] operands[0] ops[1] ... */
            struct py_node *left;
            enum py_compare_op *ops;
            struct py_nodes operands;
        } compare;
        struct { /* CALL: all positional arguments (some STARRED), then the keywords */
            struct py_node *callee;
            struct py_nodes args;
            struct py_keywords keywords;
        } call;
        struct { /* FORMATTED: {value!conversion:spec} */
            struct py_node *value;
            struct py_node *spec; /* a JOINED, or NULL */
            char conversion;      /* 's', 'r', 'a', or 0 */
        } formatted;
        struct py_constant constant; /* CONSTANT */
        struct {                     /* ATTRIBUTE */
            struct py_node *value;
            const struct py_name *name;
            struct span name_span;
        } attribute;
        struct { /* SUBSCRIPT */
            struct py_node *value, *index;
        } subscript;
        struct py_ref name; /* NAME */
        struct {            /* SLICE: each or NULL */
            struct py_node *lower, *upper, *step;
        } slice;

        enum py_constant_kind singleton;        /* MATCH_SINGLETON: NONE, TRUE or FALSE */
        struct py_match_mapping *match_mapping; /* MATCH_MAPPING */
        struct py_match_class *match_class;     /* MATCH_CLASS */
        struct { /* MATCH_AS: pattern as ref; both absent: _. MATCH_STAR: *ref; no name: *_ */
            struct py_node *pattern;
            struct py_ref ref;
        } capture;
    } as;
};

struct py_module_ast {
    const struct source *source;
    struct py_nodes body;
    struct py_scope *scope; /* PY_SCOPE_MODULE */
    struct py_names *names;
    bool future_annotations; /* from __future__ import annotations */
};

/* The docstring of a module's, class's or function's body: its CONSTANT, or NULL. */
const struct py_node *py_docstring(const struct py_nodes *body);

#endif

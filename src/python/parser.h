/*
 * What the parser's files share. Only parse*.c include this.
 *
 * The grammar is read by recursive descent, expressions by operator precedence from a table. An
 * error leaves through fail() with a longjmp to py_parse(): everything lies in the arena, so
 * nothing leaks, and no parsing function returns NULL. Function names follow the grammar of the
 * Python reference (chapter 10).
 */
#ifndef PYTHON_PARSER_H
#define PYTHON_PARSER_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/vec.h"
#include "python/ast.h"
#include "python/lex.h"
#include "python/parse.h"

struct parser {
    struct arena *arena;
    const struct source *src;
    struct py_names *names;
    struct py_parse_limits limits;
    struct err *err;
    jmp_buf on_error;
    struct py_lexer lexer;
    VEC(struct py_token) tokens; /* all that the lexer has given so far */
    size_t at;                   /* the current one */
    size_t reached;              /* the furthest one that was parsed, not only glanced at */
    uint32_t last_end;           /* where the token before it ends */
    uint32_t line_end;           /* where the last line of simple statements ended, with its ";" */
    int depth;
};

VEC_DEFINE(node_vec, struct py_node *);

/* ---- tokens (parse.c) ---- */

struct py_token parser_peek(struct parser *p, size_t ahead);
struct py_token parser_take(struct parser *p);

/* The current token, if it has been looked at as one to be parsed; else NULL. */
static inline const struct py_token *parser_seen(const struct parser *p)
{
    return p->at < p->tokens.len && p->at <= p->reached ? &p->tokens.at[p->at] : NULL;
}

static inline enum py_token_kind parser_kind(struct parser *p)
{
    /* Asked many times for each token: the answer is mostly there. */
    const struct py_token *token = parser_seen(p);
    return token ? token->kind : parser_peek(p, 0).kind;
}

static inline uint32_t parser_start(struct parser *p)
{
    const struct py_token *token = parser_seen(p);
    return token ? token->span.start : parser_peek(p, 0).span.start;
}

/* Goes back to a token that was seen. */
void parser_rewind(struct parser *p, size_t at);

static inline bool parser_is(struct parser *p, enum py_token_kind kind)
{
    return parser_kind(p) == kind;
}

bool parser_accept(struct parser *p, enum py_token_kind kind);
struct py_token parser_expect(struct parser *p,
                              enum py_token_kind kind); /* else "invalid syntax" */

/* Whether the token that far ahead is a name with this text (a soft keyword). */
bool parser_is_word(struct parser *p, size_t ahead, const char *word);

/* ---- errors (parse.c) ---- */

/* Ends parsing. What the lexer has to say about the rest of the file goes first, as in CPython. */
_Noreturn void parser_fail(struct parser *p, uint32_t offset, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* "invalid syntax" at the current token. */
_Noreturn void parser_invalid(struct parser *p);

/* The same behind an element in brackets, where a comma may be what is missing. */
_Noreturn void parser_invalid_after(struct parser *p, const struct py_node *element);

/* Whether an expression can be read at the current token, which stays; for messages. */
bool parser_expression_follows(struct parser *p);

/* Depth: every function that can recurse enters and leaves. */
void parser_enter(struct parser *p);
static inline void parser_leave(struct parser *p)
{
    p->depth--;
}

/* ---- nodes (parse.c) ---- */

/* A node from start to the end of the token before the current one. */
struct py_node *parser_node(struct parser *p, enum py_node_kind kind, uint32_t start);
struct py_nodes parser_nodes(struct parser *p, const struct node_vec *nodes);

/* A fresh reference, still without a place. */
static inline struct py_ref parser_ref(struct py_token token)
{
    return (struct py_ref){.name = token.name, .span = token.span};
}

/* ---- expressions (parse_expr.c, parse_atom.c, parse_call.c, parse_string.c) ---- */

struct py_node *parse_expression(struct parser *p);       /* expression */
struct py_node *parse_named_expression(struct parser *p); /* with := */
struct py_node *parse_star_expressions(struct parser *p); /* a, *b, c: may be a tuple */
struct py_node *parse_yield_or_star_expressions(struct parser *p);
struct py_node *parse_star_named(struct parser *p);       /* *a, or a := b */
struct py_node *parse_disjunction(struct parser *p);      /* without if and lambda */
struct py_node *parse_bitwise_or(struct parser *p);       /* without comparisons */
struct py_node *parse_starred_bitwise_or(struct parser *p);
struct py_node *parse_primary(struct parser *p, bool awaits);
struct py_node *parse_atom(struct parser *p);
struct py_node *parse_strings(struct parser *p);
struct py_node *parse_lambda(struct parser *p);

/* Whether a token can begin an expression. */
bool parser_begins_expression(enum py_token_kind kind);

/* for ... in ... if ...: a comprehension around element, from start; value for a dict's. */
struct py_node *parse_comprehension(struct parser *p, enum py_node_kind kind, uint32_t start,
                                    struct py_node *element, struct py_node *value);
bool parser_at_comprehension(struct parser *p);

/* Arguments up to and with the closing parenthesis; the opening one is at open. */
void parse_arguments(struct parser *p, uint32_t open, struct py_nodes *args,
                     struct py_keywords *keywords);

/* Parameters of a def (annotated) or lambda, up to the closing token, which stays. */
void parse_params(struct parser *p, struct py_params *params, enum py_token_kind close);

/* ---- targets (parse_target.c) ---- */

enum target_use { TARGET_ASSIGN, TARGET_FOR, TARGET_DELETE, TARGET_WITH };

/* Fails unless node can be assigned to (or deleted). */
void parser_check_target(struct parser *p, const struct py_node *node, enum target_use use);

/* What CPython calls an expression: "function call", "literal". */
const char *parser_target_name(const struct py_node *node);

/* The targets of a for: a, *b, c. */
struct py_node *parse_for_targets(struct parser *p);

/* ---- statements (parse_simple.c, parse_compound.c, parse_def.c, parse_pattern.c) ---- */

void parse_statement(struct parser *p, struct node_vec *out); /* a line may hold several */
void parse_simple_statements(struct parser *p, struct node_vec *out);

/* The ':' in front of a block. */
void parser_take_colon(struct parser *p);

/* A compound statement ends with its last simple one, not with the line end or dedent behind. */
static inline void parser_end_block(const struct parser *p, struct py_node *node)
{
    node->span.end = p->line_end;
}

/* ':' and a block; what names the statement at offset, for the message when it has none. */
struct py_nodes parse_block(struct parser *p, const char *what, uint32_t offset);

struct py_node *parse_function_def(struct parser *p, struct py_nodes decorators, bool is_async,
                                   uint32_t start);
struct py_node *parse_class_def(struct parser *p, struct py_nodes decorators);
struct py_node *parse_decorated(struct parser *p);
struct py_type_params *parse_type_params(struct parser *p); /* NULL: there are none */
struct py_node *parse_match(struct parser *p);              /* NULL: it is no match statement */

#endif

#include "config.h"

#include "python/parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/source.h"
#include "base/utf8.h"
#include "python/parser.h"
#include "python/refusals.h"
#include "python/scope.h"

/* ---- tokens ---- */

struct py_token parser_peek(struct parser *p, size_t ahead)
{
    while (p->at + ahead >= p->tokens.len) {
        struct py_token token;
        if (!py_lex_next(&p->lexer, &token, p->err))
            longjmp(p->on_error, 1);
        vec_push(p->arena, &p->tokens, token);
    }
    if (ahead <= 1 && p->at + ahead > p->reached)
        p->reached = p->at + ahead;
    return p->tokens.at[p->at + ahead];
}

struct py_token parser_take(struct parser *p)
{
    const struct py_token *seen = parser_seen(p);
    struct py_token token = seen ? *seen : parser_peek(p, 0);
    if (token.kind != PY_TOKEN_END)
        p->at++;
    p->last_end = token.span.end;
    return token;
}

void parser_rewind(struct parser *p, size_t at)
{
    p->at = at;
    p->last_end = at > 0 ? p->tokens.at[at - 1].span.end : 0;
}

bool parser_accept(struct parser *p, enum py_token_kind kind)
{
    if (parser_kind(p) != kind)
        return false;
    parser_take(p);
    return true;
}

struct py_token parser_expect(struct parser *p, enum py_token_kind kind)
{
    if (parser_kind(p) != kind)
        parser_invalid(p);
    return parser_take(p);
}

bool parser_is_word(struct parser *p, size_t ahead, const char *word)
{
    struct py_token token = parser_peek(p, ahead);
    return token.kind == PY_TOKEN_NAME && strcmp(token.name->text, word) == 0;
}

/* ---- errors ---- */

/*
 * Reads the rest of the file for mistakes of the lexer's kind, which explain more than the
 * parser's: a string or bracket that never ends. True when err now holds such a one.
 */
static bool lexer_has_error(struct parser *p, uint32_t offset)
{
    struct py_token token = {0};
    do {
        if (!py_lex_next(&p->lexer, &token, p->err))
            return true;
    } while (token.kind != PY_TOKEN_END);
    if (p->lexer.bracket_count == 0)
        return false;
    const struct py_lex_bracket *open = &p->lexer.brackets[p->lexer.bracket_count - 1];
    uint32_t reached = p->tokens.len > p->reached ? p->tokens.at[p->reached].span.start : 0;
    if (offset < p->src->len &&
        source_place(p->src, reached).line <= source_place(p->src, open->offset).line)
        return false;
    return !py_lex_fail(&p->lexer, p->err, open->offset, "'%c' was never closed", open->open);
}

void parser_fail(struct parser *p, uint32_t offset, const char *fmt, ...)
{
    char text[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    if (!lexer_has_error(p, offset))
        py_lex_fail(&p->lexer, p->err, offset, "%s", text);
    longjmp(p->on_error, 1);
}

void parser_invalid(struct parser *p)
{
    struct py_token token = parser_peek(p, 0);
    const char *what = token.kind == PY_TOKEN_INDENT   ? "unexpected indent"
                       : token.kind == PY_TOKEN_DEDENT ? "unexpected unindent"
                                                       : "invalid syntax";
    parser_fail(p, token.span.start, "%s", what);
}

/* Whether an expression can be read here; what is wrong with it is of no interest. */
bool parser_expression_follows(struct parser *p)
{
    if (!parser_begins_expression(parser_kind(p)))
        return false;
    jmp_buf outer;
    memcpy(&outer, &p->on_error, sizeof(outer));
    size_t at = p->at;
    int depth = p->depth;
    struct py_lexer lexer = p->lexer;
    size_t tokens = p->tokens.len;
    struct err *err = p->err;
    struct err ignored = ERR_INIT;
    volatile bool good = false;
    p->err = &ignored;
    if (setjmp(p->on_error) == 0) {
        parse_expression(p);
        good = true;
    }
    err_clear(&ignored);
    p->err = err;
    if (!good) {
        p->lexer = lexer;
        p->tokens.len = tokens;
    }
    p->depth = depth;
    memcpy(&p->on_error, &outer, sizeof(outer));
    parser_rewind(p, at);
    return good;
}

void parser_invalid_after(struct parser *p, const struct py_node *element)
{
    if (parser_expression_follows(p))
        parser_fail(p, element->span.start, "invalid syntax. Perhaps you forgot a comma?");
    parser_invalid(p);
}

void parser_enter(struct parser *p)
{
    if (++p->depth > p->limits.depth) {
        err_set(p->err, ERR_LIMIT, "nested deeper than %d levels", p->limits.depth);
        err_diagnose(p->err, py_refusal_code(PY_REFUSE_LIMIT_NESTING));
        source_err(p->err, p->src, p->last_end);
        longjmp(p->on_error, 1);
    }
}

/* ---- nodes ---- */

struct py_node *parser_node(struct parser *p, enum py_node_kind kind, uint32_t start)
{
    struct py_node *node = ARENA_NEW(p->arena, struct py_node);
    node->kind = kind;
    node->span = (struct span){start, p->last_end};
    return node;
}

struct py_nodes parser_nodes(struct parser *p, const struct node_vec *nodes)
{
    struct py_nodes out = {.count = (uint32_t)nodes->len};
    if (nodes->len > 0)
        out.at = arena_memdup(p->arena, nodes->at, nodes->len * sizeof(nodes->at[0]));
    return out;
}

/* ---- modules ---- */

static bool check_text(const struct source *src, const struct py_parse_limits *limits,
                       struct err *err)
{
    size_t bad;
    if (src->len > limits->source_bytes) {
        err_set(err, ERR_LIMIT, "%s: larger than %zu bytes", src->path, limits->source_bytes);
        return err_diagnose(err, py_refusal_code(PY_REFUSE_LIMIT_SOURCE));
    }
    const char *nul = src->len ? memchr(src->text, 0, src->len) : NULL;
    if (nul) {
        err_set(err, ERR_PYTHON, "source code cannot contain null bytes");
        err_diagnose(err, py_refusal_code(PY_REFUSE_SYNTAX));
        return source_err(err, src, (size_t)(nul - src->text));
    }
    if (!utf8_valid(src->text, src->len, &bad)) {
        err_set(err, ERR_PYTHON,
                "(unicode error) 'utf-8' codec can't decode byte 0x%02x in position %zu",
                (unsigned)(unsigned char)src->text[bad], bad);
        err_diagnose(err, py_refusal_code(PY_REFUSE_ENCODING));
        return source_err(err, src, bad);
    }
    return true;
}

struct py_module_ast *py_parse(struct arena *a, const struct source *src, struct py_names *names,
                               const struct py_parse_limits *limits, struct err *err)
{
    enum { BYTES_PER_TOKEN = 4 }; /* as in revisions; more tokens find room too */
    static const struct py_parse_limits standard = PY_PARSE_LIMITS_DEFAULT;
    struct parser *p = ARENA_NEW(a, struct parser);
    p->limits = limits ? *limits : standard;
    if (!check_text(src, &p->limits, err))
        return NULL;
    p->arena = a;
    p->src = src;
    p->names = names ? names : py_names_new(a);
    p->err = err;
    py_lex_init(&p->lexer, src, p->names);
    vec_reserve(a, &p->tokens, src->len / BYTES_PER_TOKEN + 16);
    struct py_module_ast *module = ARENA_NEW(a, struct py_module_ast);
    module->source = src;
    module->names = p->names;
    if (setjmp(p->on_error))
        return NULL;
    struct node_vec body = {0};
    while (!parser_is(p, PY_TOKEN_END))
        parse_statement(p, &body);
    module->body = parser_nodes(p, &body);
    return py_scope_analyse(a, module, p->limits.depth, err) ? module : NULL;
}

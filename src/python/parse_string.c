#include "config.h"

#include "base/str.h"
#include "python/literal.h"
#include "python/parser.h"

/* Adjacent string literals as one value, and the replacement fields of f-strings. */

/* A run of literals: text gathers until a field comes, then becomes a part. */
struct joined {
    struct node_vec parts;
    struct str text;
    struct py_text_facts facts;
    uint32_t text_start, text_end; /* of what text was made from */
    bool is_bytes, u_prefix;
};

static void parse_fstring(struct parser *p, struct joined *j);

static void add_text(struct parser *p, struct joined *j, struct span span, unsigned kind)
{
    const char *problem;
    size_t offset;
    if (j->text.len == 0)
        j->text_start = span.start;
    j->text_end = span.end;
    if (!py_literal_text(p->arena, &j->text, p->src->text + span.start, span.end - span.start, kind,
                         &j->facts, &problem, &offset))
        parser_fail(p, span.start + (uint32_t)offset, "%s", problem);
}

static struct py_node *text_node(struct parser *p, struct joined *j)
{
    struct py_node *node = parser_node(p, PY_NODE_CONSTANT, j->text_start);
    size_t len = j->text.len;
    node->span.end = j->text_end;
    node->as.constant = (struct py_constant){
        .kind = j->is_bytes ? PY_CONST_BYTES : PY_CONST_STR,
        .text = str_take(&j->text),
        .len = len,
        .has_surrogate = j->facts.has_surrogate,
        .unknown_char = j->facts.unknown_char,
        .u_prefix = j->u_prefix,
    };
    j->facts = (struct py_text_facts){0};
    return node;
}

static void flush_text(struct parser *p, struct joined *j)
{
    if (j->text.len > 0)
        vec_push(p->arena, &j->parts, text_node(p, j));
}

/* ---- plain strings ---- */

struct prefix {
    uint32_t len, quotes;
    bool bytes, raw, u;
};

static struct prefix read_prefix(const char *s)
{
    struct prefix f = {0};
    for (; s[f.len] != '"' && s[f.len] != '\''; f.len++) {
        f.bytes |= (s[f.len] | 0x20) == 'b';
        f.raw |= (s[f.len] | 0x20) == 'r';
        f.u |= s[f.len] == 'u'; /* CPython keeps the kind of u"" only, not of U"" */
    }
    s += f.len;
    f.quotes = s[1] == s[0] && s[2] == s[0] ? 3 : 1;
    return f;
}

static void add_string(struct parser *p, struct joined *j, struct span span)
{
    struct prefix f = read_prefix(p->src->text + span.start);
    struct span inside = {span.start + f.len + f.quotes, span.end - f.quotes};
    unsigned kind = (f.raw ? PY_TEXT_RAW : 0u) | (f.bytes ? PY_TEXT_BYTES : 0u);
    add_text(p, j, inside, kind);
}

/* ---- f-strings ---- */

static void add_part(struct parser *p, struct joined *j, struct py_node *node)
{
    flush_text(p, j);
    vec_push(p->arena, &j->parts, node);
}

static void parse_field(struct parser *p, struct joined *j, bool raw);

/* A format specification, up to the } of its field. */
static struct py_node *parse_spec(struct parser *p, bool raw)
{
    uint32_t start = parser_start(p);
    struct joined j = {.text = STR_IN(p->arena)};
    for (;;) {
        if (parser_is(p, PY_TOKEN_FSTRING_MIDDLE))
            add_text(p, &j, parser_take(p).span, raw ? PY_TEXT_RAW : 0u);
        else if (parser_is(p, PY_TOKEN_LBRACE))
            parse_field(p, &j, raw);
        else
            break;
    }
    flush_text(p, &j);
    struct py_node *node = parser_node(p, PY_NODE_JOINED, start);
    node->as.items = parser_nodes(p, &j.parts);
    return node;
}

static char parse_conversion(struct parser *p)
{
    uint32_t mark = parser_take(p).span.end;
    struct py_token name = parser_peek(p, 0);
    if (name.kind != PY_TOKEN_NAME || name.span.start != mark)
        parser_fail(p, name.span.start, "f-string: invalid conversion character");
    const char *text = name.name->text;
    if (name.name->len != 1 || (text[0] != 's' && text[0] != 'r' && text[0] != 'a'))
        parser_fail(p, name.span.start,
                    "f-string: invalid conversion character '%s': expected 's', 'r', or 'a'", text);
    parser_take(p);
    return text[0];
}

/* {value=!conversion:spec} */
static void parse_field(struct parser *p, struct joined *j, bool raw)
{
    struct span brace = parser_take(p).span;
    enum py_token_kind kind = parser_kind(p);
    if (kind == PY_TOKEN_RBRACE || kind == PY_TOKEN_EXCLAMATION || kind == PY_TOKEN_COLON ||
        kind == PY_TOKEN_EQUAL)
        parser_fail(p, parser_start(p), "f-string: empty expression not allowed");
    struct py_node *value = parse_yield_or_star_expressions(p);
    char conversion = 0;
    struct py_node *spec = NULL;
    bool shows_source = parser_accept(p, PY_TOKEN_EQUAL);
    if (shows_source) /* f"{x = }" */
        add_text(p, j, (struct span){brace.end, parser_start(p)}, PY_TEXT_RAW);
    if (parser_is(p, PY_TOKEN_EXCLAMATION))
        conversion = parse_conversion(p);
    if (parser_accept(p, PY_TOKEN_COLON))
        spec = parse_spec(p, raw);
    else if (shows_source && !conversion)
        conversion = 'r';
    if (!parser_is(p, PY_TOKEN_RBRACE) && parser_expression_follows(p))
        parser_fail(p, value->span.start, "f-string: invalid syntax. Perhaps you forgot a comma?");
    if (!parser_is(p, PY_TOKEN_RBRACE))
        parser_fail(p, parser_start(p), "f-string: expecting '}'");
    parser_take(p);
    struct py_node *node = parser_node(p, PY_NODE_FORMATTED, brace.start);
    node->as.formatted.value = value;
    node->as.formatted.spec = spec;
    node->as.formatted.conversion = conversion;
    add_part(p, j, node);
}

static void parse_fstring(struct parser *p, struct joined *j)
{
    bool raw = read_prefix(p->src->text + parser_take(p).span.start).raw;
    while (!parser_accept(p, PY_TOKEN_FSTRING_END)) {
        if (parser_is(p, PY_TOKEN_FSTRING_MIDDLE))
            add_text(p, j, parser_take(p).span, PY_TEXT_FSTRING | (raw ? PY_TEXT_RAW : 0u));
        else
            parse_field(p, j, raw);
    }
}

struct py_node *parse_strings(struct parser *p)
{
    parser_enter(p);
    struct py_token first = parser_peek(p, 0);
    bool is_string = first.kind == PY_TOKEN_STRING, is_formatted = false;
    struct prefix prefix = read_prefix(p->src->text + first.span.start);
    struct joined j = {.text = STR_IN(p->arena),
                       .is_bytes = is_string && prefix.bytes,
                       .u_prefix = prefix.u,
                       .text_start = first.span.start};
    for (;;) {
        struct py_token token = parser_peek(p, 0);
        if (token.kind != PY_TOKEN_STRING && token.kind != PY_TOKEN_FSTRING_START)
            break;
        bool bytes = token.kind == PY_TOKEN_STRING &&
                     read_prefix(p->src->text + token.span.start).bytes;
        if (bytes != j.is_bytes)
            parser_fail(p, first.span.start, "cannot mix bytes and nonbytes literals");
        if (token.kind == PY_TOKEN_STRING) {
            add_string(p, &j, parser_take(p).span);
        } else {
            is_formatted = true;
            parse_fstring(p, &j);
        }
    }
    struct py_node *node;
    if (is_formatted) {
        flush_text(p, &j);
        node = parser_node(p, PY_NODE_JOINED, first.span.start);
        node->as.items = parser_nodes(p, &j.parts);
    } else {
        node = text_node(p, &j);
        node->span = (struct span){first.span.start, p->last_end};
    }
    parser_leave(p);
    return node;
}

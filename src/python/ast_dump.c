#include "config.h"

#include "python/ast_dump.h"

#include <inttypes.h>
#include <stdint.h>

#include "base/str.h"
#include "python/ast.h"

struct dump {
    struct str *out;
    bool spans;
    int in_fstring;
};

static void dump_node(struct dump *d, const struct py_node *node);

/* ---- parts ---- */

static void open_tag(struct dump *d, const char *tag, struct span span)
{
    str_addf(d->out, "(%s", tag);
    if (d->spans && d->in_fstring == 0)
        str_addf(d->out, "@%u-%u", span.start, span.end);
}

static void close_tag(struct dump *d)
{
    str_addc(d->out, ')');
}

static void dump_word(struct dump *d, const char *word)
{
    str_addf(d->out, " %s", word);
}

static void dump_name(struct dump *d, const struct py_name *name)
{
    dump_word(d, name ? name->text : "-");
}

static void dump_field(struct dump *d, const struct py_node *node)
{
    str_addc(d->out, ' ');
    dump_node(d, node);
}

static void dump_fields(struct dump *d, struct py_node *const *at, uint32_t count)
{
    str_add(d->out, " [");
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0)
            str_addc(d->out, ' ');
        dump_node(d, at[i]);
    }
    str_addc(d->out, ']');
}

static void dump_nodes(struct dump *d, const struct py_nodes *nodes)
{
    dump_fields(d, nodes->at, nodes->count);
}

static void dump_text(struct dump *d, const char *text, size_t len)
{
    str_addc(d->out, '"');
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\')
            str_addc(d->out, (char)c);
        else
            str_addf(d->out, "\\x%02x", (unsigned)c);
    }
    str_addc(d->out, '"');
}

static void dump_constant(struct dump *d, const struct py_constant *c)
{
    switch (c->kind) {
    case PY_CONST_NONE:
        dump_word(d, "None");
        break;
    case PY_CONST_TRUE:
        dump_word(d, "True");
        break;
    case PY_CONST_FALSE:
        dump_word(d, "False");
        break;
    case PY_CONST_ELLIPSIS:
        dump_word(d, "Ellipsis");
        break;
    case PY_CONST_INT:
        if (c->fits)
            str_addf(d->out, " %" PRId64, c->integer);
        else
            dump_word(d, c->text);
        break;
    case PY_CONST_FLOAT:
        str_addf(d->out, " %.17gf", c->number);
        break;
    case PY_CONST_IMAGINARY:
        str_addf(d->out, " %.17gj", c->number);
        break;
    case PY_CONST_STR:
    case PY_CONST_BYTES:
        str_add(d->out, c->kind == PY_CONST_BYTES ? " b" : c->u_prefix ? " u" : " ");
        dump_text(d, c->text, c->len);
        break;
    }
}

static void dump_param(struct dump *d, const struct py_param *param)
{
    if (!param) {
        dump_word(d, "-");
        return;
    }
    str_addf(d->out, " (arg %s", param->ref.name->text);
    dump_field(d, param->annotation);
    dump_field(d, param->default_value);
    close_tag(d);
}

/* (arguments positional-only... / positional... * keyword-only..., *args, **kwargs) */
static void dump_params(struct dump *d, const struct py_params *params)
{
    str_add(d->out, " (arguments");
    for (uint32_t i = 0; i < params->count; i++) {
        if (i > 0 && i == params->posonly_count)
            dump_word(d, "/");
        if (i == params->positional_count)
            dump_word(d, "*");
        dump_param(d, &params->at[i]);
    }
    dump_word(d, ",");
    dump_param(d, params->vararg);
    dump_param(d, params->kwarg);
    close_tag(d);
}

static void dump_keywords(struct dump *d, const struct py_keywords *keywords)
{
    str_add(d->out, " [");
    for (uint32_t i = 0; i < keywords->count; i++) {
        if (i > 0)
            str_addc(d->out, ' ');
        open_tag(d, "keyword", keywords->at[i].span);
        dump_name(d, keywords->at[i].name);
        dump_field(d, keywords->at[i].value);
        close_tag(d);
    }
    str_addc(d->out, ']');
}

static void dump_type_params(struct dump *d, const struct py_type_params *params)
{
    static const char *const tags[] = {
        [PY_TYPE_VAR] = "TypeVar",
        [PY_TYPE_VAR_TUPLE] = "TypeVarTuple",
        [PY_PARAM_SPEC] = "ParamSpec",
    };
    str_add(d->out, " [");
    for (uint32_t i = 0; params && i < params->count; i++) {
        const struct py_type_param *param = &params->at[i];
        str_addf(d->out, "%s(%s %s", i > 0 ? " " : "", tags[param->kind], param->ref.name->text);
        dump_field(d, param->bound);
        dump_field(d, param->default_value);
        close_tag(d);
    }
    str_addc(d->out, ']');
}

/* ---- statements ---- */

static void dump_function(struct dump *d, const struct py_function *f)
{
    dump_name(d, f->ref.name);
    dump_params(d, &f->params);
    dump_nodes(d, &f->body);
    dump_nodes(d, &f->decorators);
    dump_field(d, f->returns);
    dump_type_params(d, f->type_params);
}

static void dump_class(struct dump *d, const struct py_class *c)
{
    dump_name(d, c->ref.name);
    dump_nodes(d, &c->bases);
    dump_keywords(d, &c->keywords);
    dump_nodes(d, &c->body);
    dump_nodes(d, &c->decorators);
    dump_type_params(d, c->type_params);
}

static void dump_try(struct dump *d, const struct py_try *t)
{
    dump_nodes(d, &t->body);
    str_add(d->out, " [");
    for (uint32_t i = 0; i < t->handler_count; i++) {
        const struct py_handler *h = &t->handlers[i];
        if (i > 0)
            str_addc(d->out, ' ');
        open_tag(d, "ExceptHandler", h->span);
        dump_field(d, h->type);
        dump_name(d, h->ref.name);
        dump_nodes(d, &h->body);
        close_tag(d);
    }
    str_addc(d->out, ']');
    dump_nodes(d, &t->orelse);
    dump_nodes(d, &t->finally_body);
}

static void dump_with(struct dump *d, const struct py_node *node)
{
    str_add(d->out, " [");
    for (uint32_t i = 0; i < node->as.with.item_count; i++) {
        str_add(d->out, i > 0 ? " (withitem" : "(withitem");
        dump_field(d, node->as.with.items[i].context);
        dump_field(d, node->as.with.items[i].target);
        close_tag(d);
    }
    str_addc(d->out, ']');
    dump_nodes(d, &node->as.with.body);
}

static void dump_match(struct dump *d, const struct py_node *node)
{
    dump_field(d, node->as.match.subject);
    str_add(d->out, " [");
    for (uint32_t i = 0; i < node->as.match.case_count; i++) {
        str_add(d->out, i > 0 ? " (match_case" : "(match_case");
        dump_field(d, node->as.match.cases[i].pattern);
        dump_field(d, node->as.match.cases[i].guard);
        dump_nodes(d, &node->as.match.cases[i].body);
        close_tag(d);
    }
    str_addc(d->out, ']');
}

static void dump_import(struct dump *d, const struct py_node *node)
{
    if (node->kind == PY_NODE_IMPORT_FROM)
        dump_name(d, node->as.import.module);
    str_add(d->out, " [");
    for (uint32_t i = 0; i < node->as.import.alias_count; i++) {
        const struct py_alias *alias = &node->as.import.aliases[i];
        if (i > 0)
            str_addc(d->out, ' ');
        open_tag(d, "alias", alias->span);
        dump_name(d, alias->name);
        dump_name(d, alias->as);
        close_tag(d);
    }
    str_addc(d->out, ']');
    if (node->kind == PY_NODE_IMPORT_FROM)
        str_addf(d->out, " %u", node->as.import.level);
}

static void dump_names(struct dump *d, const struct py_node *node)
{
    str_add(d->out, " [");
    for (uint32_t i = 0; i < node->as.names.count; i++)
        str_addf(d->out, "%s%s", i > 0 ? " " : "", node->as.names.at[i]->text);
    str_addc(d->out, ']');
}

/* False: not a statement that this function knows. */
static bool dump_simple(struct dump *d, const struct py_node *node)
{
    switch ((int)node->kind) {
    case PY_NODE_ASSIGN:
        dump_nodes(d, &node->as.assign.targets);
        dump_field(d, node->as.assign.value);
        return true;
    case PY_NODE_TYPE_ALIAS:
        dump_name(d, node->as.type_alias->ref.name);
        dump_type_params(d, node->as.type_alias->type_params);
        dump_field(d, node->as.type_alias->value);
        return true;
    case PY_NODE_AUG_ASSIGN:
        dump_field(d, node->as.aug_assign.target);
        dump_word(d, py_binary_op_info(node->as.aug_assign.op)->tag);
        dump_field(d, node->as.aug_assign.value);
        return true;
    case PY_NODE_ANN_ASSIGN:
        dump_field(d, node->as.ann_assign.target);
        dump_field(d, node->as.ann_assign.annotation);
        dump_field(d, node->as.ann_assign.value);
        dump_word(d, node->as.ann_assign.simple ? "1" : "0");
        return true;
    case PY_NODE_RAISE:
        dump_field(d, node->as.raise.exception);
        dump_field(d, node->as.raise.cause);
        return true;
    case PY_NODE_ASSERT:
        dump_field(d, node->as.assertion.test);
        dump_field(d, node->as.assertion.message);
        return true;
    case PY_NODE_IMPORT:
    case PY_NODE_IMPORT_FROM:
        dump_import(d, node);
        return true;
    case PY_NODE_GLOBAL:
    case PY_NODE_NONLOCAL:
        dump_names(d, node);
        return true;
    default:
        return false;
    }
}

static bool dump_compound(struct dump *d, const struct py_node *node)
{
    switch ((int)node->kind) {
    case PY_NODE_FUNCTION_DEF:
    case PY_NODE_ASYNC_FUNCTION_DEF:
        dump_function(d, node->as.function);
        return true;
    case PY_NODE_CLASS_DEF:
        dump_class(d, node->as.class_def);
        return true;
    case PY_NODE_FOR:
    case PY_NODE_ASYNC_FOR:
        dump_field(d, node->as.for_loop.target);
        dump_field(d, node->as.for_loop.iter);
        dump_nodes(d, &node->as.for_loop.body);
        dump_nodes(d, &node->as.for_loop.orelse);
        return true;
    case PY_NODE_WHILE:
    case PY_NODE_IF:
        dump_field(d, node->as.branch.test);
        dump_nodes(d, &node->as.branch.body);
        dump_nodes(d, &node->as.branch.orelse);
        return true;
    case PY_NODE_WITH:
    case PY_NODE_ASYNC_WITH:
        dump_with(d, node);
        return true;
    case PY_NODE_MATCH:
        dump_match(d, node);
        return true;
    case PY_NODE_TRY:
    case PY_NODE_TRY_STAR:
        dump_try(d, node->as.try_block);
        return true;
    default:
        return false;
    }
}

/* ---- expressions ---- */

static void dump_comprehension(struct dump *d, const struct py_comprehension *c)
{
    dump_field(d, c->element);
    if (c->value)
        dump_field(d, c->value);
    str_add(d->out, " [");
    for (uint32_t i = 0; i < c->clause_count; i++) {
        str_add(d->out, i > 0 ? " (comprehension" : "(comprehension");
        dump_field(d, c->clauses[i].target);
        dump_field(d, c->clauses[i].iter);
        dump_nodes(d, &c->clauses[i].conditions);
        dump_word(d, c->clauses[i].is_async ? "1" : "0");
        close_tag(d);
    }
    str_addc(d->out, ']');
}

static void dump_compare(struct dump *d, const struct py_node *node)
{
    const struct py_nodes *operands = &node->as.compare.operands;
    dump_field(d, node->as.compare.left);
    str_add(d->out, " [");
    for (uint32_t i = 0; i < operands->count; i++)
        str_addf(d->out, "%s%s", i > 0 ? " " : "",
                 py_compare_op_info(node->as.compare.ops[i])->tag);
    str_addc(d->out, ']');
    dump_nodes(d, operands);
}

static void dump_formatted(struct dump *d, const struct py_node *node)
{
    dump_field(d, node->as.formatted.value);
    if (node->as.formatted.conversion)
        str_addf(d->out, " %c", node->as.formatted.conversion);
    else
        dump_word(d, "-");
    dump_field(d, node->as.formatted.spec);
}

static bool dump_operation(struct dump *d, const struct py_node *node)
{
    switch ((int)node->kind) {
    case PY_NODE_BOOL_OP:
        dump_word(d, node->as.bool_op.is_or ? "Or" : "And");
        dump_nodes(d, &node->as.bool_op.operands);
        return true;
    case PY_NODE_NAMED:
        dump_field(d, node->as.named.target);
        dump_field(d, node->as.named.value);
        return true;
    case PY_NODE_BINARY:
        dump_field(d, node->as.binary.left);
        dump_word(d, py_binary_op_info(node->as.binary.op)->tag);
        dump_field(d, node->as.binary.right);
        return true;
    case PY_NODE_UNARY:
        dump_word(d, py_unary_op_info(node->as.unary.op)->tag);
        dump_field(d, node->as.unary.operand);
        return true;
    case PY_NODE_LAMBDA:
        dump_params(d, node->as.lambda.params);
        dump_field(d, node->as.lambda.body);
        return true;
    case PY_NODE_CONDITIONAL:
        dump_field(d, node->as.conditional.test);
        dump_field(d, node->as.conditional.body);
        dump_field(d, node->as.conditional.orelse);
        return true;
    case PY_NODE_COMPARE:
        dump_compare(d, node);
        return true;
    default:
        return false;
    }
}

static bool dump_primary(struct dump *d, const struct py_node *node)
{
    switch ((int)node->kind) {
    case PY_NODE_DICT:
        dump_fields(d, node->as.dict.keys, node->as.dict.count);
        dump_fields(d, node->as.dict.values, node->as.dict.count);
        return true;
    case PY_NODE_LIST_COMP:
    case PY_NODE_SET_COMP:
    case PY_NODE_DICT_COMP:
    case PY_NODE_GENERATOR:
        dump_comprehension(d, node->as.comprehension);
        return true;
    case PY_NODE_CALL:
        dump_field(d, node->as.call.callee);
        dump_nodes(d, &node->as.call.args);
        dump_keywords(d, &node->as.call.keywords);
        return true;
    case PY_NODE_FORMATTED:
        dump_formatted(d, node);
        return true;
    case PY_NODE_CONSTANT:
        dump_constant(d, &node->as.constant);
        return true;
    case PY_NODE_ATTRIBUTE:
        dump_field(d, node->as.attribute.value);
        dump_name(d, node->as.attribute.name);
        return true;
    case PY_NODE_SUBSCRIPT:
        dump_field(d, node->as.subscript.value);
        dump_field(d, node->as.subscript.index);
        return true;
    case PY_NODE_NAME:
        dump_name(d, node->as.name.name);
        return true;
    case PY_NODE_SLICE:
        dump_field(d, node->as.slice.lower);
        dump_field(d, node->as.slice.upper);
        dump_field(d, node->as.slice.step);
        return true;
    default:
        return false;
    }
}

/* ---- patterns ---- */

static bool dump_pattern(struct dump *d, const struct py_node *node)
{
    switch ((int)node->kind) {
    case PY_NODE_MATCH_SINGLETON:
        dump_constant(d, &(struct py_constant){.kind = node->as.singleton});
        return true;
    case PY_NODE_MATCH_MAPPING:
        dump_fields(d, node->as.match_mapping->keys, node->as.match_mapping->count);
        dump_fields(d, node->as.match_mapping->patterns, node->as.match_mapping->count);
        dump_name(d, node->as.match_mapping->rest.name);
        return true;
    case PY_NODE_MATCH_CLASS: {
        const struct py_match_class *c = node->as.match_class;
        dump_field(d, c->callee);
        dump_nodes(d, &c->patterns);
        str_add(d->out, " [");
        for (uint32_t i = 0; i < c->keyword_patterns.count; i++)
            str_addf(d->out, "%s%s", i > 0 ? " " : "", c->names[i]->text);
        str_addc(d->out, ']');
        dump_nodes(d, &c->keyword_patterns);
        return true;
    }
    case PY_NODE_MATCH_STAR:
        dump_name(d, node->as.capture.ref.name);
        return true;
    case PY_NODE_MATCH_AS:
        dump_field(d, node->as.capture.pattern);
        dump_name(d, node->as.capture.ref.name);
        return true;
    default:
        return false;
    }
}

/* What has one value, or only items, or nothing. */
static void dump_rest(struct dump *d, const struct py_node *node)
{
    switch ((int)node->kind) {
    case PY_NODE_RETURN:
    case PY_NODE_EXPR:
    case PY_NODE_AWAIT:
    case PY_NODE_YIELD:
    case PY_NODE_YIELD_FROM:
    case PY_NODE_STARRED:
    case PY_NODE_MATCH_VALUE:
        dump_field(d, node->as.value);
        break;
    case PY_NODE_PASS:
    case PY_NODE_BREAK:
    case PY_NODE_CONTINUE:
        break;
    default:
        dump_nodes(d, &node->as.items);
    }
}

static void dump_node(struct dump *d, const struct py_node *node)
{
    if (!node) {
        str_addc(d->out, '-');
        return;
    }
    open_tag(d, py_node_kind_tag(node->kind), node->span);
    d->in_fstring += node->kind == PY_NODE_JOINED;
    if (!dump_simple(d, node) && !dump_compound(d, node) && !dump_operation(d, node) &&
        !dump_primary(d, node) && !dump_pattern(d, node))
        dump_rest(d, node);
    d->in_fstring -= node->kind == PY_NODE_JOINED;
    close_tag(d);
}

void py_ast_dump(struct str *out, const struct py_module_ast *module, bool spans)
{
    struct dump d = {.out = out, .spans = spans};
    for (uint32_t i = 0; i < module->body.count; i++) {
        dump_node(&d, module->body.at[i]);
        str_addc(out, '\n');
    }
}

#include "config.h"

#include "alembic/template_compile.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/quote.h"

enum { MAX_NESTING = 50 };

struct compiler {
    struct arena *arena;
    const struct template_source *source;
    struct template_program *program;
    struct err *err;
    const char *s; /* the template, terminated */
    size_t len, at;
    int line;             /* at `at` */
    struct str literal;       /* text not written yet */
    int literal_line;
    const char *open[MAX_NESTING]; /* words of the control lines that are open */
    size_t depth;
    bool empty[MAX_NESTING + 1]; /* nothing stands in the block yet */
    struct map names;
};

void template_source_line(const struct template_source *source, int line, struct err *err)
{
    const char *p = source->text;
    for (int i = 1; i < line && p; i++) {
        p = strchr(p, '\n');
        p = p ? p + 1 : NULL;
    }
    if (p)
        err_source_line(err, p, strcspn(p, "\r\n"));
}

static bool refuse(struct compiler *c, int line, const char *what)
{
    err_set(c->err, ERR_CONFIG, "template: %s", what);
    err_at(c->err, c->source->path, line, 0);
    template_source_line(c->source, line, c->err);
    return false;
}

static int count_newlines(const char *s, size_t len)
{
    int n = 0;
    for (size_t i = 0; i < len; i++)
        n += s[i] == '\n';
    return n;
}

/* ------------------------------------------------------------------ output */

/* Appends Python lines at the depth of the open blocks; text has no line end at its end. */
static void emit(struct compiler *c, const char *text, size_t len, int line, size_t depth)
{
    for (size_t i = 0; i <= len;) {
        const char *end = memchr(text + i, '\n', len - i);
        size_t n = end ? (size_t)(end - text) - i : len - i;
        if (i == 0)
            str_fill(&c->program->text, ' ', depth * 4);
        str_addn(&c->program->text, text + i, n);
        str_addc(&c->program->text, '\n');
        vec_push(c->arena, &c->program->lines, line++);
        i += n + 1;
    }
    c->empty[depth] = false;
}

static void flush(struct compiler *c)
{
    struct str call = STR_IN(c->arena);
    if (c->literal.len == 0)
        return;
    str_add(&call, "_retort_write(");
    quote_python(&call, c->literal.ptr, c->literal.len, false);
    str_addc(&call, ')');
    emit(c, call.ptr, call.len, c->literal_line, c->depth);
    str_cut(&c->literal, 0);
}

static void add_literal(struct compiler *c, const char *text, size_t len)
{
    if (c->literal.len == 0)
        c->literal_line = c->line;
    str_addn(&c->literal, text, len);
}

/* ------------------------------------------------------------------ Python inside */

static bool is_keyword(const char *word)
{
    static const char *const keywords[] = {
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class",
        "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global",
        "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return",
        "try", "while", "with", "yield"};
    for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
        if (strcmp(keywords[i], word) == 0)
            return true;
    return false;
}

static bool is_word(char ch)
{
    return isalnum((unsigned char)ch) || ch == '_';
}

/* The end of a string literal that begins at `at`, behind its quotes; len when it has none. */
static size_t string_end(const char *s, size_t at, size_t len)
{
    char quote = s[at];
    size_t width = at + 2 < len && s[at + 1] == quote && s[at + 2] == quote ? 3 : 1;
    for (size_t i = at + width; i < len; i++) {
        if (s[i] == '\\')
            i++;
        else if (s[i] == quote && (width == 1 || (i + 2 < len && s[i + 1] == quote &&
                                                   s[i + 2] == quote)))
            return i + width;
        else if (width == 1 && s[i] == '\n')
            return len;
    }
    return len;
}

/* Notes the identifiers of a piece of Python: those that stand behind a dot are attributes. */
static void note_names(struct compiler *c, const char *s, size_t len)
{
    for (size_t i = 0; i < len;) {
        if (s[i] == '\'' || s[i] == '"') {
            i = string_end(s, i, len);
        } else if (isdigit((unsigned char)s[i])) {
            while (i < len && is_word(s[i]))
                i++;
        } else if (is_word(s[i])) {
            size_t start = i;
            while (i < len && is_word(s[i]))
                i++;
            const char *word = arena_strndup(c->arena, s + start, i - start);
            bool attribute = start > 0 && s[start - 1] == '.';
            bool quoted = i < len && (s[i] == '\'' || s[i] == '"');
            if (!attribute && !quoted && !is_keyword(word) && !map_has(&c->names, word)) {
                map_put(&c->names, word, c);
                vec_push(c->arena, &c->program->names, word);
            }
        } else {
            i++;
        }
    }
}

/*
 * Finds the end of Python that stops at `stop` (or at `other`, when not 0) outside of strings and
 * brackets. SIZE_MAX: there is none.
 */
static size_t python_end(const char *s, size_t at, size_t len, const char *stop, char other)
{
    size_t nesting = 0, width = strlen(stop);
    for (size_t i = at; i < len;) {
        bool brackets = other != 0;
        if (nesting == 0 && (strncmp(s + i, stop, width) == 0 || (other && s[i] == other)))
            return i;
        if (s[i] == '\'' || s[i] == '"') {
            i = string_end(s, i, len);
            continue;
        }
        if (s[i] == '#' && memchr(s + i, '\n', len - i)) {
            i = (size_t)((const char *)memchr(s + i, '\n', len - i) - s);
            continue;
        }
        if (brackets && strchr("([{", s[i]))
            nesting++;
        else if (brackets && nesting > 0 && strchr(")]}", s[i]))
            nesting--;
        i++;
    }
    return SIZE_MAX;
}

/* ------------------------------------------------------------------ expressions */

/* The function of a filter; NULL: refused. "n" has none and is "". */
static const char *filter_function(const char *name)
{
    static const struct {
        const char *name, *function;
    } filters[] = {
        {"n", ""},           {"comma", "_retort_comma"}, {"str", "str"},
        {"unicode", "str"},  {"trim", "_retort_trim"},   {"h", "_retort_escape"},
        {"x", "_retort_escape"}, {"repr", "repr"},
    };
    for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
        if (strcmp(filters[i].name, name) == 0)
            return filters[i].function;
    return NULL;
}

/* Wraps calls of the filters around the expression, the first innermost. */
static bool add_filters(struct compiler *c, const char *list, size_t len, struct str *before,
                        struct str *after)
{
    struct str calls = STR_IN(c->arena);
    bool plain = false;
    for (size_t i = 0; i < len;) {
        size_t n = 0;
        while (i < len && (isspace((unsigned char)list[i]) || list[i] == ','))
            i++;
        while (i + n < len && is_word(list[i + n]))
            n++;
        if (n == 0 && i < len)
            return refuse(c, c->line, "a filter that is no plain name is not supported");
        if (n == 0)
            break;
        const char *name = arena_strndup(c->arena, list + i, n);
        const char *function = filter_function(name);
        if (!function)
            return refuse(c, c->line,
                          arena_printf(c->arena, "the filter '%s' is not supported", name));
        plain = plain || strcmp(name, "n") == 0;
        if (*function) {
            const char *inner = arena_strndup(c->arena, calls.ptr, calls.len);
            str_cut(&calls, 0);
            str_addf(&calls, "%s(%s", function, inner);
            str_addc(after, ')');
        }
        i += n;
    }
    str_add(before, calls.ptr);
    if (!plain) {
        str_add(before, "str(");
        str_addc(after, ')');
    }
    return true;
}

/* ${ expression | filters } */
static bool take_expression(struct compiler *c)
{
    size_t start = c->at + 2, bar = python_end(c->s, start, c->len, "}", '|');
    struct str before = STR_IN(c->arena), after = STR_IN(c->arena), text = STR_IN(c->arena);
    size_t end = bar;
    if (bar != SIZE_MAX && c->s[bar] == '|')
        end = python_end(c->s, bar + 1, c->len, "}", '}');
    if (end == SIZE_MAX)
        return refuse(c, c->line, "${ is not closed");
    flush(c);
    if (!add_filters(c, c->s + bar + 1, end > bar ? end - bar - 1 : 0, &before, &after))
        return false;
    str_addf(&text, "_retort_write(%s(", before.ptr);
    str_addn(&text, c->s + start, bar - start);
    str_addf(&text, ")%s)", after.ptr);
    note_names(c, c->s + start, bar - start);
    emit(c, text.ptr, text.len, c->line, c->depth);
    c->line += count_newlines(c->s + c->at, end + 1 - c->at);
    c->at = end + 1;
    return true;
}

/* ------------------------------------------------------------------ control lines */

static bool one_of(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

/* A block without anything in it needs a statement. */
static void fill_block(struct compiler *c)
{
    if (c->empty[c->depth])
        emit(c, "pass", 4, c->line, c->depth);
}

/* The " in " of a for line, outside of strings and brackets; SIZE_MAX: there is none. */
static size_t find_in(const char *s, size_t len)
{
    size_t nesting = 0;
    for (size_t i = 0; i + 4 <= len; i++) {
        if (s[i] == '\'' || s[i] == '"')
            i = string_end(s, i, len) - 1;
        else if (strchr("([{", s[i]))
            nesting++;
        else if (nesting > 0 && strchr(")]}", s[i]))
            nesting--;
        else if (nesting == 0 && strncmp(s + i, " in ", 4) == 0)
            return i;
    }
    return SIZE_MAX;
}

/* `% for x in items:`; what is gone through is known as `loop` inside. */
static bool emit_for(struct compiler *c, const char *text, size_t len)
{
    size_t in = find_in(text, len), end = len;
    struct str line = STR_IN(c->arena);
    if (in == SIZE_MAX || text[len - 1] != ':')
        return refuse(c, c->line, "a control line 'for' without 'in' or ':'");
    end--;
    str_add(&line, "loop = _retort_Loop((");
    str_addn(&line, text + in + 4, end - in - 4);
    str_add(&line, "), loop)");
    emit(c, line.ptr, line.len, c->line, c->depth);
    str_cut(&line, 0);
    str_addn(&line, text, in);
    str_add(&line, " in loop:");
    emit(c, line.ptr, line.len, c->line, c->depth);
    return true;
}

static bool end_block(struct compiler *c, const char *word)
{
    if (c->depth == 0 || strcmp(c->open[c->depth - 1], word + strlen("end")) != 0)
        return refuse(c, c->line, arena_printf(c->arena, "'%s' does not fit here", word));
    fill_block(c);
    c->depth--;
    if (strcmp(word, "endfor") == 0)
        emit(c, "loop = loop.parent", strlen("loop = loop.parent"), c->line, c->depth);
    return true;
}

static bool take_control(struct compiler *c, const char *text, size_t len)
{
    static const char *const openers[] = {"if", "for", "while", "try", "with", NULL};
    static const char *const middles[] = {"elif", "else", "except", "finally", NULL};
    size_t n = 0;
    while (n < len && is_word(text[n]))
        n++;
    const char *word = arena_strndup(c->arena, text, n);
    if (strncmp(word, "end", 3) == 0)
        return end_block(c, word);
    note_names(c, text, len);
    if (one_of(word, middles) && c->depth > 0) {
        fill_block(c);
        emit(c, text, len, c->line, c->depth - 1);
        c->empty[c->depth] = true;
        return true;
    }
    if (!one_of(word, openers))
        return refuse(c, c->line,
                      arena_printf(c->arena, "the control line '%% %s' is not supported", word));
    if (c->depth + 1 >= MAX_NESTING)
        return refuse(c, c->line, "control lines are nested too deeply");
    if (strcmp(word, "for") != 0)
        emit(c, text, len, c->line, c->depth);
    else if (!emit_for(c, text, len))
        return false;
    c->open[c->depth++] = word;
    c->empty[c->depth] = true;
    return true;
}

static bool take_text(struct compiler *c)
{
    const char *p = c->s + c->at;
    if (p[0] == '\\' && (p[1] == '\n' || (p[1] == '\r' && p[2] == '\n'))) {
        c->at += p[1] == '\n' ? 2 : 3; /* the line goes on */
        c->line++;
        return true;
    }
    add_literal(c, p, 1);
    c->line += *p == '\n';
    c->at++;
    return true;
}

/* The end of a line, before its line end. */
static size_t line_end(const struct compiler *c, size_t at)
{
    while (at < c->len && c->s[at] != '\n')
        at++;
    return at;
}

/*
 * What only stands at the beginning of a line: comments and control lines. *taken says whether it
 * was one, or a doubled percent sign, which stands for one.
 */
static bool take_line(struct compiler *c, bool *taken)
{
    size_t i = c->at, end = line_end(c, c->at);
    while (i < end && (c->s[i] == ' ' || c->s[i] == '\t'))
        i++;
    bool comment = c->s[i] == '#' && c->s[i + 1] == '#';
    *taken = comment || (c->s[i] == '%' && c->s[i + 1] != '%');
    if (!*taken && c->s[i] == '%' && c->at > 0) {
        c->at++; /* what Mako skips; behind blanks that is a blank */
        return take_text(c) && (*taken = true);
    }
    if (!*taken)
        return true;
    flush(c);
    while (!comment && end > i && end < c->len && c->s[end - 1] == '\\')
        end = line_end(c, end + 1);
    size_t from = i + 1, to = end;
    while (from < to && (c->s[from] == ' ' || c->s[from] == '\t'))
        from++;
    while (to > from && isspace((unsigned char)c->s[to - 1]))
        to--;
    if (!comment && !take_control(c, c->s + from, to - from))
        return false;
    end += end < c->len;
    c->line += count_newlines(c->s + c->at, end - c->at);
    c->at = end;
    return true;
}

/* ------------------------------------------------------------------ blocks and tags */

/* Blanks at the beginning of the first line of a block that holds something. */
static size_t block_indent(const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        size_t blanks = 0;
        while (i + blanks < len && (text[i + blanks] == ' ' || text[i + blanks] == '\t'))
            blanks++;
        if (i + blanks < len && text[i + blanks] != '\n' && text[i + blanks] != '\r')
            return blanks;
        while (i < len && text[i] != '\n')
            i++;
        i++;
    }
    return 0;
}

/* <% ... %> and <%! ... %>: each line moved to the depth of the open blocks. */
static bool take_block(struct compiler *c)
{
    size_t start = c->at + 2 + (c->s[c->at + 2] == '!');
    size_t end = python_end(c->s, start, c->len, "%>", 0);
    if (end == SIZE_MAX)
        return refuse(c, c->line, "<% is not closed");
    flush(c);
    size_t indent = block_indent(c->s + start, end - start);
    int line = c->line;
    note_names(c, c->s + start, end - start);
    for (size_t i = start; i < end;) {
        size_t stop = i;
        while (stop < end && c->s[stop] != '\n')
            stop++;
        size_t from = i, to = stop;
        for (size_t k = 0; k < indent && from < to && isblank((unsigned char)c->s[from]); k++)
            from++;
        while (to > from && isspace((unsigned char)c->s[to - 1]))
            to--;
        if (to > from)
            emit(c, c->s + from, to - from, line, c->depth);
        line++;
        i = stop + 1;
    }
    c->line += count_newlines(c->s + c->at, end + 2 - c->at);
    c->at = end + 2;
    return true;
}

/* <%name ...>: <%doc> is a comment, <%text> is text, <%page/> says nothing that matters here. */
static bool take_tag(struct compiler *c)
{
    static const struct {
        const char *open, *close;
        bool text;
    } tags[] = {
        {"<%doc>", "</%doc>", false}, {"<%text>", "</%text>", true}, {"<%page", "/>", false}};
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
        size_t width = strlen(tags[i].open);
        if (strncmp(c->s + c->at, tags[i].open, width) != 0)
            continue;
        const char *end = strstr(c->s + c->at, tags[i].close);
        if (!end)
            return refuse(c, c->line, arena_printf(c->arena, "%s is not closed", tags[i].open));
        size_t stop = (size_t)(end - c->s);
        if (tags[i].text)
            add_literal(c, c->s + c->at + width, stop - c->at - width);
        stop += strlen(tags[i].close);
        c->line += count_newlines(c->s + c->at, stop - c->at);
        c->at = stop;
        return true;
    }
    size_t n = 2;
    while (is_word(c->s[c->at + n]))
        n++;
    return refuse(c, c->line, arena_printf(c->arena, "the tag '%.*s' is not supported", (int)n,
                                           c->s + c->at));
}

/* ------------------------------------------------------------------ the whole */

static bool take_piece(struct compiler *c)
{
    const char *p = c->s + c->at;
    bool taken = false;
    if ((c->at == 0 || p[-1] == '\n') && !take_line(c, &taken))
        return false;
    if (taken)
        return true;
    p = c->s + c->at;
    if (p[0] == '$' && p[1] == '{')
        return take_expression(c);
    if (p[0] == '<' && p[1] == '%' && (p[2] == '!' || isspace((unsigned char)p[2])))
        return take_block(c);
    if (p[0] == '<' && p[1] == '%')
        return take_tag(c);
    return take_text(c);
}

bool template_compile(struct arena *a, const struct template_source *source,
                      struct template_program *out, struct err *err)
{
    struct compiler c = {
        .arena = a,
        .source = source,
        .program = out,
        .err = err,
        .s = arena_strndup(a, source->text, source->len),
        .len = source->len,
        .line = 1,
        .literal = STR_IN(a),
        .names = MAP_IN(a),
    };
    if (memchr(source->text, '\0', source->len))
        return refuse(&c, 1, "a NUL character stands in it");
    while (c.at < c.len)
        if (!take_piece(&c))
            return false;
    flush(&c);
    if (c.depth > 0)
        return refuse(&c, c.line, arena_printf(a, "'%% %s' is not ended", c.open[c.depth - 1]));
    return true;
}

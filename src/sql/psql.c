#include "config.h"

#include "sql/psql.h"

#include <stdint.h>
#include <string.h>

#include <pg_query.h>

#include "base/err.h"
#include "base/str.h"

/*
 * The scanner's answer is a message in Google's wire format (pg_query.proto, ScanResult), of which
 * libpg_query ships no reader: field 2 is a token, in which 1 and 2 are start and end, 4 the token.
 */
enum { FIELD_TOKENS = 2, TOKEN_START = 1, TOKEN_END = 2, TOKEN_KIND = 4 };
enum { WIRE_VARINT = 0, WIRE_BYTES = 2 };
enum { TOKEN_SQL_COMMENT = 275, TOKEN_C_COMMENT = 276 };

struct wire {
    const unsigned char *at, *end;
    bool broken;
};

struct token {
    size_t start, end;
    uint64_t kind;
};

static uint64_t varint(struct wire *w)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && w->at < w->end; shift += 7) {
        unsigned char byte = *w->at++;
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80))
            return value;
    }
    w->broken = true;
    return 0;
}

/* The next field: its number, and its value or its bytes. False at the end. */
static bool field(struct wire *w, uint64_t *number, uint64_t *value, struct wire *bytes)
{
    if (w->at >= w->end || w->broken)
        return false;
    uint64_t key = varint(w);
    *number = key >> 3;
    *value = varint(w);
    *bytes = (struct wire){w->at, w->at, false};
    if ((key & 7) == WIRE_BYTES && *value <= (uint64_t)(w->end - w->at)) {
        bytes->end = w->at + *value;
        w->at = bytes->end;
    } else if ((key & 7) != WIRE_VARINT) {
        w->broken = true;
    }
    return !w->broken;
}

static bool next_token(struct wire *w, struct token *out)
{
    uint64_t number, value;
    struct wire token, none;
    *out = (struct token){0};
    do {
        if (!field(w, &number, &value, &token))
            return false;
    } while (number != FIELD_TOKENS);
    while (field(&token, &number, &value, &none)) {
        out->start = number == TOKEN_START ? (size_t)value : out->start;
        out->end = number == TOKEN_END ? (size_t)value : out->end;
        out->kind = number == TOKEN_KIND ? value : out->kind;
    }
    w->broken = w->broken || token.broken;
    return !w->broken;
}

static bool add_tokens(struct str *out, const char *text, struct wire w)
{
    size_t len = strlen(text), done = 0, before = out->len;
    bool any = false, comment_last = false;
    struct token token;
    while (next_token(&w, &token)) {
        if (token.start < done || token.end > len || token.end < token.start)
            return false;
        bool comment = token.kind == TOKEN_SQL_COMMENT || token.kind == TOKEN_C_COMMENT;
        bool escaped = token.kind == ';' || token.kind == ':';
        any = any || (!comment && token.kind != ';');
        comment_last = token.kind == TOKEN_SQL_COMMENT;
        str_addn(out, text + done, token.start - done);
        str_addf(out, "%s%.*s", escaped ? "\\" : "", (int)(token.end - token.start),
                 text + token.start);
        done = token.end;
    }
    if (w.broken)
        return false;
    if (any)
        str_add(out, comment_last ? "\n;\n" : ";\n");
    else
        str_cut(out, before);
    return true;
}

bool sql_psql(struct str *out, const char *text, struct err *err)
{
    PgQueryScanResult result = pg_query_scan(text);
    const unsigned char *start = (const unsigned char *)result.pbuf.data;
    size_t before = out->len;
    bool ok = !result.error &&
              add_tokens(out, text, (struct wire){start, start + result.pbuf.len, false});
    if (!ok) {
        str_cut(out, before);
        err_set(err, ERR_COMMAND, "psql would not read this statement as it is: %s",
                result.error ? result.error->message : "its tokens are not known");
    }
    pg_query_free_scan_result(result);
    return ok;
}

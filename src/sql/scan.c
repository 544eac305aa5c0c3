#include "config.h"

#include "sql/scan.h"

#include <stdint.h>
#include <string.h>

#include <pg_query.h>

#include "base/arena.h"
#include "base/utf8.h"

/*
 * The scanner's answer is a message in Google's wire format (pg_query.proto, ScanResult), of which
 * libpg_query ships no reader: field 2 is a token, in which 1 and 2 are start and end, 4 the token,
 * 5 the kind of keyword.
 */
enum { FIELD_TOKENS = 2, TOKEN_START = 1, TOKEN_END = 2, TOKEN_KIND = 4, TOKEN_KEYWORD = 5 };
enum { WIRE_VARINT = 0, WIRE_BYTES = 2 };

/* Of pg_query.proto's enum Token. */
enum {
    WIRE_UIDENT = 259,
    WIRE_FCONST,
    WIRE_SCONST,
    WIRE_USCONST,
    WIRE_BCONST,
    WIRE_XCONST,
    WIRE_OP,
    WIRE_ICONST,
    WIRE_PARAM,
    WIRE_SQL_COMMENT = 275,
    WIRE_C_COMMENT,
};

struct wire {
    const unsigned char *at, *end;
    bool broken;
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

static enum sql_token_kind kind_of(uint64_t token, bool is_keyword)
{
    switch (token) {
    case WIRE_SCONST:
    case WIRE_USCONST:
    case WIRE_BCONST:
    case WIRE_XCONST:
        return SQL_TOKEN_STRING;
    case WIRE_FCONST:
    case WIRE_ICONST:
        return SQL_TOKEN_NUMBER;
    case WIRE_PARAM:
        return SQL_TOKEN_PARAMETER;
    case WIRE_SQL_COMMENT:
        return SQL_TOKEN_LINE_COMMENT;
    case WIRE_C_COMMENT:
        return SQL_TOKEN_BLOCK_COMMENT;
    default:
        if (is_keyword)
            return SQL_TOKEN_KEYWORD;
        return token == WIRE_UIDENT - 1 || token == WIRE_UIDENT ? SQL_TOKEN_NAME : SQL_TOKEN_OTHER;
    }
}

static bool next_token(struct wire *w, struct sql_token *out)
{
    uint64_t number, value, token = 0, keyword = 0;
    struct wire inside, none;
    *out = (struct sql_token){0};
    do {
        if (!field(w, &number, &value, &inside))
            return false;
    } while (number != FIELD_TOKENS);
    while (field(&inside, &number, &value, &none)) {
        out->start = number == TOKEN_START ? (size_t)value : out->start;
        out->end = number == TOKEN_END ? (size_t)value : out->end;
        token = number == TOKEN_KIND ? value : token;
        keyword = number == TOKEN_KEYWORD ? value : keyword;
    }
    out->kind = kind_of(token, keyword != 0);
    w->broken = w->broken || inside.broken;
    return !w->broken;
}

static bool take_tokens(struct arena *a, const PgQueryScanResult *result, size_t len,
                        struct sql_tokens *out)
{
    const unsigned char *start = (const unsigned char *)result->pbuf.data;
    struct wire w = {start, start + result->pbuf.len, false};
    struct sql_token token;
    size_t done = 0;
    while (next_token(&w, &token)) {
        if (token.start < done || token.end > len || token.end < token.start)
            return false;
        vec_push(a, out, token);
        done = token.end;
    }
    return !w.broken;
}

bool sql_scan(struct arena *a, const char *text, struct sql_tokens *out, size_t *stopped,
              const char **problem)
{
    size_t len = strlen(text);
    *out = (struct sql_tokens){0};
    PgQueryScanResult result = pg_query_scan(text);
    bool ok = !result.error && take_tokens(a, &result, len, out);
    size_t at = !ok && result.error && result.error->cursorpos > 0
                    ? utf8_offset(text, len, (size_t)result.error->cursorpos - 1)
                    : 0;
    if (stopped)
        *stopped = ok ? len : at;
    if (problem)
        *problem = ok ? NULL
                      : arena_strdup(a, result.error ? result.error->message
                                                     : "its tokens are not known");
    pg_query_free_scan_result(result);
    /* What stands before the place can still be read: at most that is cut off again and again. */
    if (!ok && at > 0)
        sql_scan(a, arena_strndup(a, text, at), out, NULL, NULL);
    return ok;
}

#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/source.h"
#include "base/str.h"
#include "base/utf8.h"
#include "python/parse.h"
#include "python/refusals.h"

/* Source encodings (PEP 263): the coding line, and what it may name, as UTF-8. */

enum { NAME_MAX_LEN = 64, UNDEFINED = 0 };

enum encoding { UTF8, ASCII, LATIN1, CP1252, LATIN9, ENCODINGS };

static const struct {
    const char *name; /* lower case, with - for _ */
    enum encoding encoding;
} names[] = {
    {"utf-8", UTF8},          {"utf8", UTF8},          {"u8", UTF8},
    {"utf-8-sig", UTF8},      {"cp65001", UTF8},       {"utf", UTF8},
    {"ascii", ASCII},         {"us-ascii", ASCII},     {"646", ASCII},
    {"latin-1", LATIN1},      {"latin1", LATIN1},      {"iso-8859-1", LATIN1},
    {"iso8859-1", LATIN1},    {"8859", LATIN1},        {"l1", LATIN1},
    {"iso-latin-1", LATIN1},  {"latin", LATIN1},       {"cp1252", CP1252},
    {"windows-1252", CP1252}, {"1252", CP1252},        {"iso-8859-15", LATIN9},
    {"iso8859-15", LATIN9},   {"latin-9", LATIN9},     {"latin9", LATIN9},
    {"l9", LATIN9},
};

/* Where an encoding differs from Latin-1. */
struct difference {
    unsigned char byte;
    uint16_t cp;
};

static const struct difference cp1252[] = {
    {0x80, 0x20AC}, {0x81, UNDEFINED}, {0x82, 0x201A}, {0x83, 0x0192}, {0x84, 0x201E},
    {0x85, 0x2026}, {0x86, 0x2020},    {0x87, 0x2021}, {0x88, 0x02C6}, {0x89, 0x2030},
    {0x8A, 0x0160}, {0x8B, 0x2039},    {0x8C, 0x0152}, {0x8D, UNDEFINED}, {0x8E, 0x017D},
    {0x8F, UNDEFINED}, {0x90, UNDEFINED}, {0x91, 0x2018}, {0x92, 0x2019}, {0x93, 0x201C},
    {0x94, 0x201D}, {0x95, 0x2022},    {0x96, 0x2013}, {0x97, 0x2014}, {0x98, 0x02DC},
    {0x99, 0x2122}, {0x9A, 0x0161},    {0x9B, 0x203A}, {0x9C, 0x0153}, {0x9D, UNDEFINED},
    {0x9E, 0x017E}, {0x9F, 0x0178},
};

static const struct difference latin9[] = {
    {0xA4, 0x20AC}, {0xA6, 0x0160}, {0xA8, 0x0161}, {0xB4, 0x017D},
    {0xB8, 0x017E}, {0xBC, 0x0152}, {0xBD, 0x0153}, {0xBE, 0x0178},
};

static const char *line_end(const char *s, const char *end)
{
    while (s < end && *s != '\n' && *s != '\r')
        s++;
    return s;
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '_' || c == '.';
}

/* ^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+); true when the line is blank or a comment. */
static bool read_coding_line(const char *line, const char *end, char name[NAME_MAX_LEN])
{
    line += strspn(line, " \t\f");
    if (line >= end)
        return true;
    if (*line != '#')
        return false;
    for (; end - line > 7; line++) {
        if (memcmp(line, "coding", 6) != 0 || (line[6] != ':' && line[6] != '='))
            continue;
        const char *at = line + 7;
        while (at < end && (*at == ' ' || *at == '\t'))
            at++;
        size_t n = 0;
        for (; at < end && is_name_char(*at) && n + 1 < NAME_MAX_LEN; at++, n++)
            name[n] = *at;
        name[n] = 0;
        if (n > 0)
            return true;
    }
    return true;
}

/* The name in the first two lines, or "" when they have none. */
static void find_coding(const char *text, size_t len, char name[NAME_MAX_LEN])
{
    const char *end = text + len;
    const char *first = line_end(text, end);
    name[0] = 0;
    bool look_on = read_coding_line(text, first, name);
    if (name[0] || !look_on || first == end)
        return;
    if (first + 1 < end && first[0] == '\r' && first[1] == '\n')
        first++;
    read_coding_line(first + 1, line_end(first + 1, end), name);
}

static enum encoding encoding_by_name(const char *name)
{
    char plain[NAME_MAX_LEN];
    size_t n = 0;
    for (; name[n]; n++) {
        char c = name[n] == '_' ? '-' : name[n];
        plain[n] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    plain[n] = 0;
    if (str_starts_with(plain, "utf-8-")) /* as CPython: utf-8-unix and its like */
        return UTF8;
    if (str_starts_with(plain, "latin-1-") || str_starts_with(plain, "iso-8859-1-"))
        return LATIN1;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq(names[i].name, plain))
            return names[i].encoding;
    }
    return ENCODINGS;
}

static uint32_t code_point(enum encoding encoding, unsigned char byte)
{
    const struct difference *rows = encoding == CP1252 ? cp1252 : latin9;
    size_t count = encoding == CP1252   ? sizeof(cp1252) / sizeof(cp1252[0])
                   : encoding == LATIN9 ? sizeof(latin9) / sizeof(latin9[0])
                                        : 0;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].byte == byte)
            return rows[i].cp;
    }
    return byte;
}

static bool convert(enum encoding encoding, const char *bytes, size_t len, struct str *out,
                    size_t *bad)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        uint32_t cp = byte < 0x80 ? byte : code_point(encoding, byte);
        if (byte >= 0x80 && (encoding == ASCII || cp == UNDEFINED)) {
            *bad = i;
            return false;
        }
        char encoded[UTF8_MAX];
        str_addn(out, encoded, utf8_encode(encoded, cp));
    }
    return true;
}

/* Fails at a byte that the encoding does not have. */
static struct source *bad_byte(struct arena *a, const char *path, const char *bytes, size_t len,
                               size_t at, const char *coding, struct err *err)
{
    struct source *src = source_new(a, path, bytes, len);
    unsigned byte = (unsigned char)bytes[at];
    if (*coding)
        err_set(err, ERR_PYTHON, "'%s' codec can't decode byte 0x%02x in position %zu", coding,
                byte, at);
    else
        err_set(err, ERR_PYTHON,
                "Non-UTF-8 code starting with '\\x%02x' on line %d, but no encoding declared", byte,
                source_place(src, at).line);
    err_diagnose(err, py_refusal_code(PY_REFUSE_ENCODING));
    source_err(err, src, at);
    return NULL;
}

struct source *py_source_new(struct arena *a, const char *path, const char *bytes, size_t len,
                             struct err *err)
{
    char coding[NAME_MAX_LEN];
    size_t bad;
    bool has_mark = len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
    if (has_mark) {
        bytes += 3;
        len -= 3;
    }
    find_coding(bytes, len, coding);
    enum encoding encoding = *coding ? encoding_by_name(coding) : UTF8;
    if (encoding == ENCODINGS || (has_mark && encoding != UTF8)) {
        err_set(err, ERR_PYTHON,
                has_mark ? "encoding problem: %s with BOM" : "unknown encoding: %s", coding);
        err_diagnose(err, py_refusal_code(PY_REFUSE_ENCODING));
        source_err(err, source_new(a, path, bytes, len), 0);
        return NULL;
    }
    if (encoding == UTF8) {
        if (!utf8_valid(bytes, len, &bad))
            return bad_byte(a, path, bytes, len, bad, coding, err);
        return source_new(a, path, bytes, len);
    }
    struct str out = STR_IN(a);
    if (!convert(encoding, bytes, len, &out, &bad))
        return bad_byte(a, path, bytes, len, bad, coding, err);
    return source_new(a, path, out.ptr, out.len);
}

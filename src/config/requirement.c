#include "config.h"

#include "config/requirement.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PARTS = 3 };

/* ---- versions ---- */

/* Reads "1.10.*"; *given gets the count of numbers. False: there is none. */
static bool read_version(const char *text, struct requirement_version *out, int *given)
{
    *out = (struct requirement_version){{0}};
    for (*given = 0; *given < PARTS && isdigit((unsigned char)*text); text += *text == '.') {
        char *end;
        out->at[(*given)++] = strtol(text, &end, 10);
        text = end;
    }
    return *given > 0;
}

static int compare(struct requirement_version a, struct requirement_version b)
{
    for (int i = 0; i < PARTS; i++)
        if (a.at[i] != b.at[i])
            return a.at[i] < b.at[i] ? -1 : 1;
    return 0;
}

/* The first version in which the number at `part` is higher. */
static struct requirement_version after(struct requirement_version v, int part)
{
    v.at[part]++;
    for (int i = part + 1; i < PARTS; i++)
        v.at[i] = 0;
    return v;
}

/* ---- one clause: an operator and a version ---- */

enum operator { EXACT, AT_LEAST, MORE, LESS, AT_MOST, CARET, TILDE, COMPATIBLE, OTHER };

/* Longest first; no operator at all is poetry's way to write an exact version. */
static const struct {
    const char *text;
    enum operator operator;
} operators[] = {
    {"===", EXACT}, {"==", EXACT}, {"~=", COMPATIBLE}, {">=", AT_LEAST}, {"<=", AT_MOST},
    {"!=", OTHER},  {">", MORE},   {"<", LESS},        {"^", CARET},     {"~", TILDE},
    {"=", EXACT},   {"", EXACT},
};

/* Which number goes up in the version that ends the range of "^1.10", "~1.10" and "~=1.10". */
static int part_that_ends(enum operator operator, struct requirement_version v, int given)
{
    int part = 0;
    if (operator == COMPATIBLE)
        return given > 1 ? given - 2 : 0;
    if (operator == TILDE)
        return given > 1 ? 1 : 0;
    while (part < given - 1 && v.at[part] == 0)
        part++;
    return part;
}

static enum requirement_side clause_side(const char *text, struct requirement_version limit)
{
    struct requirement_version v;
    int given;
    size_t row = 0;
    while (strncmp(text, operators[row].text, strlen(operators[row].text)) != 0)
        row++;
    enum operator operator = operators[row].operator;
    text += strlen(operators[row].text);
    text += strspn(text, " \t");
    if (operator == OTHER || !read_version(text, &v, &given))
        return REQUIREMENT_OPEN;
    bool is_upper = operator == LESS || operator == AT_MOST;
    bool is_range = operator == CARET || operator == TILDE || operator == COMPATIBLE;
    if (!is_upper && compare(v, limit) >= 0)
        return REQUIREMENT_NOT_BELOW;
    if (operator == AT_LEAST || operator == MORE)
        return REQUIREMENT_OPEN;
    struct requirement_version end =
        is_range ? after(v, part_that_ends(operator, v, given)) : v;
    int order = compare(end, limit);
    bool excluded = is_range || operator == LESS;
    return order < 0 || (order == 0 && excluded) ? REQUIREMENT_BELOW : REQUIREMENT_OPEN;
}

/* ---- a requirement ---- */

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || strchr("-_.", c);
}

/* The text behind the next name of the package that stands alone, in letters of any case; NULL:
 * there is none. */
static const char *find_package(const char *text, const char *start, const char *package)
{
    size_t len = strlen(package);
    for (const char *at = start; *at; at++)
        if (strncasecmp(at, package, len) == 0 &&
            (at == text || strchr(" \t\n\"'[,", at[-1])) && (!at[len] || !is_name_char(at[len])))
            return at + len;
    return NULL;
}

/* From behind the name to its clauses: over "[extras]", and poetry's ` = "` or `= {version = "`. */
static const char *find_clauses(const char *at)
{
    if (*at == '[') {
        at += strcspn(at, "]\n");
        at += *at == ']';
    }
    at += strspn(at, " \t");
    if (*at != '=' || at[1] == '=')
        return at;
    at += 1 + strspn(at + 1, " \t");
    if (*at == '{') {
        static const char key[] = "version";
        const char *end = at + strcspn(at, "}\n"), *version = strstr(at, key);
        if (!version || version > end)
            return end;
        at = version + sizeof(key) - 1;
        at += strspn(at, " \t=");
    }
    return at + strspn(at, "\"'");
}

enum requirement_side requirement_side(const char *text, const char *package,
                                       struct requirement_version limit)
{
    for (const char *at = text; (at = find_package(text, at, package));) {
        const char *clause = find_clauses(at);
        const char *end = clause + strcspn(clause, "\"';#\n)");
        for (bool more = true; more && clause < end;) {
            clause += strspn(clause, " \t(");
            enum requirement_side side = clause_side(clause, limit);
            if (side != REQUIREMENT_OPEN)
                return side;
            clause += strcspn(clause, ",\"';#\n)");
            more = *clause == ',';
            clause += more;
        }
    }
    return REQUIREMENT_OPEN;
}

/* ---- a lock file ---- */

/* Moves *at over a text that must stand there. */
static bool skip(const char **at, const char *text)
{
    bool is_there = strncmp(*at, text, strlen(text)) == 0;
    *at += is_there ? strlen(text) : 0;
    return is_there;
}

enum requirement_side requirement_lock_side(const char *text, const char *package,
                                            struct requirement_version limit)
{
    static const char name[] = "name = \"";
    for (const char *at = text; (at = strstr(at, name));) {
        at += sizeof(name) - 1;
        if (skip(&at, package) && skip(&at, "\"\nversion = \""))
            return clause_side(at, limit);
    }
    return REQUIREMENT_OPEN;
}

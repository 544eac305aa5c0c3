#include "config.h"

#include "alembic/live_value.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "alembic/host.h"
#include "base/arena.h"
#include "base/str.h"

typedef struct py_value (*decode_fn)(struct py_run *run, const char *text);

static struct py_value value_of_str(struct py_run *run, const char *text)
{
    return py_new_str(run, text);
}

static struct py_value value_of_bool(struct py_run *run, const char *text)
{
    (void)run;
    return py_bool(text[0] == 't');
}

static struct py_value value_of_int(struct py_run *run, const char *text)
{
    return py_new_int_text(run, text);
}

static struct py_value value_of_float(struct py_run *run, const char *text)
{
    (void)run;
    return py_float(strtod(text, NULL)); /* "NaN", "Infinity" too */
}

/* A class of the standard library, called with text. */
static struct py_value made_by(struct py_run *run, const char *module, const char *name,
                               const char *text)
{
    struct py_value arg = py_new_str(run, text);
    return py_call(run, py_getattr(run, py_import(run, module), name), &arg, 1, NULL);
}

static struct py_value value_of_decimal(struct py_run *run, const char *text)
{
    return made_by(run, "decimal", "Decimal", text);
}

static struct py_value value_of_uuid(struct py_run *run, const char *text)
{
    return made_by(run, "uuid", "UUID", text);
}

static struct py_value value_of_json(struct py_run *run, const char *text)
{
    return made_by(run, "json", "loads", text);
}

static struct py_value value_of_bytes(struct py_run *run, const char *text)
{
    size_t len = strlen(text);
    if (len < 2 || text[0] != '\\' || text[1] != 'x')
        py_refuse(run, PY_REFUSE_LIVE, "bytea in the escape format is not supported");
    unsigned char *bytes = py_alloc(run, len / 2 + 1);
    for (size_t i = 2; i + 1 < len; i += 2) {
        char pair[] = {text[i], text[i + 1], '\0'};
        bytes[i / 2 - 1] = (unsigned char)strtoul(pair, NULL, 16);
    }
    return py_new_bytes(run, bytes, len / 2 - 1);
}

/* ------------------------------------------------------------------ dates and times */

/* Dates outside of Python's years (infinity, 4713 BC): psycopg2 raises, and so does this. */
static PY_NORETURN void out_of_range(struct py_run *run, const char *text)
{
    py_raise(run, &py_value_error_class, "year is out of range: '%s'", text);
}

/* A class of datetime, by its fromisoformat(). The server's text is ISO, but for an offset of whole
 * hours and fractions without trailing zeros. */
static struct py_value from_iso(struct py_run *run, const char *cls, const char *text)
{
    struct str iso = STR_IN(py_arena(run));
    const char *zone = NULL, *fraction = strchr(text, '.');
    const char *time = strchr(text, ':');
    for (const char *p = time ? time : text + strlen(text); *p; p++)
        if (*p == '+' || *p == '-')
            zone = p;
    size_t end = zone ? (size_t)(zone - text) : strlen(text);
    str_addn(&iso, text, end);
    if (fraction)
        for (size_t digits = end - (size_t)(fraction - text) - 1; digits < 6; digits++)
            str_addc(&iso, '0');
    if (zone)
        str_addf(&iso, "%s%s", zone, strchr(zone, ':') ? "" : ":00");
    struct py_value type = py_getattr(run, py_import(run, "datetime"), cls);
    struct py_value arg = py_new_str(run, iso.ptr);
    return py_call_method(run, type, "fromisoformat", &arg, 1);
}

static void check_year(struct py_run *run, const char *text)
{
    size_t len = strlen(text);
    const char *dash = strchr(text, '-');
    if (!dash || dash - text != 4 || (len > 2 && str_eq(text + len - 2, "BC")))
        out_of_range(run, text);
}

static struct py_value value_of_datetime(struct py_run *run, const char *text)
{
    check_year(run, text);
    return from_iso(run, "datetime", text);
}

static struct py_value value_of_date(struct py_run *run, const char *text)
{
    check_year(run, text);
    return from_iso(run, "date", text);
}

static struct py_value value_of_time(struct py_run *run, const char *text)
{
    return from_iso(run, "time", text);
}

/* The parts of an interval in the style "postgres": "1 year 2 mons -3 days 04:05:06.7". psycopg2
 * takes a year for 365 days and a month for 30. */
static struct py_value value_of_interval(struct py_run *run, const char *text)
{
    double days = 0, seconds = 0;
    for (const char *p = text; *p;) {
        char *end;
        double number = strtod(p, &end);
        if (end == p)
            py_refuse(run, PY_REFUSE_LIVE, "the interval '%s' is not supported", text);
        if (*end == ':') {
            double sign = *p == '-' ? -1 : 1;
            double minutes = strtod(end + 1, &end);
            double rest = *end == ':' ? strtod(end + 1, &end) : 0;
            seconds += sign * (fabs(number) * 3600 + minutes * 60 + rest);
        } else if (str_starts_with(end, " year")) {
            days += number * 365;
        } else if (str_starts_with(end, " mon")) {
            days += number * 30;
        } else if (str_starts_with(end, " day")) {
            days += number;
        } else {
            py_refuse(run, PY_REFUSE_LIVE, "the interval '%s' is not supported", text);
        }
        p = end;
        while (*p == ' ')
            p++;
        while (*p && *p != ' ' && *p != '-' && *p != '+' && (*p < '0' || *p > '9'))
            p++;
        while (*p == ' ')
            p++;
    }
    double whole = floor(seconds);
    struct py_value args[] = {py_int((int64_t)days), py_int((int64_t)whole),
                              py_int((int64_t)llround((seconds - whole) * 1e6))};
    return py_call(run, py_getattr(run, py_import(run, "datetime"), "timedelta"), args, 3, NULL);
}

/* ------------------------------------------------------------------ the types */

/*
 * The OIDs of built-in types never change (pg_type.dat). A row: the type, its array, who reads it.
 */
static const struct {
    uint32_t type, array;
    decode_fn decode;
} rows[] = {
    {16, 1000, value_of_bool},      {17, 1001, value_of_bytes},    {20, 1016, value_of_int},
    {21, 1005, value_of_int},       {23, 1007, value_of_int},      {26, 1028, value_of_int},
    {700, 1021, value_of_float},    {701, 1022, value_of_float},   {1700, 1231, value_of_decimal},
    {114, 199, value_of_json},      {3802, 3807, value_of_json},   {2950, 2951, value_of_uuid},
    {1082, 1182, value_of_date},    {1083, 1183, value_of_time},   {1266, 1270, value_of_time},
    {1114, 1115, value_of_datetime}, {1184, 1185, value_of_datetime},
    {1186, 1187, value_of_interval}, {25, 1009, value_of_str},     {1043, 1015, value_of_str},
    {1042, 1014, value_of_str},     {19, 1003, value_of_str},      {18, 1002, value_of_str},
};

/* An array's text: {1,NULL,"a \"b\"",{...}}. */
struct array_text {
    const char *p;
    decode_fn decode;
};

static const char *item_text(struct py_run *run, struct array_text *t, bool *quoted)
{
    struct str item = STR_IN(py_arena(run));
    *quoted = *t->p == '"';
    if (*quoted)
        t->p++;
    while (*t->p && (*quoted ? *t->p != '"' : *t->p != ',' && *t->p != '}')) {
        if (*t->p == '\\' && t->p[1])
            t->p++;
        str_addc(&item, *t->p++);
    }
    if (*quoted && *t->p)
        t->p++;
    return item.ptr ? item.ptr : "";
}

static struct py_value read_array(struct py_run *run, struct array_text *t)
{
    struct py_value list = py_new_list(run);
    py_step(run);
    t->p++; /* { */
    while (*t->p && *t->p != '}') {
        bool quoted;
        if (*t->p == '{') {
            py_list_append(run, list, read_array(run, t));
        } else {
            const char *text = item_text(run, t, &quoted);
            bool is_null = !quoted && str_eq(text, "NULL");
            py_list_append(run, list, is_null ? py_none() : t->decode(run, text));
        }
        if (*t->p == ',')
            t->p++;
    }
    if (*t->p)
        t->p++;
    return list;
}

struct py_value live_value_of_text(struct py_run *run, uint32_t type, const char *text,
                                   bool *is_text)
{
    enum { UNKNOWN = 705, VOID = 2278 };
    if (is_text)
        *is_text = false;
    if (!text)
        return py_none();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].type == type)
            return rows[i].decode(run, text);
        if (rows[i].array != type)
            continue;
        struct array_text t = {strchr(text, '{'), rows[i].decode}; /* behind "[0:1]=" */
        return t.p ? read_array(run, &t) : py_new_list(run);
    }
    if (is_text)
        *is_text = type != UNKNOWN && type != VOID;
    return py_new_str(run, text);
}

#include "config.h"

#include "base/zone.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"

static const char zone_folder[] = "/usr/share/zoneinfo";

enum { HEADER = 44, ZONE_FILE_MAX = 1 << 20, DAY = 86400 };

bool zone_load(struct arena *a, const char *name, struct zone *out)
{
    struct err err = ERR_INIT;
    char *text;
    size_t len;
    *out = (struct zone){0};
    bool safe = *name && *name != '/' && !strstr(name, "..");
    bool found = safe && file_read(a, path_join(a, zone_folder, name), ZONE_FILE_MAX, &text, &len,
                                   &err);
    err_clear(&err);
    if (found && len >= HEADER && memcmp(text, "TZif", 4) == 0) {
        *out = (struct zone){text, len};
        return true;
    }
    return str_eq(name, "UTC");
}

/* ------------------------------------------------------------------ the table */

static int64_t read_number(const char *p, size_t bytes)
{
    uint64_t n = (unsigned char)*p & 0x80 ? UINT64_MAX : 0; /* the sign goes on */
    for (size_t i = 0; i < bytes; i++)
        n = n << 8 | (unsigned char)p[i];
    return (int64_t)n;
}

/* The six counts of a header, in their order. */
struct counts {
    size_t utc, standard, leap, times, types, names;
};

static struct counts read_counts(const char *p)
{
    size_t n[6];
    for (size_t i = 0; i < 6; i++)
        n[i] = (size_t)read_number(p + 20 + 4 * i, 4) & 0xffffffff;
    return (struct counts){n[0], n[1], n[2], n[3], n[4], n[5]};
}

static size_t block_size(const struct counts *c, size_t width)
{
    return c->times * (width + 1) + c->types * 6 + c->names + c->leap * (width + 4) + c->standard +
           c->utc;
}

/* ------------------------------------------------------------------ the rule for later times */

/* hh[:mm[:ss]] with a sign. */
static int read_time(const char **p)
{
    int sign = **p == '-' ? -1 : 1, seconds = 0, unit = 3600;
    if (**p == '-' || **p == '+')
        ++*p;
    for (;; unit /= 60) {
        int n = 0;
        while (isdigit((unsigned char)**p))
            n = n * 10 + (*(*p)++ - '0');
        seconds += n * unit;
        if (**p != ':' || unit == 1)
            return sign * seconds;
        ++*p;
    }
}

static void skip_name(const char **p)
{
    if (**p == '<') {
        while (**p && *(*p)++ != '>')
            ;
        return;
    }
    while (isalpha((unsigned char)**p))
        ++*p;
}

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days from 1970 to the first of January. */
static int64_t days_to(int64_t year)
{
    int64_t y = year - 1;
    return 365 * (year - 1970) + (y / 4 - y / 100 + y / 400) - (1969 / 4 - 1969 / 100 + 1969 / 400);
}

/* "M3.5.0": the fifth, that is the last, Sunday of March; as a day since 1970. */
static int64_t month_day(int64_t year, int month, int week, int weekday)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    int leap = is_leap(year);
    int64_t first = days_to(year) + before[month - 1] + (month > 2 && leap);
    int64_t next = days_to(year) + before[month] + (month > 1 && leap);
    int64_t day = first + ((weekday - (first + 4)) % 7 + 7) % 7 + 7 * (week - 1);
    while (day >= next)
        day -= 7;
    return day;
}

/* When a rule (",M10.5.0/3", ",J60", ",59") takes effect in a year, in local seconds since 1970. */
static int64_t read_rule(const char **p, int64_t year)
{
    int64_t day;
    int n[3] = {1, 1, 0};
    bool julian = false, month = false;
    if (**p == ',')
        ++*p;
    if (**p == 'M' || **p == 'J') {
        month = **p == 'M';
        julian = !month;
        ++*p;
    }
    for (size_t i = 0; i < 3; i++) {
        n[i] = (int)strtol(*p, (char **)p, 10);
        if (**p != '.')
            break;
        ++*p;
    }
    if (month && n[0] >= 1 && n[0] <= 12)
        day = month_day(year, n[0], n[1], n[2]);
    else
        day = days_to(year) + n[0] - julian + (julian && n[0] > 59 && is_leap(year));
    int seconds = 2 * 3600;
    if (**p == '/') {
        ++*p;
        seconds = read_time(p);
    }
    return day * DAY + seconds;
}

static int64_t year_of(int64_t at)
{
    int64_t year = 1970 + at / (365 * DAY + DAY / 4);
    while (days_to(year + 1) * DAY <= at)
        year++;
    while (days_to(year) * DAY > at)
        year--;
    return year;
}

/* "CET-1CEST,M3.5.0,M10.5.0/3" (POSIX.1, TZ). */
static int rule_offset(const char *p, int64_t at)
{
    skip_name(&p);
    int standard = -read_time(&p);
    if (!*p || *p == '\n')
        return standard;
    skip_name(&p);
    int summer = standard + 3600;
    if (*p != ',' && *p != '\n' && *p)
        summer = -read_time(&p);
    int64_t year = year_of(at + standard);
    int64_t begin = read_rule(&p, year) - standard, end = read_rule(&p, year) - summer;
    bool inside = begin < end ? at >= begin && at < end : at >= begin || at < end;
    return inside ? summer : standard;
}

/* ------------------------------------------------------------------ both */

int zone_offset(const struct zone *zone, int64_t at)
{
    size_t width = 4, start = 0;
    if (!zone->data)
        return 0;
    struct counts c = read_counts(zone->data);
    if (zone->data[4] >= '2') { /* the same again, with times of eight bytes */
        start = HEADER + block_size(&c, 4);
        width = 8;
        if (start + HEADER > zone->len)
            return 0;
        c = read_counts(zone->data + start);
    }
    const char *times = zone->data + start + HEADER;
    size_t size = block_size(&c, width);
    if (c.types == 0 || start + HEADER + size > zone->len)
        return 0;
    const char *indexes = times + c.times * width, *types = indexes + c.times;
    const char *footer = times + size;
    size_t i = 0;
    while (i < c.times && read_number(times + i * width, width) <= at)
        i++;
    if (i == c.times && width == 8 && footer + 1 < zone->data + zone->len && footer[1] != '\n')
        return rule_offset(footer + 1, at);
    size_t type = i > 0 ? (unsigned char)indexes[i - 1] : 0;
    return type < c.types ? (int)read_number(types + type * 6, 4) : 0;
}

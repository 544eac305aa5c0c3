#include "config.h"

#include "config/ini_edit.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"

/* What is known of the text, as offsets behind a line; 0: not found. */
struct found {
    size_t section_end; /* behind the section's last line that is not blank */
    size_t value_end;   /* behind the last line of the option's value */
    size_t indent, indent_len; /* of that line, where it is one of several */
};

static size_t line_end(const char *text, size_t at)
{
    at += strcspn(text + at, "\n");
    return text[at] ? at + 1 : at;
}

static bool is_blank(const char *text, size_t at, size_t end)
{
    at += strspn(text + at, " \t\r\n");
    return at >= end;
}

static bool is_header_of(const char *line, const char *section)
{
    size_t len = strlen(section);
    return strncmp(line + 1, section, len) == 0 && line[len + 1] == ']';
}

static bool is_option(const char *line, const char *key)
{
    size_t len = strcspn(line, "=:\n");
    if (line[len] != '=' && line[len] != ':')
        return false;
    while (len > 0 && isblank((unsigned char)line[len - 1]))
        len--;
    for (size_t i = 0; i < len; i++)
        if (!key[i] || tolower((unsigned char)line[i]) != key[i])
            return false;
    return !key[len];
}

static void find(const char *text, const char *section, const char *key, struct found *out)
{
    bool inside = false, in_value = false;
    for (size_t at = 0, end; text[at]; at = end) {
        const char *line = text + at;
        end = line_end(text, at);
        if (is_blank(text, at, end) || *line == '#' || *line == ';')
            continue;
        if (isblank((unsigned char)*line)) {
            if (in_value) {
                *out = (struct found){out->section_end, end, at, strspn(line, " \t")};
            }
        } else {
            in_value = false;
            if (*line == '[')
                inside = is_header_of(line, section);
            else if (inside && is_option(line, key)) {
                in_value = true;
                out->value_end = end;
                out->indent_len = 0;
            }
        }
        if (inside)
            out->section_end = end;
    }
}

static void add_value(struct str *out, const char *line, const char *newline)
{
    for (; *line; line++)
        str_add(out, *line == '%' ? "%%" : (char[]){*line, '\0'});
    str_add(out, newline);
}

void ini_edit_add_line(struct str *out, const char *text, const char *section, const char *key,
                       const char *line)
{
    struct found found = {0};
    const char *first = strchr(text, '\n');
    const char *newline = first && first > text && first[-1] == '\r' ? "\r\n" : "\n";
    find(text, section, key, &found);
    size_t len = strlen(text);
    size_t at = found.value_end ? found.value_end : found.section_end ? found.section_end : len;
    str_addn(out, text, at);
    if (at > 0 && text[at - 1] != '\n')
        str_add(out, newline);
    if (!found.section_end)
        str_addf(out, "%s[%s]%s", at > 0 ? newline : "", section, newline);
    if (!found.value_end)
        str_addf(out, "%s =%s", key, newline);
    if (found.indent_len > 0)
        str_addn(out, text + found.indent, found.indent_len);
    else
        str_add(out, "    ");
    add_value(out, line, newline);
    str_addn(out, text + at, len - at);
}

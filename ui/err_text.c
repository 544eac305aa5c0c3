#include "config.h"

#include "ui/err_text.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "ui/cells.h"

/* The line of text that holds a character (from 1), and a caret below it. */
static void add_caret(struct str *out, const char *text, int position)
{
    size_t len = strlen(text), at = utf8_offset(text, len, (size_t)position - 1), start = at;
    while (start > 0 && text[start - 1] != '\n')
        start--;
    size_t line = strcspn(text + start, "\n");
    str_addc(out, '\n');
    str_addn(out, text + start, line);
    str_addc(out, '\n');
    str_fill(out, ' ', cells_width(text + start, at - start, 0));
    str_addc(out, '^');
}

const char *path_below(const char *path, const char *folder)
{
    size_t len = folder ? strlen(folder) : 0;
    return len > 0 && strncmp(path, folder, len) == 0 && path[len] == '/' ? path + len + 1 : path;
}

void err_text(struct str *out, const struct err *err, const char *folder)
{
    if (err->diagnostic)
        str_addf(out, "%s: ", err->diagnostic);
    str_add(out, err->message ? err->message : "");
    if (*err->sqlstate)
        str_addf(out, "\nSQLSTATE %s", err->sqlstate);
    if (err->statement && err->position > 0)
        add_caret(out, err->statement, err->position);
    if (err->detail)
        str_addf(out, "\ndetail: %s", err->detail);
    if (err->hint)
        str_addf(out, "\nhint: %s", err->hint);
    if (err->file) {
        str_addf(out, "\n%s", path_below(err->file, folder));
        if (err->line > 0)
            str_addf(out, ":%d:%d", err->line, err->column);
    }
    if (err->source_line)
        add_caret(out, err->source_line, err->column > 0 ? err->column : 1);
}

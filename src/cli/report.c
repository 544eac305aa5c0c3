#include "config.h"

#include "cli/report.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/logging.h"
#include "cli/usage.h"
#include "sql/statement.h"

enum { EXIT_ERROR = 1, EXIT_USAGE = 2, EXIT_CONFIRM = 3, EXIT_COMMAND = 255 };

const char *report_wrapped(struct cli *cli, const char *text)
{
    if (!cli->process->in_is_terminal || cli->process->columns <= 4)
        return text;
    struct str out = STR_IN(cli->arena);
    size_t width = (size_t)cli->process->columns, column = 0;
    for (const char *p = text; *p;) {
        p += strspn(p, " \n");
        size_t len = strcspn(p, " \n");
        if (!len)
            break;
        if (column && column + 1 + len <= width) {
            str_addc(&out, ' ');
            column++;
        } else {
            str_add(&out, column ? "\n  " : "  ");
            column = 2;
        }
        str_addn(&out, p, len);
        column += len;
        p += len;
    }
    return out.ptr;
}

/* The source line with a caret below the column; a tab before it stays a tab. */
static void print_source_line(FILE *f, const struct err *err)
{
    fprintf(f, "%5d | %s\n", err->line, err->source_line);
    if (err->column <= 0)
        return;
    fputs("      | ", f);
    const char *p = err->source_line;
    for (int i = 1; i < err->column; i++) {
        fputc(*p == '\t' ? '\t' : ' ', f);
        if (*p)
            p++;
        while ((*p & 0xC0) == 0x80)
            p++;
    }
    fputs("^\n", f);
}

static void print_server_fields(FILE *f, const struct err *err)
{
    if (err->detail)
        fprintf(f, "detail: %s\n", err->detail);
    if (err->statement)
        fprintf(f, "statement: %s\n", err->statement);
}

static void print_error(struct cli *cli, const struct err *err)
{
    FILE *f = cli->process->errors;
    const char *command = cli->args.usage_of ? cli->args.usage_of->name : NULL;
    if (err->code == ERR_USAGE)
        fputs(usage_line(cli->arena, cli->args.usage_of), f);
    fprintf(f, "retort%s%s: error: ", command && err->code == ERR_USAGE ? " " : "",
            command && err->code == ERR_USAGE ? command : "");
    if (err->file) {
        fprintf(f, "%s:", err->file);
        if (err->line > 0)
            fprintf(f, "%d:", err->line);
        if (err->line > 0 && err->column > 0)
            fprintf(f, "%d:", err->column);
        fputc(' ', f);
    }
    if (err->diagnostic)
        fprintf(f, "%s: ", err->diagnostic);
    fputs(err->message ? err->message : "unknown error", f);
    if (err->sqlstate[0])
        fprintf(f, " (SQLSTATE %s)", err->sqlstate);
    fputc('\n', f);
    if (err->source_line && err->line > 0)
        print_source_line(f, err);
    print_server_fields(f, err);
}

static int exit_code_of(const struct cli *cli, const struct err *err)
{
    if (err->code == ERR_COMMAND && !cli_given(cli, OPTION_RAISEERR))
        return EXIT_COMMAND;
    return err->code == ERR_USAGE     ? EXIT_USAGE
           : err->code == ERR_CONFIRM ? EXIT_CONFIRM
                                      : EXIT_ERROR;
}

static void set_text(json_t *object, const char *key, const char *text)
{
    if (text && *text)
        json_object_set_new(object, key, json_text(text));
}

/* {"retort": 1, "error": {...}, "exit": 255} on one line, behind what was printed before. */
static void print_error_json(struct cli *cli, const struct err *err)
{
    json_t *root = json_new(), *error = json_object();
    set_text(error, "message", err->message ? err->message : "unknown error");
    set_text(error, "code", err->diagnostic);
    set_text(error, "file", err->file);
    if (err->file && err->line > 0)
        json_object_set_new(error, "line", json_integer(err->line));
    if (err->file && err->column > 0)
        json_object_set_new(error, "column", json_integer(err->column));
    set_text(error, "sqlstate", err->sqlstate);
    set_text(error, "detail", err->detail);
    set_text(error, "statement", err->statement);
    set_text(error, "hint", err->hint);
    json_object_set_new(root, "error", error);
    json_object_set_new(root, "exit", json_integer(exit_code_of(cli, err)));
    json_print_line(cli, root);
}

int report_err(struct cli *cli, const struct err *err)
{
    int code = exit_code_of(cli, err);
    bool json = cli_given(cli, OPTION_JSON);
    fflush(cli->process->out);
    if (code == EXIT_COMMAND)
        logging_failed(cli, err->message);
    if (code == EXIT_COMMAND && !json) {
        char *line = arena_printf(cli->arena, "FAILED: %s", err->message);
        cli_printf(cli, "%s\n", report_wrapped(cli, line));
        fflush(cli->process->out);
    } else {
        print_error(cli, err);
    }
    if (err->hint)
        fprintf(cli->process->errors, "hint: %s\n", err->hint);
    if (json)
        print_error_json(cli, err);
    return code;
}

void report_lost_parameters(struct cli *cli, const char *path,
                            const struct statement_list *statements)
{
    size_t count = 0;
    int line = 0;
    for (size_t i = 0; i < statements->len; i++) {
        if (!statements->at[i].lacks_parameters)
            continue;
        if (!count++)
            line = statements->at[i].origin.revision_line;
    }
    if (count)
        cli_warn(cli, "%s:%d: %zu %s printed without the parameters given with %s, as Alembic does",
                 path, line, count, count > 1 ? "statements are" : "statement is",
                 count > 1 ? "them" : "it");
}

#include "config.h"

#include "cli/render_live.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/cancel.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/open.h"
#include "run/plan_asked.h"
#include "run/plan_preview.h"

static void put_place(json_t *o, const struct op_origin *at)
{
    json_object_set_new(o, "file", json_text(at->file));
    json_object_set_new(o, "line", json_integer(at->line));
}

static json_t *questions_json(const struct plan_step *step)
{
    json_t *list = json_array();
    for (size_t i = 0; i < step->asked.len; i++) {
        const struct live_asked *asked = &step->asked.at[i];
        json_t *o = json_object();
        json_object_set_new(o, asked->sql ? "sql" : "call",
                            json_text(asked->sql ? asked->sql : asked->call));
        json_object_set_new(o, "answer",
                            json_text(asked->answer));
        if (asked->note)
            json_object_set_new(o, "note", json_text(asked->note));
        put_place(o, &asked->origin);
        json_array_append_new(list, o);
    }
    return list;
}

static void print_json(struct cli *cli, const char *id, const struct plan_step *step)
{
    const struct rendering *r = &step->rendering;
    json_t *root = json_new(), *statements = json_array();
    for (size_t i = 0; i < r->statements.len; i++)
        json_array_append_new(statements, json_text(r->statements.at[i].sql));
    json_object_set_new(root, "revision", json_text(id));
    json_object_set_new(root, "file", json_text(step->file));
    json_object_set_new(root, "direction", json_text(plan_verb_name(step->verb)));
    json_object_set_new(root, "status", json_text(rendering_status_name(r->status)));
    json_object_set_new(root, "statements", statements);
    json_object_set_new(root, "questions", questions_json(step));
    if (r->err.code != ERR_NONE) {
        json_object_set_new(root, "reason", json_text(r->err.message));
        json_object_set_new(root, "line", json_integer(r->err.line));
    }
    json_print_line(cli, root);
}

/* What was asked before statement i and behind the one before it. */
static void print_questions(struct cli *cli, struct arena *a, const struct plan_step *step,
                            size_t i)
{
    for (size_t k = i > 0 ? plan_asked_before(step, i - 1) : 0; k < plan_asked_before(step, i);
         k++) {
        const struct live_asked *asked = &step->asked.at[k];
        const char *notes = plan_asked_notes(a, step, asked);
        cli_print_sql(cli, arena_printf(a, "-- %s\n", plan_asked_text(a, asked)));
        if (*notes)
            cli_print_sql(cli, arena_printf(a, "--   %s\n", notes));
    }
}

static void print_text(struct cli *cli, struct arena *a, const char *id,
                       const struct plan_step *step)
{
    const struct rendering *r = &step->rendering;
    cli_print_sql(cli, arena_printf(a, "-- %s %s: %s\n\n", plan_verb_name(step->verb), id,
                                    rendering_status_name(r->status)));
    bool inside = true; /* the seams of an autocommit block, as Alembic prints them */
    for (size_t i = 0; i < step->statements.len; i++) {
        const struct plan_statement *s = &step->statements.at[i];
        if (s->in_transaction != inside)
            cli_print_sql(cli, inside ? "COMMIT;\n\n" : "BEGIN;\n\n");
        inside = s->in_transaction;
        print_questions(cli, a, step, i);
        cli_print_sql(cli, arena_printf(a, "%s;\n\n", s->sql));
    }
    if (!inside)
        cli_print_sql(cli, "BEGIN;\n\n");
    print_questions(cli, a, step, step->statements.len);
    if (step->open)
        cli_print_sql(cli, arena_printf(a, "-- %s\n", plan_open_text(a, step)));
    else if (r->err.code != ERR_NONE)
        cli_print_sql(cli, arena_printf(a, "-- %s: %s:%d: %s\n", rendering_status_name(r->status),
                                        r->err.file ? r->err.file : step->file, r->err.line,
                                        r->err.message));
}

bool render_live(struct cli *cli, const struct revision_header *header, enum direction direction,
                 struct err *err)
{
    struct preview_source source = {.log = &cli->log, .interrupt = cancel_fd(cli->cancel)};
    const struct reading_request request = {.path = header->path, .direction = direction};
    struct arena *a = arena_new();
    struct plan_step step = {.rendering = {.err = ERR_INIT}};
    cancel_begin(cli->cancel);
    bool ok = cli_find_url(cli, &source.url, err) &&
              plan_preview_alone(a, cli->project, &source, &request, &step, err);
    ok = cancel_end(cli->cancel, ok, err);
    if (ok && cli_given(cli, OPTION_JSON))
        print_json(cli, header->id, &step);
    else if (ok)
        print_text(cli, a, header->id, &step);
    if (ok && (step.open || step.rendering.status == READING_PYTHON))
        cli->exit_code = 1;
    rendering_clear(&step.rendering);
    arena_free(a);
    return ok;
}

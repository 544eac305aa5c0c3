#include "config.h"

#include <pwd.h>
#include <stdint.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "postgres/activity.h"
#include "run/plan_json.h"
#include "run/runner_private.h"

/* A broken journal stops the run: nothing more is sent but a ROLLBACK, and nothing more noted. */
static bool is_written(struct runner *r, bool written, struct err *err)
{
    if (written)
        return true;
    r->journal_broken = true;
    r->stopping = true;
    err_move(&r->err, err);
    return false;
}

/* On the disk when this returns, or (ahead) when runner_note_flush() does. */
static bool record_as(struct runner *r, const char *kind, json_t *members, bool ahead)
{
    struct err err = ERR_INIT;
    if (!r->journal || r->journal_broken) {
        json_decref(members);
        return !r->journal_broken;
    }
    return is_written(r,
                      ahead ? journal_add(r->journal, kind, members, &err)
                            : journal_record(r->journal, kind, members, &err),
                      &err);
}

static bool record(struct runner *r, const char *kind, json_t *members)
{
    return record_as(r, kind, members, false);
}

bool runner_note_flush(struct runner *r)
{
    struct err err = ERR_INIT;
    if (!r->journal || r->journal_broken)
        return !r->journal_broken;
    return is_written(r, journal_flush(r->journal, &err), &err);
}

/* JSON has no NULL string: what is not known is null. */
static json_t *text(const char *s)
{
    return s ? json_string(s) : json_null();
}

static json_t *position(struct position at)
{
    return json_pack("[I, I]", (json_int_t)at.step, (json_int_t)at.statement);
}

static json_t *step_members(const struct plan_step *step)
{
    json_t *o = json_object();
    json_object_set_new(o, "revision", text(step->id));
    json_object_set_new(o, "verb", text(plan_verb_name(step->verb)));
    json_object_set_new(o, "from", text(step->from));
    json_object_set_new(o, "to", text(step->to));
    json_object_set_new(o, "statements", json_integer((json_int_t)step->statements.len));
    return o;
}

static json_t *names(const struct name_list *list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->len; i++)
        json_array_append_new(array, text(list->at[i]));
    return array;
}

bool runner_note_run(struct runner *r, struct err *err)
{
    if (!r->journal)
        return true;
    json_t *o = json_object();
    json_object_set_new(o, "run", text(journal_run_id(r->journal)));
    json_object_set_new(o, "retort", text(PACKAGE_VERSION));
    json_object_set_new(o, "operator", text(r->settings.operator_name));
    json_object_set_new(o, "os_user", text(r->identity.os_user));
    json_object_set_new(o, "host", text(r->identity.host));
    json_object_set_new(o, "pid", json_integer(getpid()));
    json_object_set_new(o, "verb", text(plan_verb_name(r->plan->verb)));
    json_object_set_new(o, "target", text(r->plan->target));
    json_object_set_new(o, "scope", text(plan_scope_name(r->plan->scope)));
    json_object_set_new(o, "rows", names(&r->plan->rows));
    json_t *steps = json_array();
    for (size_t i = 0; i < r->plan->steps.len; i++)
        json_array_append_new(steps, step_members(&r->plan->steps.at[i]));
    json_object_set_new(o, "steps", steps);
    if (r->settings.resumed.run)
        json_object_set_new(o, "continues", text(r->settings.resumed.run));
    json_object_set_new(o, "start", position(r->committed));
    json_t *plan = plan_to_json(r->plan, err);
    if (!plan) { /* it would not be known how to go on with it */
        json_decref(o);
        return false;
    }
    json_object_set_new(o, "plan", plan);
    return journal_record(r->journal, "run", o, err);
}

bool runner_note_plan(struct runner *r)
{
    struct err err = ERR_INIT;
    json_t *plan = plan_to_json(r->plan, &err);
    err_clear(&err); /* text that is not UTF-8 was refused when it was edited */
    json_t *o = json_object();
    json_object_set_new(o, "plan", plan ? plan : json_null());
    return record(r, "plan", o);
}

bool runner_note_question(struct runner *r, const struct live_asked *asked, bool differs)
{
    json_t *o = json_object();
    json_object_set_new(o, "step", json_integer((json_int_t)r->next.step));
    json_object_set_new(o, asked->sql ? "sql" : "call",
                        text(asked->sql ? asked->sql : asked->call));
    json_object_set_new(o, "answer", text(asked->answer));
    json_object_set_new(o, "line", json_integer(asked->origin.revision_line));
    if (differs)
        json_object_set_new(o, "differs", json_true());
    return record_as(r, "question", o, true);
}

bool runner_note_revised(struct runner *r, const struct run_edit *edit)
{
    const struct plan_step *step = &r->plan->steps.at[edit->at.step];
    json_t *o = json_object();
    json_object_set_new(o, "edit", run_edit_json(edit));
    json_object_set_new(o, "statements", json_integer((json_int_t)step->statements.len));
    return record_as(r, "revised", o, true);
}

bool runner_note_changed(struct runner *r, const struct err *err)
{
    json_t *o = json_object();
    json_object_set_new(o, "at", position(runner_normal(r, r->next)));
    json_object_set_new(o, "message", text(err->message));
    json_object_set_new(o, "detail", text(err->detail));
    return record(r, "changed", o);
}

bool runner_note_connected(struct runner *r)
{
    json_t *o = json_object();
    json_object_set_new(o, "database", text(r->info.database));
    json_object_set_new(o, "server_host", text(r->info.host));
    json_object_set_new(o, "port", text(r->info.port));
    json_object_set_new(o, "user", text(r->info.user));
    json_object_set_new(o, "server", text(r->info.version_text));
    json_object_set_new(o, "identity", text(r->info.identity));
    json_object_set_new(o, "database_oid", json_integer(r->info.database_oid));
    json_object_set_new(o, "backend_pid", json_integer(r->info.backend_pid));
    json_object_set_new(o, "backend_start", text(r->info.backend_start));
    return record(r, "connected", o);
}

bool runner_note_step(struct runner *r, size_t step)
{
    if (r->noted > step)
        return true;
    r->noted = step + 1;
    json_t *o = step_members(&r->plan->steps.at[step]);
    json_object_set_new(o, "step", json_integer((json_int_t)step));
    return record_as(r, "step", o, true);
}

static json_t *at_members(struct position at)
{
    return json_pack("{s:I, s:I}", "step", (json_int_t)at.step, "statement",
                     (json_int_t)at.statement);
}

static json_t *send_members(struct runner *r, struct position at)
{
    const struct plan_statement *s = runner_statement_at(r, at);
    json_t *o = at_members(at);
    json_object_set_new(o, "in_transaction", json_boolean(r->in_transaction));
    json_object_set_new(o, "sql", text(s->sql));
    if (s->rendered && !str_eq(s->rendered, s->sql))
        json_object_set_new(o, "rendered", text(s->rendered));
    return o;
}

bool runner_note_send(struct runner *r, struct position at)
{
    return record(r, "send", send_members(r, at));
}

bool runner_note_send_ahead(struct runner *r, struct position at)
{
    return record_as(r, "send", send_members(r, at), true);
}

bool runner_note_ahead(struct runner *r, const char *kind)
{
    return record_as(r, kind, NULL, true);
}

bool runner_note_done(struct runner *r, struct position at, const struct result *result,
                      int64_t duration)
{
    json_t *o = at_members(at);
    int64_t rows = result_affected(result);
    json_object_set_new(o, "tag", text(runner_tag(result)));
    json_object_set_new(o, "rows", rows < 0 ? json_null() : json_integer(rows));
    json_object_set_new(o, "microseconds", json_integer(duration));
    return record_as(r, "done", o, runner_batch_is_on(r));
}

bool runner_note_failed(struct runner *r, struct position at, const struct err *err)
{
    json_t *o = at_members(at);
    json_object_set_new(o, "sqlstate", text(err->sqlstate));
    json_object_set_new(o, "message", text(err->message));
    json_object_set_new(o, "detail", text(err->detail));
    return record(r, "failed", o);
}

bool runner_note_skip(struct runner *r, struct position at)
{
    json_t *o = at_members(at);
    json_object_set_new(o, "sql", text(runner_statement_at(r, at)->sql));
    return record(r, "skip", o);
}

bool runner_note(struct runner *r, const char *kind, const char *xid)
{
    json_t *o = json_object();
    if (xid && *xid)
        json_object_set_new(o, "xid", text(xid));
    return record(r, kind, o);
}

bool runner_note_position(struct runner *r, const char *kind, const char *key, struct position at)
{
    json_t *o = json_object();
    json_object_set_new(o, key, position(at));
    return record(r, kind, o);
}

bool runner_note_outcome(struct runner *r, const char *kind, const char *what, const char *xid)
{
    json_t *o = json_object();
    json_object_set_new(o, "what", text(what));
    json_object_set_new(o, "xid", text(xid));
    return record(r, kind, o);
}

bool runner_note_signal(struct runner *r, const struct activity_session *session, const char *how)
{
    json_t *o = json_object();
    json_object_set_new(o, "pid", json_integer(session->pid));
    json_object_set_new(o, "how", text(how));
    json_object_set_new(o, "application", text(session->application));
    json_object_set_new(o, "user", text(session->user));
    json_object_set_new(o, "client", text(session->client));
    json_object_set_new(o, "query", text(session->query));
    return record(r, "signal", o);
}

bool runner_note_signalled(struct runner *r, const struct activity_session *session,
                           const struct err *err)
{
    json_t *o = json_object();
    json_object_set_new(o, "pid", json_integer(session->pid));
    json_object_set_new(o, "message", text(err ? err->message : NULL));
    return record(r, "signalled", o);
}

bool runner_note_session(struct runner *r, int pid, const char *start)
{
    json_t *o = json_object();
    json_object_set_new(o, "backend_pid", json_integer(pid));
    json_object_set_new(o, "backend_start", text(start));
    return record(r, "session", o);
}

bool runner_note_output(struct runner *r, struct position at, const char *line)
{
    json_t *o = at_members(at);
    json_object_set_new(o, "text", text(line));
    return record_as(r, "output", o, true);
}

bool runner_note_differences(struct runner *r, struct position at, const struct name_list *lines)
{
    json_t *o = at_members(at);
    json_object_set_new(o, "lines", names(lines));
    return record(r, "differences", o);
}

bool runner_note_schema(struct runner *r, bool used, const char *reason)
{
    json_t *o = json_object();
    json_object_set_new(o, "schema", text(r->settings.journal_schema));
    json_object_set_new(o, "used", json_boolean(used));
    json_object_set_new(o, "reason", text(reason));
    return record(r, "schema", o);
}

bool runner_note_end(struct runner *r)
{
    json_t *o = json_object();
    json_object_set_new(o, "state", text(r->state == RUNNER_DONE ? "done" : "stopped"));
    json_object_set_new(o, "message", text(r->err.message));
    json_object_set_new(o, "committed", position(r->committed));
    bool at_failure = r->has_failed && r->failed.step == r->committed.step &&
                      r->failed.statement == r->committed.statement;
    if (r->state == RUNNER_STOPPED && at_failure &&
        !runner_statement_at(r, r->failed)->in_transaction)
        json_object_set_new(o, "left", json_true());
    if (r->unknown != UNKNOWN_NOTHING)
        json_object_set_new(o, "unknown",
                            text(r->unknown == UNKNOWN_COMMIT ? "commit" : "statement"));
    return record(r, "end", o);
}

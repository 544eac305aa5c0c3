#include "config.h"

#include "run/live_program.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/thread.h"
#include "sql/calls.h"
#include "sql/parse.h"
#include "sql/text.h"

/*
 * Who holds the program is said by `state`: the evaluating thread while it is RUNNING, who steps it
 * otherwise. The state changes under the lock; everything else belongs to its holder.
 */
struct live_program {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t answered;
    enum live_state state;
    int fd;
    atomic_bool stopping; /* live_program_free(): nobody wants to know how it ends */

    struct live_options options;
    struct alembic_live live;
    struct arena *arena;   /* of the evaluation, and of what is asked */
    struct sql_context context;
    struct live_step step;
    struct live_answer answer;
    struct err abort;      /* why the evaluation ends at this question; no code: it does not */
    struct live_asked_list asked;
    bool is_asking;        /* the last of asked has not got its answer yet */
    struct revision_reading reading;
};

/* ------------------------------------------------------------------ on the evaluating thread */

static void wake(const struct live_program *p)
{
    uint64_t one = 1;
    while (write(p->fd, &one, sizeof(one)) < 0 && errno == EINTR)
        ;
}

static void set_state(struct live_program *p, enum live_state state)
{
    pthread_mutex_lock(&p->lock);
    p->state = state;
    pthread_mutex_unlock(&p->lock);
    wake(p);
}

/* The statements of an operation that is to be carried out; what cannot be rendered is refused as a
 * reading without a database does it. */
static bool render(struct live_program *p, const struct op *op, struct err *err)
{
    p->step.statements = (struct statement_list){0};
    return sql_render_op(p->arena, &p->context, op, &p->step.statements, err);
}

/* One statement that neither changes nor locks rows, nor defines anything, nor calls a function
 * that is known to do something beside giving a value. */
static bool only_reads(struct live_program *p)
{
    static const char *const tags[] = {"SELECT", "VALUES", "SHOW"};
    const struct statement_list *list = &p->step.statements;
    struct sql_effect effect;
    if (list->len != 1 || list->at[0].kind != STATEMENT_SQL)
        return false;
    sql_classify(p->arena, list->at[0].sql, p->options.server_version, &effect);
    if (!effect.known || effect.statements != 1 || effect.lock > SQL_LOCK_ACCESS_SHARE)
        return false;
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
        if (str_eq(effect.tag, tags[i]))
            return !sql_call_with_effect(p->arena, list->at[0].sql);
    return false;
}

/* Notes the question where it has an answer that matters; told() completes it. */
static void note_question(struct live_program *p)
{
    const struct live_question *q = p->step.question;
    p->is_asking = false;
    if (q->kind == LIVE_EXECUTE && !(q->wants_result && p->step.reads))
        return;
    struct live_asked asked = {.origin = q->origin};
    if (q->kind == LIVE_EXECUTE)
        asked.sql = p->step.statements.at[0].sql;
    else
        asked.call = arena_strdup(p->arena, q->call);
    vec_push(p->arena, &p->asked, asked);
    p->is_asking = true;
}

/* Hands the question over and waits for the answer. */
static bool ask(void *payload, const struct live_question *question, struct live_answer *answer,
                struct err *err)
{
    struct live_program *p = payload;
    p->step = (struct live_step){.question = question};
    if (question->kind == LIVE_EXECUTE) {
        if (!render(p, question->op, err))
            return false;
        p->step.reads = question->wants_result && only_reads(p);
    }
    note_question(p);
    set_state(p, LIVE_ASKS);
    pthread_mutex_lock(&p->lock);
    while (p->state == LIVE_ASKS && !p->stopping)
        pthread_cond_wait(&p->answered, &p->lock);
    bool stopping = p->stopping;
    pthread_mutex_unlock(&p->lock);
    if (stopping)
        return err_set(err, ERR_CANCELLED, "the evaluation was ended");
    if (p->abort.code != ERR_NONE) {
        err_move(err, &p->abort);
        return false;
    }
    *answer = p->answer;
    answer->only_read = p->step.reads;
    return true;
}

static void told(void *payload, const char *shown)
{
    struct live_program *p = payload;
    if (p->is_asking && p->asked.len > 0)
        p->asked.at[p->asked.len - 1].answer = arena_strdup(p->arena, shown);
}

static void as_text(void *payload, const char *column, uint32_t type)
{
    struct live_program *p = payload;
    if (!p->is_asking || p->asked.len == 0)
        return;
    struct live_asked *last = &vec_last(&p->asked);
    last->note = arena_printf(
        p->arena, "%s%sthe column '%s' has a type (OID %u) that is given as text",
        last->outdated ? last->note : "", last->outdated ? "; " : "", column, type);
}

static void *evaluate(void *payload)
{
    struct live_program *p = payload;
    struct reading_request request = p->options.request;
    thread_set_cancel(&p->stopping);
    request.op_text = sql_op_text;
    request.purpose = READING_TO_EXECUTE;
    request.live = &p->live;
    alembic_read_revision(p->arena, p->options.project, &request, &p->reading);
    set_state(p, LIVE_ENDED);
    return NULL;
}

/* ------------------------------------------------------------------ starting and ending */

static void copy_context(struct live_program *p, const struct sql_context *from)
{
    p->context = (struct sql_context){.created_types = MAP_IN(p->arena)};
    for (size_t i = 0; from && i < from->created_types.len; i++)
        map_put(&p->context.created_types,
                arena_strdup(p->arena, from->created_types.at[i].key), p);
}

static void discard(struct live_program *p)
{
    revision_reading_clear(&p->reading);
    err_clear(&p->abort);
    pthread_cond_destroy(&p->answered);
    pthread_mutex_destroy(&p->lock);
    if (p->fd >= 0)
        close(p->fd);
    arena_free(p->arena);
    mem_free(p);
}

bool live_program_start(const struct live_options *options, struct live_program **out,
                        struct err *err)
{
    struct live_program *p = mem_alloc(sizeof(*p));
    *p = (struct live_program){
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .answered = PTHREAD_COND_INITIALIZER,
        .state = LIVE_RUNNING,
        .fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
        .options = *options,
        .arena = arena_new(),
        .abort = ERR_INIT,
        .reading = {.err = ERR_INIT},
        .live = {.ask = ask,
                 .told = told,
                 .as_text = as_text,
                 .payload = p,
                 .server_version = options->server_version,
                 .default_schema = options->default_schema},
    };
    copy_context(p, options->context);
    *out = NULL;
    if (p->fd < 0 || !thread_start(&p->thread, evaluate, p)) {
        err_set(err, ERR_INTERNAL, "no thread to evaluate the revision on: %s", strerror(errno));
        discard(p);
        return false;
    }
    *out = p;
    return true;
}

void live_program_free(struct live_program *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_cond_broadcast(&p->answered);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->thread, NULL);
    discard(p);
}

/* ------------------------------------------------------------------ stepping */

int live_program_fd(const struct live_program *p)
{
    return p->fd;
}

enum live_state live_program_next(struct live_program *p)
{
    uint64_t count;
    while (read(p->fd, &count, sizeof(count)) < 0 && errno == EINTR)
        ;
    pthread_mutex_lock(&p->lock);
    enum live_state state = p->state;
    pthread_mutex_unlock(&p->lock);
    return state;
}

const struct live_step *live_program_step(const struct live_program *p)
{
    return &p->step;
}

static void go_on(struct live_program *p)
{
    pthread_mutex_lock(&p->lock);
    p->state = LIVE_RUNNING;
    pthread_cond_broadcast(&p->answered);
    pthread_mutex_unlock(&p->lock);
}

void live_program_answer(struct live_program *p, const struct live_answer *answer)
{
    p->answer = *answer;
    go_on(p);
}

void live_program_note_outdated(struct live_program *p, const char *note)
{
    if (!p->is_asking || p->asked.len == 0)
        return;
    struct live_asked *last = &vec_last(&p->asked);
    last->note = arena_strdup(p->arena, note);
    last->outdated = true;
}

void live_program_abort(struct live_program *p, const struct err *why)
{
    err_set(&p->abort, why->code, "%s", why->message);
    go_on(p);
}

const struct revision_reading *live_program_reading(const struct live_program *p)
{
    return &p->reading;
}

const struct live_asked_list *live_program_asked(const struct live_program *p)
{
    return &p->asked;
}

const struct sql_context *live_program_context(const struct live_program *p)
{
    return &p->context;
}

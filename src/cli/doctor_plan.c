/*
 * What of `retort doctor` is about what is pending: models that env.py does not import; the plan.
 */
#include "config.h"

#include "alembic/models.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/doctor.h"
#include "cli/migrate.h"
#include "cli/open.h"
#include "run/plan_text.h"
#include "schema/order.h"

/* Tables that refer to each other in a circle: none of them can be created with all its keys. */
static void add_cycle(struct doctor *d, const struct table_list *cycle)
{
    struct arena *a = d->cli->arena;
    struct str names = STR_IN(a);
    for (size_t i = 0; i < cycle->len; i++)
        str_addf(&names, "%s%s", i > 0 ? ", " : "", table_key(a, cycle->at[i]));
    struct doctor_check *check =
        doctor_add(d, DOCTOR_NOTE, "circle", "%s: their foreign keys go round", names.ptr);
    if (cycle->at[0]->place.file) {
        check->file = doctor_shorten(d, cycle->at[0]->place.file);
        check->line = cycle->at[0]->place.line;
    }
    check->hint = "a name and use_alter=True on one foreign key of the circle gives the tables an "
                  "order";
}

void doctor_check_models(struct doctor *d)
{
    struct arena *a = d->cli->arena;
    struct models models = {0};
    struct err err = ERR_INIT;
    d->group = "models";
    if (!alembic_models_read(a, d->cli->project, &models, &err)) {
        struct doctor_check *check;
        doctor_add_err(d, DOCTOR_NOTE, "models", &err);
        check = &vec_last(&d->checks);
        if (!check->hint)
            check->hint =
                "without models `check`, `diff` and --autogenerate do not work; all else does";
        return;
    }
    doctor_add(d, DOCTOR_OK, "tables", "%zu", models.declared.len);
    for (size_t i = 0; i < models.unseen.len; i++) {
        struct doctor_check *check = doctor_add(d, DOCTOR_NOTE, "not imported", "%s",
                                                arena_strdup(a, models.unseen.at[i].name));
        check->file = doctor_shorten(d, arena_strdup(a, models.unseen.at[i].place.file));
        check->line = models.unseen.at[i].place.line;
        check->hint = "import its module in env.py, or its table is missing from every comparison";
    }
    for (size_t i = 0; i < models.findings.len; i++) {
        struct err copy = ERR_INIT;
        err_copy(&copy, &models.findings.at[i]);
        doctor_add_err(d, DOCTOR_NOTE, "not followed", &copy);
    }
    for (size_t i = 0; i < models.schema.cycles.len; i++)
        add_cycle(d, &models.schema.cycles.at[i]);
    models_clear(&models);
}

void doctor_check_plan(struct doctor *d, struct connection *conn)
{
    struct migrate_request request = {.command = "upgrade",
                                      .plan = {.verb = PLAN_UPGRADE, .target = "heads"}};
    struct migrate_plan made;
    struct err err = ERR_INIT;
    if (!migrate_plan(d->cli, &request, NULL, &made, &err)) {
        doctor_add_err(d, DOCTOR_NOTE, "pending", &err);
        return;
    }
    size_t missing = doctor_check_needs(d, conn, made.plan);
    if (!plan_is_runnable(made.plan, &err))
        doctor_add_err(d, DOCTOR_NOTE, "pending", &err);
    else if (!made.plan->steps.len)
        doctor_add(d, DOCTOR_OK, "pending", "nothing");
    else if (!missing)
        doctor_add(d, DOCTOR_OK, "pending", "%s, %s; nothing is missing for them",
                   plan_count(d->cli->arena, made.plan->steps.len, "revision"),
                   plan_count(d->cli->arena, made.plan->statement_count, "statement"));
    plan_clear(made.plan);
}

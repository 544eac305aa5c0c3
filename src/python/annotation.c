/* Annotated assignments and type statements: what annotations are kept as. */
#include "config.h"

#include "base/source.h"
#include "python/exec_private.h"
#include "python/interp.h"

struct annotating {
    const struct py_node *node;
    struct py_value value;
};

static void eval_annotation(struct py_run *run, void *payload)
{
    struct annotating *job = payload;
    job->value = py_eval(run, job->node);
}

/*
 * Annotations of modules and classes are kept; those of local variables are not evaluated. One that
 * names what is not defined yet is kept as text: since Python 3.14 it is evaluated when asked for.
 */
void py_exec_annotation(struct py_run *run, struct py_frame *f, const struct py_node *node)
{
    if (!node->as.ann_assign.simple || !f->namespace)
        return;
    struct py_value all = py_dict_get_name(f->namespace, "__annotations__");
    if (!py_is_dict(all)) {
        all = py_new_dict(run);
        py_dict_put_name(run, f->namespace, "__annotations__", all);
    }
    const struct py_node *a = node->as.ann_assign.annotation;
    struct annotating job = {.node = a};
    bool as_text = f->module->ast && f->module->ast->future_annotations;
    if (as_text || !py_try(run, eval_annotation, &job, &py_name_error_class, NULL)) {
        const struct source *src = f->module->source;
        job.value = py_new_strn(run, src->text + a->span.start, a->span.end - a->span.start);
    }
    py_dict_put_name(run, py_dict_of(all), node->as.ann_assign.target->as.name.name->text,
                     job.value);
}

struct noting {
    struct py_frame *frame;
    const struct py_node *node;
};

static void note_body(struct py_run *run, void *payload)
{
    const struct noting *job = payload;
    py_exec_annotation(run, job->frame, job->node);
}

/* The annotation of a statement that was passed over; one that was what was refused is unknown. */
void py_note_refused(struct py_run *run, struct py_frame *f, const struct py_node *node,
                     const char *reason)
{
    struct noting job = {f, node};
    struct py_outcome outcome;
    if (node->kind != PY_NODE_ANN_ASSIGN || !node->as.ann_assign.simple || !f->namespace ||
        py_run_protect(run, note_body, &job, &outcome))
        return;
    const char *name = node->as.ann_assign.target->as.name.name->text;
    struct py_value all = py_dict_get_name(f->namespace, "__annotations__");
    py_dict_put_name(run, py_dict_of(all), name,
                     py_new_unknown(run, run->refusal, name, reason));
}

/* type X = ...: X stands for what it is defined as; what is not defined yet is not known. */
static void eval_alias(struct py_run *run, void *payload)
{
    struct annotating *job = payload;
    const struct source *src = run->frame->module->source;
    const struct span span = job->node->span;
    const char *text = arena_strndup(run->arena, src->text + span.start, span.end - span.start);
    job->value = py_eval_text(run, text, run->frame->module->name, run->frame->namespace);
}

void py_exec_type_alias(struct py_run *run, const struct py_node *node)
{
    const struct py_type_alias *alias = node->as.type_alias;
    const char *name = alias->ref.name->text;
    struct annotating job = {.node = alias->value};
    if (alias->type_params || !py_try(run, eval_alias, &job, &py_name_error_class, NULL))
        job.value = py_new_unknown(run, PY_REFUSE_STATEMENT, name,
                                   "the value of a type statement is not known here");
    py_store_ref(run, &alias->ref, job.value);
}

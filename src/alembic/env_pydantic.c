/*
 * The part of pydantic that settings are made of: models with annotated fields, defaults and
 * validators. Validation as such is left out: what env.py needs is the values.
 */
#include "config.h"

#include "alembic/env_pydantic.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "alembic/versions.h"
#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

VEC_DEFINE(validators, struct pydantic_validator);

static const char state_key;

static struct validators *all_validators(struct py_run *run)
{
    return py_state(run, &state_key, sizeof(struct validators));
}

/* ---- fields ---- */

static bool is_field_name(const char *name)
{
    return name[0] != '_' && strcmp(name, "model_config") != 0;
}

static void fields_of(struct py_run *run, struct py_type *cls, pydantic_field_fn *fn, void *payload)
{
    struct py_dict *names = py_class_namespace(run, cls);
    struct py_value annotations = py_dict_get_name(names, "__annotations__"), key, annotation;
    if (!py_is_dict(annotations))
        return;
    for (size_t i = 0; py_dict_next(py_dict_of(annotations), &i, &key, &annotation);) {
        const char *name = py_as_string(run, key, "names");
        if (is_field_name(name))
            fn(run, name, annotation, py_dict_get_name(names, name), payload);
    }
}

void pydantic_each_field(struct py_run *run, struct py_type *cls, pydantic_field_fn *fn,
                         void *payload)
{
    for (size_t i = cls->mro_len; i-- > 0;) {
        if (!cls->mro[i]->native)
            fields_of(run, cls->mro[i], fn, payload);
    }
}

enum { FIELD_DEFAULT, FIELD_FACTORY, FIELD_ALIAS, FIELD_VALIDATION_ALIAS, FIELD_ENV, FIELD_KW };
static const struct py_arg field_args[] = {
    [FIELD_DEFAULT] = PY_DEFAULTED("default"),
    [FIELD_FACTORY] = PY_KEYWORD_DEFAULTED("default_factory"),
    [FIELD_ALIAS] = PY_KEYWORD_DEFAULTED("alias"),
    [FIELD_VALIDATION_ALIAS] = PY_KEYWORD_DEFAULTED("validation_alias"),
    [FIELD_ENV] = PY_KEYWORD_DEFAULTED("env"),
    [FIELD_KW] = PY_KEYWORDS("kw"),
    PY_ARGS_END};

static struct py_value field(struct py_run *run, struct py_call *call)
{
    void *payload;
    struct py_value v = py_new(run, &pydantic_field_class, &payload);
    struct pydantic_field *f = payload;
    const struct py_value *args = call->args;
    f->is_required = args[FIELD_DEFAULT].kind == PY_ELLIPSIS;
    f->fallback = f->is_required ? py_absent() : args[FIELD_DEFAULT];
    f->factory = args[FIELD_FACTORY];
    f->alias = !py_is_absent(args[FIELD_ENV])                ? args[FIELD_ENV]
               : !py_is_absent(args[FIELD_VALIDATION_ALIAS]) ? args[FIELD_VALIDATION_ALIAS]
                                                             : args[FIELD_ALIAS];
    f->limit = pydantic_limit_of(py_dict_of(args[FIELD_KW]));
    return v;
}

const struct py_native_class pydantic_field_class = {.name = "FieldInfo",
                                                     .module = "pydantic.fields",
                                                     .payload_size = sizeof(struct pydantic_field)};

static struct py_value alias_choices(struct py_run *run, struct py_call *call)
{
    return py_new_tuple(run, call->args, call->count);
}

/* ---- values from text ---- */

static bool is_class(struct py_run *run, struct py_value v, const struct py_native_class *cls)
{
    return py_is_class(v) && py_type_of(v) == py_class_for(run, cls);
}

static struct py_value not_made(struct py_run *run, const char *name)
{
    return py_new_unknown(run, PY_REFUSE_VALUE, arena_printf(py_arena(run), "the setting %s", name),
                          "has a value that its annotation does not fit");
}

/* pydantic's words for bool; absent when it is none of them. */
static struct py_value bool_of(const char *text)
{
    static const char *const words[][2] = {{"1", "0"},   {"true", "false"}, {"t", "f"},
                                           {"yes", "no"}, {"y", "n"},        {"on", "off"}};
    char lower[8] = "";
    for (size_t i = 0; i + 1 < sizeof(lower) && text[i]; i++)
        lower[i] = (char)tolower((unsigned char)text[i]);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && strlen(text) < sizeof(lower); i++) {
        if (strcmp(lower, words[i][0]) == 0 || strcmp(lower, words[i][1]) == 0)
            return py_bool(strcmp(lower, words[i][0]) == 0);
    }
    return py_absent();
}

struct making {
    struct py_value callable, argument, result;
};

static void make(struct py_run *run, void *payload)
{
    struct making *m = payload;
    m->result = py_call(run, m->callable, &m->argument, 1, NULL);
}

/* callable(argument), or absent when that raises or is refused. */
static struct py_value try_call(struct py_run *run, struct py_value callable,
                                struct py_value argument)
{
    struct making m = {.callable = callable, .argument = argument};
    struct py_outcome outcome;
    return py_run_protect(run, make, &m, &outcome) ? m.result : py_absent();
}

/* The arguments of Optional[X], X | Y, Annotated[X, ...]; NULL: it has none. */
static struct py_tuple *arguments_of(struct py_run *run, struct py_value annotation)
{
    struct py_value args;
    if (py_is_class(annotation) || py_is_unset(annotation) || py_is_unknown(annotation) ||
        !py_find_attr(run, annotation, "__args__", &args) || !py_is_tuple(args))
        return NULL;
    return py_tuple_of(args);
}

static struct py_value from_text(struct py_run *run, struct py_value annotation,
                                 struct py_value value);

/* Of the members of a union the first that the text fits; str last, as it fits everything. */
static struct py_value from_members(struct py_run *run, const struct py_tuple *members,
                                    struct py_value value)
{
    for (size_t i = 0; i < members->len; i++) {
        if (is_class(run, members->items[i], &py_str_class))
            return value;
    }
    for (size_t i = 0; i < members->len; i++) {
        struct py_value v = py_is_none(members->items[i]) ||
                                    is_class(run, members->items[i], &py_none_class)
                                ? py_absent()
                                : from_text(run, members->items[i], value);
        if (!py_is_absent(v))
            return v;
    }
    return py_absent();
}

static bool is_json_container(struct py_run *run, struct py_value annotation)
{
    struct py_value origin = annotation;
    if (!py_is_class(annotation) && !py_find_attr(run, annotation, "__origin__", &origin))
        return false;
    return is_class(run, origin, &py_list_class) || is_class(run, origin, &py_dict_class) ||
           is_class(run, origin, &py_set_class) || is_class(run, origin, &py_tuple_class);
}

static struct py_value from_text(struct py_run *run, struct py_value annotation,
                                 struct py_value value)
{
    if (py_is_unknown(annotation) || py_is_unset(annotation))
        return value;
    if (is_class(run, annotation, &py_bool_class))
        return bool_of(py_str_of(value)->ptr);
    if (is_json_container(run, annotation))
        return try_call(run, py_getattr(run, py_import(run, "json"), "loads"), value);
    if (py_is_class(annotation)) {
        if (py_isinstance_of(run, value, py_type_of(annotation)))
            return value;
        return try_call(run, annotation, value);
    }
    struct py_tuple *members = arguments_of(run, annotation);
    return members && members->len ? from_members(run, members, value) : value;
}

struct evaluation {
    const char *text, *module;
    struct py_value result;
};

static void evaluate(struct py_run *run, void *payload)
{
    struct evaluation *e = payload;
    e->result = py_eval_text(run, e->text, e->module, NULL);
}

struct py_value pydantic_coerce(struct py_run *run, struct py_type *cls, const char *name,
                                struct py_value annotation, struct py_value value)
{
    struct py_outcome outcome;
    if (!py_is_str(value))
        return value;
    if (py_is_str(annotation)) {
        struct evaluation e = {py_str_of(annotation)->ptr, cls->module, {.kind = PY_ABSENT}};
        annotation = py_run_protect(run, evaluate, &e, &outcome) ? e.result : py_none();
    }
    struct py_value made = from_text(run, annotation, value);
    return py_is_absent(made) ? not_made(run, name) : made;
}

/* ---- validators ---- */

struct validating {
    struct py_run *run;
    struct py_type *cls;
    struct py_value object;
    struct py_dict *values;
};

static const struct pydantic_validator *validator_of(struct py_run *run, struct py_value function)
{
    const struct validators *all = all_validators(run);
    for (size_t i = 0; i < all->len; i++) {
        if (py_is(all->at[i].function, function))
            return &all->at[i];
    }
    return NULL;
}

struct calling {
    struct py_value callable, args[3], result;
    size_t count;
};

static void call_it(struct py_run *run, void *payload)
{
    struct calling *c = payload;
    c->result = py_call(run, c->callable, c->args, c->count, NULL);
}

static bool lacks_argument(struct py_run *run, struct py_value exception)
{
    const char *message = py_str_text(run, exception);
    return strstr(message, "missing") && strstr(message, "positional argument");
}

/* A validator takes the value and, if it wants to, the fields so far. */
static void call_with_extra(struct py_run *run, void *payload)
{
    struct calling *c = payload;
    struct py_value exception;
    size_t without = c->count - 1;
    c->count = without;
    if (py_try(run, call_it, c, &py_type_error_class, &exception))
        return;
    if (!lacks_argument(run, exception))
        py_raise_value(run, exception);
    c->count = without + 1;
    call_it(run, c);
}

static struct py_value call_validator(const struct validating *v, const char *name,
                                      const struct pydantic_validator *row, struct py_value value)
{
    struct py_run *run = v->run;
    struct calling c = {0};
    struct py_outcome outcome;
    struct py_value info = py_object(&v->values->base);
    if (!row->takes_values) {
        info = py_new(run, &pydantic_model_class, NULL);
        py_set_own_attr(run, info, "data", py_object(&v->values->base));
    }
    c.callable = py_getattr(run, py_class_value(v->cls), name);
    if (py_is_python_function(row->function))
        c.args[c.count++] = py_class_value(v->cls);
    c.args[c.count++] = value;
    c.args[c.count++] = info;
    if (py_run_protect(run, call_with_extra, &c, &outcome))
        return c.result;
    if (outcome.ending == PY_RAISED)
        py_raise_value(run, outcome.exception);
    env_find(run, false, "the validator %s() cannot be followed: %s", name, outcome.reason);
    return value;
}

static bool names_field(struct py_run *run, const struct pydantic_validator *v, const char *field)
{
    struct py_tuple *names = py_tuple_of(v->names);
    for (size_t i = 0; i < names->len; i++) {
        const char *name = py_as_string(run, names->items[i], "field names");
        if (strcmp(name, field) == 0 || strcmp(name, "*") == 0)
            return true;
    }
    return false;
}

/* Which validators of a field are meant. */
enum moment { BEFORE, AFTER, ON_DEFAULT };

static bool is_meant(const struct pydantic_validator *v, enum moment moment)
{
    return moment == ON_DEFAULT ? v->always : v->before == (moment == BEFORE);
}

/* Runs the validators of one field. */
static struct py_value validate_field(const struct validating *v, const char *field,
                                      struct py_value value, enum moment moment)
{
    struct py_value key, function;
    for (size_t i = v->cls->mro_len; i-- > 0;) {
        struct py_dict *names = py_class_namespace(v->run, v->cls->mro[i]);
        if (v->cls->mro[i]->native)
            continue;
        for (size_t k = 0; py_dict_next(names, &k, &key, &function);) {
            const struct pydantic_validator *found = validator_of(v->run, function);
            if (found && !py_is_absent(found->names) && is_meant(found, moment) &&
                names_field(v->run, found, field))
                value = call_validator(v, py_str_of(key)->ptr, found, value);
        }
    }
    return value;
}

static void call_after(struct py_run *run, void *payload)
{
    struct calling *c = payload;
    c->result = py_call_method(run, c->args[0], py_str_of(c->args[1])->ptr, NULL, 0);
}

/* @model_validator(mode="after"): may raise, may change fields. */
static void validate_model(const struct validating *v)
{
    struct py_value key, function;
    for (size_t i = v->cls->mro_len; i-- > 0;) {
        struct py_dict *names = py_class_namespace(v->run, v->cls->mro[i]);
        if (v->cls->mro[i]->native)
            continue;
        for (size_t k = 0; py_dict_next(names, &k, &key, &function);) {
            const struct pydantic_validator *found = validator_of(v->run, function);
            if (!found || !py_is_absent(found->names) || found->before)
                continue;
            struct calling c = {.args = {v->object, key}};
            struct py_outcome outcome;
            if (py_run_protect(v->run, call_after, &c, &outcome))
                continue;
            if (outcome.ending == PY_RAISED)
                py_raise_value(v->run, outcome.exception);
            env_find(v->run, false, "the validator %s() cannot be followed: %s",
                     py_str_of(key)->ptr, outcome.reason);
        }
    }
}

/* ---- filling an object ---- */

/* What a field has when no value is given. Absent: it must be given. */
static struct py_value default_of(struct py_run *run, struct py_value value)
{
    const struct pydantic_field *f = py_payload(value, &pydantic_field_class);
    if (!f)
        return value;
    return py_is_absent(f->factory) ? f->fallback : py_call(run, f->factory, NULL, 0, NULL);
}

static bool is_optional(struct py_value annotation)
{
    struct py_value args;
    if (!py_is_union(annotation, &args))
        return false;
    const struct py_tuple *members = py_tuple_of(args);
    for (size_t i = 0; i < members->len; i++)
        if (py_is_none(members->items[i]) ||
            (py_is_class(members->items[i]) &&
             py_type_of(members->items[i])->native == &py_none_class))
            return true;
    return false;
}

static struct py_value validate_given(const struct validating *v, const char *name,
                                      struct py_value annotation, struct py_value given)
{
    given = validate_field(v, name, given, BEFORE);
    given = pydantic_coerce(v->run, v->cls, name, annotation, given);
    return validate_field(v, name, given, AFTER);
}

/* pydantic 1: Optional[] has the default None, and settings validate defaults as they do values. */
static struct py_value default_in_pydantic_1(const struct validating *v, const char *name,
                                             struct py_value annotation, struct py_value given)
{
    if (py_is_absent(given) && is_optional(annotation))
        given = py_none();
    if (py_is_absent(given))
        return given;
    return py_class_is(v->cls, &pydantic_settings_class)
               ? validate_given(v, name, annotation, given)
               : validate_field(v, name, given, ON_DEFAULT);
}

static void fill_field(struct py_run *run, const char *name, struct py_value annotation,
                       struct py_value value, void *payload)
{
    struct validating *v = payload;
    struct py_value given = py_dict_get_name(v->values, name);
    if (!py_is_absent(given)) {
        given = validate_given(v, name, annotation, given);
    } else {
        given = default_of(run, value);
        if (sqlmodel_has_pydantic_1(run))
            given = default_in_pydantic_1(v, name, annotation, given);
        else if (!py_is_absent(given))
            given = validate_field(v, name, given, ON_DEFAULT);
    }
    if (py_is_absent(given)) {
        given = py_new_unknown(run, PY_REFUSE_VALUE,
                               arena_printf(py_arena(run), "the setting %s", name),
                               "is required and not given");
    }
    py_dict_put_name(run, v->values, name, given);
    py_set_own_attr(run, v->object, name, given);
}

void pydantic_fill(struct py_run *run, struct py_value object, struct py_dict *values)
{
    struct validating v = {
        .run = run, .cls = py_class(run, object), .object = object, .values = values};
    pydantic_each_field(run, v.cls, fill_field, &v);
    validate_model(&v);
}

static const struct py_arg init_args[] = {PY_KEYWORDS("values"), PY_ARGS_END};

static struct py_value model_init(struct py_run *run, struct py_call *call)
{
    pydantic_fill(run, call->self, py_dict_of(call->args[0]));
    return py_none();
}

static struct py_value model_dump(struct py_run *run, struct py_call *call)
{
    struct py_value dict = py_new_dict(run);
    struct py_value key, value;
    for (size_t i = 0; call->self.object->dict &&
                       py_dict_next(call->self.object->dict, &i, &key, &value);)
        py_dict_put(run, py_dict_of(dict), key, value);
    return dict;
}

/* Class keywords (extra=..., frozen=...) and __init_subclass__ of object. */
static struct py_value init_subclass(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_none();
}

static const struct py_member model_members[] = {
    PY_METHOD("__init__", model_init, init_args),
    PY_CLASSMETHOD_ANY("__init_subclass__", init_subclass),
    PY_FUNCTION_ANY("model_dump", model_dump),
    PY_FUNCTION_ANY("dict", model_dump),
    PY_MEMBERS_END,
};

const struct py_native_class pydantic_model_class = {.name = "BaseModel",
                                                     .module = "pydantic.main",
                                                     .members = model_members,
                                                     .flags = PY_CLASS_INERT};

/* ---- decorators ---- */

/* What a decorator factory returns: called with a function, it remembers and returns it. */
static const struct py_native_class decorator_class;

static struct py_value decorate(struct py_run *run, struct py_call *call)
{
    const struct pydantic_validator *row = py_payload(call->self, &decorator_class);
    struct pydantic_validator v = *row;
    v.function = call->args[0];
    vec_push(py_arena(run), all_validators(run), v);
    return v.function;
}

static const struct py_member decorator_members[] = {
    PY_FUNCTION_N("__call__", decorate, 1, 1),
    PY_MEMBERS_END,
};

static const struct py_native_class decorator_class = {.name = "decorator",
                                                       .members = decorator_members,
                                                       .payload_size =
                                                           sizeof(struct pydantic_validator)};

static bool is_mode(struct py_call *call, struct py_run *run, const char *mode)
{
    struct py_value v = call->kwargs ? py_dict_get_name(call->kwargs, "mode") : py_absent();
    return py_is_str(v) && strcmp(py_as_string(run, v, "mode"), mode) == 0;
}

static struct py_value decorator(struct py_run *run, const struct pydantic_validator *row)
{
    void *payload;
    struct py_value v = py_new(run, &decorator_class, &payload);
    *(struct pydantic_validator *)payload = *row;
    return v;
}

static bool is_true(struct py_run *run, struct py_call *call, const char *keyword)
{
    return call->kwargs && py_truth(run, py_dict_get_name(call->kwargs, keyword));
}

/* @field_validator("a", "b", mode="before") and pydantic 1's @validator("a", pre=True). */
static struct py_value field_validator(struct py_run *run, struct py_call *call)
{
    const struct pydantic_validator row = {
        .names = py_new_tuple(run, call->args, call->count),
        .before = is_mode(call, run, "before") || is_true(run, call, "pre"),
        .always = is_true(run, call, "always"),
        .takes_values = strcmp(call->function->name, "validator") == 0,
    };
    return decorator(run, &row);
}

static struct py_value model_validator(struct py_run *run, struct py_call *call)
{
    return decorator(run, &(struct pydantic_validator){.before = !is_mode(call, run, "after")});
}

static struct py_value same(struct py_run *run, struct py_call *call)
{
    (void)run;
    return call->args[0];
}

/* @computed_field, @computed_field(...): the property stays what it is. */
static struct py_value computed_field(struct py_run *run, struct py_call *call)
{
    static const struct py_member row = {
        .name = "computed_field", .kind = PY_MEMBER_FUNCTION, .fn = same, .min = 1, .max = 1};
    return call->count ? call->args[0] : py_new_function(run, &row, py_absent());
}

struct py_value pydantic_config_dict(struct py_run *run, struct py_call *call)
{
    return call->kwargs ? py_object(&call->kwargs->base) : py_new_dict(run);
}

static const struct py_member pydantic_members[] = {
    PY_CLASS("BaseModel", &pydantic_model_class),
    PY_CLASS("BaseSettings", &pydantic_settings_class), /* pydantic 1 */
    PY_CLASS("FieldInfo", &pydantic_field_class),
    PY_CLASS("SecretStr", &pydantic_secret_class),
    PY_CLASS("PostgresDsn", &pydantic_dsn_class),
    PY_FUNCTION("Field", field, field_args),
    PY_FUNCTION_N("AliasChoices", alias_choices, 0, -1),
    PY_FUNCTION_ANY("ConfigDict", pydantic_config_dict),
    PY_FUNCTION_ANY("field_validator", field_validator),
    PY_FUNCTION_ANY("validator", field_validator),
    PY_FUNCTION_ANY("model_validator", model_validator),
    PY_FUNCTION_ANY("root_validator", model_validator),
    PY_FUNCTION_ANY("computed_field", computed_field),
    PY_MEMBERS_END,
};

/* pydantic shows what its modules define. */
const struct py_native_module env_pydantic_module = {"pydantic", pydantic_members, 0,
                                                     pydantic_annotation_name};
const struct py_native_module pydantic_types_module = {"pydantic.types", pydantic_members, 0,
                                                       pydantic_annotation_name};
const struct py_native_module pydantic_networks_module = {"pydantic.networks", pydantic_members, 0,
                                                          pydantic_annotation_name};
const struct py_native_module pydantic_fields_module = {"pydantic.fields", pydantic_members, 0,
                                                        pydantic_annotation_name};
const struct py_native_module pydantic_main_module = {"pydantic.main", pydantic_members, 0,
                                                      pydantic_annotation_name};
const struct py_native_module pydantic_validators_module = {
    "pydantic.functional_validators", pydantic_members, 0, pydantic_annotation_name};

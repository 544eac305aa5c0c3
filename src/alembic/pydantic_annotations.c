/*
 * Names of pydantic for annotations: types that are others with a rule (PositiveInt, constr()), and
 * what stands in Annotated[] (AfterValidator()). Rules do not show in a database; lengths can.
 */
#include "config.h"

#include "alembic/env_pydantic.h"

#include "base/str.h"

const struct py_native_class pydantic_marker_class = {
    .name = "marker",
    .module = "pydantic",
    .payload_size = sizeof(struct pydantic_marker),
};

static struct py_value new_marker(struct py_run *run, struct pydantic_limit limit)
{
    void *payload;
    struct py_value v = py_new(run, &pydantic_marker_class, &payload);
    ((struct pydantic_marker *)payload)->limit = limit;
    return v;
}

/* Annotated[type, a marker]. */
static struct py_value annotated(struct py_run *run, struct py_value type,
                                 struct pydantic_limit limit)
{
    const struct py_value args[] = {type, new_marker(run, limit)};
    struct py_value form = py_getattr(run, py_import(run, "typing"), "Annotated");
    return py_getitem(run, form, py_new_tuple(run, args, 2));
}

static bool is_said(const struct py_dict *kw, const char *name)
{
    return !py_is_unset(py_dict_get_name(kw, name));
}

struct pydantic_limit pydantic_limit_of(const struct py_dict *kw)
{
    static const char *const general[] = {"max_digits", "decimal_places", "pattern",
                                          "allow_inf_nan", "union_mode", "coerce_numbers_to_str"};
    struct pydantic_limit limit = {.given = is_said(kw, "strict")};
    if (limit.given)
        return limit; /* Strict() comes first and knows no lengths */
    limit.given = is_said(kw, "max_length");
    if (limit.given) {
        limit.max_length = py_dict_get_name(kw, "max_length");
        return limit;
    }
    for (size_t i = 0; i < sizeof(general) / sizeof(general[0]); i++)
        limit.given |= is_said(kw, general[i]);
    limit.max_digits = py_dict_get_name(kw, "max_digits");
    limit.decimal_places = py_dict_get_name(kw, "decimal_places");
    return limit;
}

/* ------------------------------------------------------------------ types with a rule */

struct alias {
    const char *name;
    const struct py_native_class *cls; /* NULL: see module */
    const char *module, *attribute;
    bool strict;
};

static const struct alias aliases[] = {
    {"PositiveInt", &py_int_class, NULL, NULL, false},
    {"NegativeInt", &py_int_class, NULL, NULL, false},
    {"NonPositiveInt", &py_int_class, NULL, NULL, false},
    {"NonNegativeInt", &py_int_class, NULL, NULL, false},
    {"ByteSize", &py_int_class, NULL, NULL, false},
    {"PositiveFloat", &py_float_class, NULL, NULL, false},
    {"NegativeFloat", &py_float_class, NULL, NULL, false},
    {"NonPositiveFloat", &py_float_class, NULL, NULL, false},
    {"NonNegativeFloat", &py_float_class, NULL, NULL, false},
    {"FiniteFloat", &py_float_class, NULL, NULL, true},
    {"StrictBool", &py_bool_class, NULL, NULL, true},
    {"StrictInt", &py_int_class, NULL, NULL, true},
    {"StrictFloat", &py_float_class, NULL, NULL, true},
    {"StrictStr", &py_str_class, NULL, NULL, true},
    {"StrictBytes", &py_bytes_class, NULL, NULL, true},
    {"EmailStr", &py_str_class, NULL, NULL, false},
    {"Base64Str", &py_str_class, NULL, NULL, false},
    {"Base64UrlStr", &py_str_class, NULL, NULL, false},
    {"Base64Bytes", &py_bytes_class, NULL, NULL, false},
    {"Base64UrlBytes", &py_bytes_class, NULL, NULL, false},
    {"UUID1", NULL, "uuid", "UUID", false},
    {"UUID3", NULL, "uuid", "UUID", false},
    {"UUID4", NULL, "uuid", "UUID", false},
    {"UUID5", NULL, "uuid", "UUID", false},
    {"UUID6", NULL, "uuid", "UUID", false},
    {"UUID7", NULL, "uuid", "UUID", false},
    {"UUID8", NULL, "uuid", "UUID", false},
    {"FilePath", NULL, "pathlib", "Path", false},
    {"DirectoryPath", NULL, "pathlib", "Path", false},
    {"NewPath", NULL, "pathlib", "Path", false},
};

static struct py_value find_alias(struct py_run *run, const char *name)
{
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
        const struct alias *row = &aliases[i];
        if (!str_eq(row->name, name))
            continue;
        struct py_value cls = row->cls ? py_class_value(py_class_for(run, row->cls))
                                       : py_getattr(run, py_import(run, row->module),
                                                    row->attribute);
        return row->strict ? annotated(run, cls, (struct pydantic_limit){.given = true}) : cls;
    }
    return py_absent();
}

/* conint(...), constr(...): the type and rules; constr() keeps its length to itself. */
static struct py_value constrained(struct py_run *run, struct py_call *call)
{
    static const struct {
        const char *name;
        const struct py_native_class *cls;
    } rows[] = {
        {"conint", &py_int_class},   {"confloat", &py_float_class}, {"constr", &py_str_class},
        {"conbytes", &py_bytes_class}, {"conlist", &py_list_class}, {"conset", &py_set_class},
        {"confrozenset", &py_frozenset_class},
    };
    struct pydantic_limit limit = {.given = call->kwargs && is_said(call->kwargs, "strict") &&
                                            !str_eq(call->function->name, "constr")};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (str_eq(rows[i].name, call->function->name))
            return annotated(run, py_class_value(py_class_for(run, rows[i].cls)), limit);
    return py_absent();
}

static struct py_value condate(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_getattr(run, py_import(run, "datetime"), "date");
}

static struct py_value condecimal(struct py_run *run, struct py_call *call)
{
    struct py_dict *kw = call->kwargs ? call->kwargs : py_dict_of(py_new_dict(run));
    struct pydantic_limit limit = pydantic_limit_of(kw);
    limit.given = true;
    return annotated(run, py_getattr(run, py_import(run, "decimal"), "Decimal"), limit);
}

/* ------------------------------------------------------------------ inside Annotated[] */

static struct py_value marker(struct py_run *run, struct py_call *call)
{
    (void)call;
    return new_marker(run, (struct pydantic_limit){.given = false});
}

/* pydantic's own metadata classes, which SQLModel finds where it looks for lengths. */
static struct py_value empty_limit(struct py_run *run, struct py_call *call)
{
    (void)call;
    return new_marker(run, (struct pydantic_limit){.given = true});
}

static struct py_value max_len(struct py_run *run, struct py_call *call)
{
    return new_marker(run, (struct pydantic_limit){.given = true, .max_length = call->args[0]});
}

static const struct py_member functions[] = {
    PY_FUNCTION_ANY("conint", constrained),
    PY_FUNCTION_ANY("confloat", constrained),
    PY_FUNCTION_ANY("constr", constrained),
    PY_FUNCTION_ANY("conbytes", constrained),
    PY_FUNCTION_ANY("conlist", constrained),
    PY_FUNCTION_ANY("conset", constrained),
    PY_FUNCTION_ANY("confrozenset", constrained),
    PY_FUNCTION_ANY("condate", condate),
    PY_FUNCTION_ANY("condecimal", condecimal),
    PY_FUNCTION_ANY("Strict", empty_limit),
    PY_FUNCTION_ANY("AllowInfNan", empty_limit),
    PY_FUNCTION_ANY("StringConstraints", marker),
    PY_FUNCTION_ANY("BeforeValidator", marker),
    PY_FUNCTION_ANY("AfterValidator", marker),
    PY_FUNCTION_ANY("PlainValidator", marker),
    PY_FUNCTION_ANY("WrapValidator", marker),
    PY_FUNCTION_ANY("PlainSerializer", marker),
    PY_FUNCTION_ANY("WrapSerializer", marker),
    PY_FUNCTION_ANY("WithJsonSchema", marker),
    PY_FUNCTION_ANY("Discriminator", marker),
    PY_FUNCTION_ANY("Tag", marker),
    PY_MEMBERS_END,
};

struct py_value pydantic_annotation_name(struct py_run *run, const char *name)
{
    for (const struct py_member *row = functions; row->name; row++)
        if (str_eq(row->name, name))
            return py_new_function(run, row, py_absent());
    return find_alias(run, name);
}

static const struct py_member annotated_types_members[] = {
    PY_FUNCTION_N("MaxLen", max_len, 1, 1),
    PY_FUNCTION_ANY("MinLen", marker),
    PY_FUNCTION_ANY("Len", marker),
    PY_FUNCTION_ANY("Gt", marker),
    PY_FUNCTION_ANY("Ge", marker),
    PY_FUNCTION_ANY("Lt", marker),
    PY_FUNCTION_ANY("Le", marker),
    PY_FUNCTION_ANY("Interval", marker),
    PY_FUNCTION_ANY("MultipleOf", marker),
    PY_FUNCTION_ANY("Predicate", marker),
    PY_FUNCTION_ANY("Timezone", marker),
    PY_MEMBERS_END,
};

const struct py_native_module pydantic_annotated_types_module = {
    .name = "annotated_types", .members = annotated_types_members};

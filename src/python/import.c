/*
 * Modules and imports: native ones from tables, the project's through the embedder's callback,
 * anything else an unknown.
 */
#include "config.h"

#include <string.h>

#include "base/err.h"
#include "base/source.h"
#include "python/embedded.h"
#include "python/interp.h"
#include "python/parse.h"

struct py_module_object *py_new_module(struct py_run *run, const char *name)
{
    struct py_module_object *m = py_new_object(run, PY_T_module, sizeof(*m));
    m->name = arena_strdup(run->arena, name);
    m->base.dict = py_dict_of(py_new_dict(run));
    return m;
}

struct py_dict *py_module_namespace(struct py_value module)
{
    if (module.kind != PY_OBJECT || module.object->cls->native != &py_module_class)
        return NULL;
    return module.object->dict;
}

static void add_module(struct py_run *run, const char *name, struct py_value m)
{
    struct py_name n = py_name_of(name);
    struct py_value key = py_name_value(run, &n);
    py_table_put(run, &run->modules, key, py_str_hash(py_str_of(key)))->value = m;
}

static struct py_value loaded(struct py_run *run, const char *name)
{
    struct py_name n = py_name_of(name);
    const struct py_entry *e = py_table_find_name(&run->modules, &n);
    return e ? e->value : py_absent();
}

struct py_dict *py_builtins_of(struct py_run *run)
{
    if (run->builtin_names)
        return run->builtin_names;
    struct py_dict *d = py_dict_of(py_new_dict(run));
    run->builtin_names = d;
    size_t count = 0;
    while (py_builtins_module.members[count].name)
        count++;
    py_table_reserve(run, &d->table, count);
    for (const struct py_member *m = py_builtins_module.members; m->name; m++) {
        struct py_value row = {.kind = PY_ROW};
        row.object = (struct py_object *)(uintptr_t)m;
        struct py_str *key = py_str_of(py_str_own(run, m->name, strlen(m->name)));
        py_table_put(run, &d->table, py_object(&key->base), py_str_hash(key))->value = row;
    }
    return d;
}

/* ------------------------------------------------------------------ native modules */

static const struct py_native_module *find_native(struct py_run *run, const char *name)
{
    const struct py_native_module *const *lists[] = {run->config.modules, py_stdlib_modules};
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; lists[i] && lists[i][k]; k++) {
            if (strcmp(lists[i][k]->name, name) == 0)
                return lists[i][k];
        }
    }
    return NULL;
}

static const struct py_embedded *find_in(const struct py_embedded *rows, const char *name)
{
    for (const struct py_embedded *e = rows; e && e->name; e++) {
        if (strcmp(e->name, name) == 0)
            return e;
    }
    return NULL;
}

static const struct py_embedded *find_embedded(struct py_run *run, const char *name)
{
    const struct py_embedded *e = find_in(py_embedded_modules, name);
    return e ? e : find_in(run->config.embedded, name);
}

/* Whether a native module lies below the name: then it is a package, if an empty one. */
static bool is_native_parent(struct py_run *run, const char *name)
{
    size_t len = strlen(name);
    const struct py_native_module *const *lists[] = {run->config.modules, py_stdlib_modules};
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; lists[i] && lists[i][k]; k++) {
            if (strncmp(lists[i][k]->name, name, len) == 0 && lists[i][k]->name[len] == '.')
                return true;
        }
    }
    return false;
}

static struct py_value native_attr(struct py_run *run, struct py_module_object *m, const char *name)
{
    const struct py_native_module *native = m->native;
    struct py_value v = py_absent();
    for (const struct py_member *row = native->members; row && row->name; row++) {
        if (strcmp(row->name, name) != 0)
            continue;
        v = py_row_value(run, row, native->members);
        break;
    }
    if (v.kind == PY_ABSENT && native->getattr)
        v = native->getattr(run, name);
    if (v.kind == PY_ABSENT) {
        const char *dotted = arena_printf(run->arena, "%s.%s", m->name, name);
        if (find_native(run, dotted) || is_native_parent(run, dotted))
            v = py_import(run, dotted);
    }
    return v;
}

/* A name that a library module written in Python lacks: a submodule, or not supported. */
static struct py_value embedded_attr(struct py_run *run, struct py_module_object *m,
                                     const char *name)
{
    const char *dotted = arena_printf(run->arena, "%s.%s", m->name, name);
    if (find_native(run, dotted) || find_embedded(run, dotted))
        return py_import(run, dotted);
    return py_new_unknown(run, PY_REFUSE_NAME, dotted,
                          arena_printf(run->arena, "%s is not supported", dotted));
}

static struct py_value special_attr(struct py_run *run, struct py_module_object *m,
                                    const char *name)
{
    if (strcmp(name, "__dict__") == 0)
        return py_object(&m->base.dict->base);
    if (strcmp(name, "__name__") == 0)
        return py_new_str(run, m->name);
    if (strcmp(name, "__doc__") == 0)
        return py_none();
    if (strcmp(name, "__class__") == 0)
        return py_class_value(py_builtin(run, PY_T_module));
    return py_absent();
}

struct py_value py_module_attr(struct py_run *run, struct py_module_object *m,
                               const struct py_name *name)
{
    struct py_entry *e = py_table_find_name(&m->base.dict->table, name);
    if (e)
        return e->value;
    struct py_value v = py_absent();
    bool dunder = name->len > 4 && name->text[0] == '_' && name->text[1] == '_';
    if (m->native)
        v = native_attr(run, m, name->text);
    else if (m->embedded && !dunder)
        v = embedded_attr(run, m, name->text);
    if (v.kind == PY_ABSENT && dunder)
        v = special_attr(run, m, name->text);
    if (v.kind == PY_ABSENT && m->native && !dunder &&
        !(m->native->flags & PY_MODULE_COMPLETE))
        v = py_new_unknown(run, PY_REFUSE_NAME,
                           arena_printf(run->arena, "%s.%s", m->name, name->text),
                           arena_printf(run->arena, "%s.%s is not supported", m->name, name->text));
    if (v.kind == PY_ABSENT && m->source) {
        struct py_value hook = py_dict_get_name(m->base.dict, "__getattr__");
        struct py_value arg = py_name_value(run, name);
        if (hook.kind != PY_ABSENT)
            return py_call(run, hook, &arg, 1, NULL);
    }
    if (v.kind != PY_ABSENT && m->native)
        py_dict_put_name(run, m->base.dict, name->text, v);
    return v;
}

/* ------------------------------------------------------------------ modules written in Python */

const struct py_module_object *py_module_of(struct py_run *run, const char *path)
{
    for (size_t i = 0; i < run->modules.used; i++) {
        struct py_value m = run->modules.entries[i].value;
        if (!py_module_namespace(m))
            continue;
        const struct py_module_object *module = (const struct py_module_object *)m.object;
        if (module->source && strcmp(module->source->path, path) == 0)
            return module;
    }
    return NULL;
}

const struct source *py_source_of(struct py_run *run, const char *path)
{
    const struct py_module_object *module = py_module_of(run, path);
    return module ? module->source : NULL;
}

bool py_next_source(struct py_run *run, size_t *i, const struct source **source)
{
    while (*i < run->modules.used) {
        struct py_value m = run->modules.entries[(*i)++].value;
        if (!py_module_namespace(m))
            continue;
        const struct py_module_object *module = (const struct py_module_object *)m.object;
        *source = module->source;
        if (module->source && !module->embedded)
            return true;
    }
    return false;
}

static const char *parent_name(struct py_run *run, const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? arena_strndup(run->arena, name, (size_t)(dot - name)) : "";
}

static struct py_module_ast *parse(struct py_run *run, const struct source *src)
{
    struct err err = ERR_INIT;
    struct py_module_ast *ast = py_parse(run->arena, src, run->names, NULL, &err);
    if (ast)
        return ast;
    struct py_place place = {.file = src->path, .line = err.line, .column = err.column};
    const char *message = arena_strdup(run->arena, err.message);
    enum py_refusal refusal = py_refusal_of(err.diagnostic);
    enum py_ending ending = err.code == ERR_LIMIT ? PY_LIMIT : PY_REFUSED;
    err_clear(&err);
    py_end_run(run, ending, refusal, place, message);
}

static void run_module(struct py_run *run, struct py_module_object *m)
{
    enum { BLOCKS = 4 };
    struct py_block blocks[BLOCKS];
    struct py_frame frame = {.name = "<module>"};
    frame.blocks.at = blocks;
    frame.blocks.cap = BLOCKS;
    py_frame_init(run, &frame, m->ast->scope);
    frame.module = m;
    frame.globals = frame.namespace = m->base.dict;
    const struct py_node *doc = py_docstring(&m->ast->body);
    py_enter(run);
    run->frame = &frame;
    py_dict_put_name(run, m->base.dict, "__doc__", doc ? py_eval(run, doc) : py_none());
    m->running = true;
    frame.recovers = run->config.recover && !m->embedded;
    py_run_body(run, &frame, &m->ast->body);
    m->running = false;
    run->frame = frame.back;
    py_leave(run);
}

static void exec_module(struct py_run *run, const char *name, const struct source *src,
                        bool is_package, bool embedded)
{
    struct py_module_object *m = py_new_module(run, name);
    m->embedded = embedded;
    m->source = src;
    m->is_package = is_package;
    struct py_dict *d = m->base.dict;
    py_dict_put_name(run, d, "__name__", py_new_str(run, name));
    py_dict_put_name(run, d, "__file__", py_new_str(run, src->path));
    py_dict_put_name(run, d, "__package__",
                     py_new_str(run, is_package ? name : parent_name(run, name)));
    if (is_package)
        py_dict_put_name(run, d, "__path__", py_new_list(run));
    add_module(run, name, py_object(&m->base));
    m->ast = parse(run, src);
    run_module(run, m);
}

void py_exec_module(struct py_run *run, const char *name, const struct source *src,
                    bool is_package)
{
    exec_module(run, name, src, is_package, false);
}

/* ------------------------------------------------------------------ finding */

static struct py_value load_embedded(struct py_run *run, const struct py_embedded *e)
{
    const char *path = arena_printf(run->arena, "<%s>", e->name);
    exec_module(run, e->name, source_new(run->arena, path, e->text, strlen(e->text)), true, true);
    return loaded(run, e->name);
}

static struct py_value load_project(struct py_run *run, const char *name)
{
    struct py_found found = {0};
    struct err err = ERR_INIT;
    if (!run->config.find_module)
        return py_absent();
    py_work(run, (uint64_t)PY_WORK_STEP * 200); /* it is looked for in several folders */
    if (!run->config.find_module(name, &found, &err, run->config.payload)) {
        if (err.code == ERR_NONE)
            return py_absent();
        const char *message = arena_strdup(run->arena, err.message);
        err_clear(&err);
        py_refuse(run, PY_REFUSE_PROJECT_FILE, "module %s cannot be read: %s", name, message);
    }
    if (!found.source) {
        struct py_module_object *m = py_new_module(run, name);
        m->is_package = true;
        py_dict_put_name(run, m->base.dict, "__name__", py_new_str(run, name));
        add_module(run, name, py_object(&m->base));
        return py_object(&m->base);
    }
    py_exec_module(run, name, found.source, found.is_package);
    return loaded(run, name);
}

/* One module whose parents are loaded already; absent: there is none. */
static struct py_value load_one(struct py_run *run, const char *name)
{
    struct py_value m = loaded(run, name);
    if (m.kind != PY_ABSENT)
        return m;
    const struct py_native_module *native = find_native(run, name);
    const struct py_embedded *embedded = native ? NULL : find_embedded(run, name);
    if (embedded)
        return load_embedded(run, embedded);
    if (!native && !is_native_parent(run, name))
        return load_project(run, name);
    struct py_value project = native ? py_absent() : load_project(run, name);
    if (project.kind != PY_ABSENT)
        return project;
    struct py_module_object *o = py_new_module(run, name);
    static const struct py_native_module empty = {.name = ""};
    o->native = native ? native : &empty;
    o->is_package = true;
    add_module(run, name, py_object(&o->base));
    return py_object(&o->base);
}

/* import a.b.c: each part in turn; a missing one makes it and the rest unknown. */
struct py_value py_import(struct py_run *run, const char *dotted)
{
    struct py_value parent = py_absent(), m = py_absent();
    size_t len = strlen(dotted);
    for (size_t end = 0; end <= len; end++) {
        if (end < len && dotted[end] != '.')
            continue;
        const char *name = arena_strndup(run->arena, dotted, end);
        m = load_one(run, name);
        if (m.kind == PY_ABSENT) {
            m = py_new_unknown(run, PY_REFUSE_MODULE, name,
                               arena_printf(run->arena, "module %s is not available", name));
            add_module(run, name, m);
        }
        if (py_module_namespace(parent)) {
            const char *last = strrchr(name, '.') + 1;
            if (py_is_unknown(m) && !((struct py_module_object *)parent.object)->native &&
                py_dict_get_name(parent.object->dict, last).kind != PY_ABSENT)
                m = py_dict_get_name(parent.object->dict, last);
            else
                py_dict_put_name(run, parent.object->dict, last, m);
        } else if (py_is_unknown(parent) && py_is_unknown(m)) {
            const struct py_unknown *why = (const struct py_unknown *)parent.object;
            ((struct py_unknown *)m.object)->refusal = why->refusal;
            ((struct py_unknown *)m.object)->reason = why->reason;
        }
        parent = m;
    }
    return m;
}

/* The absolute name of a relative import. */
static const char *absolute_name(struct py_run *run, const struct py_node *node)
{
    const char *module = node->as.import.module ? node->as.import.module->text : "";
    uint32_t level = node->as.import.level;
    if (level == 0)
        return module;
    const struct py_module_object *m = run->frame->module;
    const char *base = m->is_package ? m->name : parent_name(run, m->name);
    if (!*base)
        py_raise(run, &py_import_error_class,
                 "attempted relative import with no known parent package");
    for (uint32_t i = 1; i < level; i++) {
        base = parent_name(run, base);
        if (!*base)
            py_raise(run, &py_import_error_class,
                     "attempted relative import beyond top-level package");
    }
    return *module ? arena_printf(run->arena, "%s.%s", base, module) : base;
}

/* ------------------------------------------------------------------ imports that may fail */

static bool in_stdlib(const char *name)
{
    static const char *const names[] = {
#define MODULE(name) name,
#include "python/stdlib_names.def"
#undef MODULE
    };
    size_t len = strcspn(name, ".");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strlen(names[i]) == len && strncmp(names[i], name, len) == 0)
            return true;
    return false;
}

static bool catches_import_error(const struct py_node *type)
{
    if (!type)
        return false;
    if (type->kind == PY_NODE_NAME)
        return strcmp(type->as.name.name->text, "ImportError") == 0 ||
               strcmp(type->as.name.name->text, "ModuleNotFoundError") == 0;
    if (type->kind != PY_NODE_TUPLE)
        return false;
    for (uint32_t i = 0; i < type->as.items.count; i++)
        if (catches_import_error(type->as.items.at[i]))
            return true;
    return false;
}

/* Whether the statement is in the body of a try that names ImportError. */
static bool provides_for_absence(const struct py_frame *f)
{
    for (size_t i = 0; i < f->blocks.len; i++) {
        const struct py_block *b = &f->blocks.at[i];
        if (b->kind != PY_BLOCK_TRY || b->phase != PY_TRY_BODY)
            continue;
        const struct py_try *t = b->node->as.try_block;
        for (uint32_t k = 0; k < t->handler_count; k++)
            if (catches_import_error(t->handlers[k].type))
                return true;
    }
    return false;
}

/*
 * A module that is not available may count as absent where the program says what to do without it;
 * elsewhere it is not known, which matters only when it is used.
 */
static void require_if_provided_for(struct py_run *run, struct py_value m, const char *dotted)
{
    if (py_is_unknown(m) && ((struct py_unknown *)m.object)->refusal == PY_REFUSE_MODULE &&
        !in_stdlib(dotted) && provides_for_absence(run->frame) && run->config.is_absent &&
        run->config.is_absent(dotted, run->config.payload))
        py_raise(run, &py_module_not_found_error_class, "No module named '%.*s'",
                 (int)strcspn(dotted, "."), dotted);
}

void py_exec_import(struct py_run *run, const struct py_node *node)
{
    for (uint32_t i = 0; i < node->as.import.alias_count; i++) {
        const struct py_alias *a = &node->as.import.aliases[i];
        run->frame->node = node;
        struct py_value m = py_import(run, a->name->text);
        require_if_provided_for(run, m, a->name->text);
        const char *dot = strchr(a->name->text, '.');
        if (!a->as && dot)
            m = loaded(run, arena_strndup(run->arena, a->name->text,
                                          (size_t)(dot - a->name->text)));
        py_store_ref(run, &a->ref, m);
    }
}

static void import_star(struct py_run *run, struct py_value module)
{
    py_require_known(run, module);
    struct py_dict *from = py_module_namespace(module);
    const struct py_module_object *m = (const struct py_module_object *)module.object;
    struct py_dict *to = run->frame->namespace ? run->frame->namespace : run->frame->globals;
    struct py_value key, value, all;
    if (m->native) {
        for (const struct py_member *row = m->native->members; row && row->name; row++) {
            struct py_name name = py_name_of(row->name);
            if (row->name[0] != '_')
                py_dict_put_name(run, to, row->name,
                                 py_module_attr(run, (struct py_module_object *)module.object,
                                                &name));
        }
        return;
    }
    all = py_dict_get_name(from, "__all__");
    if (all.kind != PY_ABSENT) {
        struct py_tuple *names = py_items(run, all);
        for (size_t i = 0; i < names->len; i++) {
            const char *name = py_as_string(run, names->items[i], "item of __all__");
            py_dict_put_name(run, to, name, py_getattr(run, module, name));
        }
        return;
    }
    for (size_t i = 0; py_dict_next(from, &i, &key, &value);) {
        if (py_as_text(run, key, "name in the module")->ptr[0] != '_')
            py_dict_put(run, to, key, value);
    }
}

static struct py_value import_member(struct py_run *run, struct py_value module, const char *dotted,
                                     const struct py_name *name)
{
    if (py_is_unknown(module))
        return py_get_attr(run, module, name);
    struct py_module_object *m = (struct py_module_object *)module.object;
    struct py_entry *e = py_table_find_name(&m->base.dict->table, name);
    if (e)
        return e->value;
    const char *sub = arena_printf(run->arena, "%s.%s", dotted, name->text);
    struct py_value v = py_absent();
    v = py_module_attr(run, m, name);
    if (v.kind == PY_ABSENT)
        v = load_one(run, sub);
    if (v.kind != PY_ABSENT) {
        if (py_module_namespace(v) && !py_table_find_name(&m->base.dict->table, name))
            py_dict_put_name(run, m->base.dict, name->text, v);
        return v;
    }
    if (m->running)
        py_raise(run, &py_import_error_class,
                 "cannot import name '%s' from partially initialized module '%s' (most likely due "
                 "to a circular import) (%s)",
                 name->text, m->name, m->source ? m->source->path : "unknown location");
    py_raise(run, &py_import_error_class, "cannot import name '%s' from '%s' (%s)", name->text,
             m->name, m->source ? m->source->path : "unknown location");
}

void py_exec_import_from(struct py_run *run, const struct py_node *node)
{
    const char *dotted = absolute_name(run, node);
    struct py_value module = py_import(run, dotted);
    require_if_provided_for(run, module, dotted);
    for (uint32_t i = 0; i < node->as.import.alias_count; i++) {
        const struct py_alias *a = &node->as.import.aliases[i];
        run->frame->node = node;
        if (strcmp(a->name->text, "*") == 0) {
            import_star(run, module);
            continue;
        }
        py_store_ref(run, &a->ref, import_member(run, module, dotted, a->name));
    }
}

/* ------------------------------------------------------------------ expressions from text */

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || (unsigned char)c >= 0x80;
}

/* Whether the text holds the name as a word of its own. */
static bool has_word(const char *text, const char *name)
{
    size_t len = strlen(name);
    for (const char *p = strstr(text, name); p && len > 0; p = strstr(p + 1, name))
        if ((p == text || !is_name_byte(p[-1])) && !is_name_byte(p[len]))
            return true;
    return false;
}

/* The module with the locals before its names. Its namespace is copied only where one of them is in
 * the text: there are as many annotations as columns, and as many names as classes. */
static struct py_module_object *scratch_module(struct py_run *run, const char *module,
                                               struct py_value m, const struct py_dict *locals,
                                               const char *text)
{
    struct py_module_object *scratch = py_new_module(run, module ? module : "<string>");
    struct py_value key, value;
    bool uses_locals = false;
    for (size_t i = 0; locals && py_dict_next(locals, &i, &key, NULL);)
        uses_locals = uses_locals || (py_is_str(key) && has_word(text, py_str_of(key)->ptr));
    if (py_module_namespace(m) && !uses_locals) {
        scratch->base.dict = m.object->dict;
        return scratch;
    }
    if (py_module_namespace(m))
        py_table_copy(run, &scratch->base.dict->table, &m.object->dict->table);
    for (size_t i = 0; uses_locals && py_dict_next(locals, &i, &key, &value);)
        py_dict_put(run, scratch->base.dict, key, value);
    return scratch;
}

struct py_value py_eval_text(struct py_run *run, const char *text, const char *module,
                             const struct py_dict *locals)
{
    struct err err = ERR_INIT;
    const char *copy = arena_printf(run->arena, "(%s)", text);
    const struct source *src = source_new(run->arena, "<string>", copy, strlen(copy));
    struct py_module_ast *ast = py_parse(run->arena, src, run->names, NULL, &err);
    if (!ast || ast->body.count != 1 || ast->body.at[0]->kind != PY_NODE_EXPR) {
        const char *message = ast ? "invalid syntax" : arena_strdup(run->arena, err.message);
        err_clear(&err);
        py_raise(run, &py_syntax_error_class, "%s", message);
    }
    struct py_value m = module ? loaded(run, module) : py_absent();
    struct py_frame frame = {.name = "<string>"};
    py_frame_init(run, &frame, ast->scope);
    frame.module = scratch_module(run, module, m, locals, text);
    frame.globals = frame.namespace = frame.module->base.dict;
    py_enter(run);
    run->frame = &frame;
    struct py_value v = py_eval(run, ast->body.at[0]->as.value);
    run->frame = frame.back;
    py_leave(run);
    return v;
}

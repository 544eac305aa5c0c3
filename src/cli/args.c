#include "config.h"

#include "cli/args.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/suggest.h"

/* What an argument is, before anything is done with it. */
enum arg_kind { ARG_POSITIONAL, ARG_OPTION, ARG_UNKNOWN };

struct arg_class {
    enum arg_kind kind;
    enum option_id option;
    const char *value; /* glued to the option with '=' or, for a letter, directly; NULL: none */
    bool by_letter;
};

/* One level of the command line: before the command, or after it. */
struct level {
    struct arena *arena;
    option_set options;
    const struct command *command; /* NULL before it */
    struct args *out;
    struct arg_list *extras; /* what nobody understands; reported at the end */
    struct err *err;
};

static bool has_option(const struct level *level, enum option_id id)
{
    return (level->options >> id) & 1;
}

static bool usage_error(const struct level *level, const char *fmt, const char *what,
                        const char *more)
{
    level->out->usage_of = level->command;
    return err_set(level->err, ERR_USAGE, fmt, what, more);
}

/* -1, -12, -1.5, -.5: a number, hence no option (argparse's _negative_number_matcher). */
static bool is_negative_number(const char *arg)
{
    const char *p = arg + 1;
    size_t whole = strspn(p, "0123456789");
    if (p[whole] == '\0')
        return whole > 0;
    if (p[whole] != '.')
        return false;
    size_t fraction = strspn(p + whole + 1, "0123456789");
    return fraction > 0 && p[whole + 1 + fraction] == '\0';
}

/* An option by its exact spelling: "-c" or "--config" (len bytes of arg). */
static bool find_exact(const struct level *level, const char *arg, size_t len, enum option_id *out)
{
    for (enum option_id id = 0; id < OPTION_COUNT; id++) {
        const struct option_row *row = &option_rows[id];
        if (!has_option(level, id))
            continue;
        bool letter = row->letter && len == 2 && arg[0] == '-' && arg[1] == row->letter;
        bool word = row->word && len > 2 && len - 2 == strlen(row->word) && arg[1] == '-' &&
                    memcmp(arg + 2, row->word, len - 2) == 0;
        if (letter || word) {
            *out = id;
            return true;
        }
    }
    return false;
}

/* Abbreviated words and glued letters. False for an ambiguous one. */
static bool find_abbreviated(const struct level *level, const char *arg, struct arg_class *out)
{
    bool is_word = arg[1] == '-';
    const char *equals = is_word ? strchr(arg, '=') : NULL;
    size_t len = equals ? (size_t)(equals - arg) : strlen(arg);
    struct str matches = STR_IN(level->arena);
    size_t count = 0;
    for (enum option_id id = 0; id < OPTION_COUNT; id++) {
        const struct option_row *row = &option_rows[id];
        if (!has_option(level, id))
            continue;
        if (is_word && row->word && !(row->flags & OPTION_OWN) &&
            strncmp(row->word, arg + 2, len - 2) == 0) {
            str_addf(&matches, "%s--%s", count ? ", " : "", row->word);
            *out = (struct arg_class){ARG_OPTION, id, equals ? equals + 1 : NULL, false};
            count++;
        } else if (!is_word && row->letter == arg[1]) {
            *out = (struct arg_class){ARG_OPTION, id, arg + 2, true};
            count++;
        }
    }
    if (count > 1)
        return usage_error(level, "ambiguous option: %s could match %s", arg, matches.ptr);
    return true;
}

/* What arg is at this level; the order of the questions is argparse's. */
static bool classify(const struct level *level, const char *arg, struct arg_class *out)
{
    *out = (struct arg_class){.kind = ARG_POSITIONAL};
    if (arg[0] != '-' || arg[1] == '\0')
        return true;
    enum option_id id;
    if (find_exact(level, arg, strlen(arg), &id)) {
        *out = (struct arg_class){ARG_OPTION, id, NULL, false};
        return true;
    }
    const char *equals = strchr(arg, '=');
    if (equals && find_exact(level, arg, (size_t)(equals - arg), &id)) {
        *out = (struct arg_class){ARG_OPTION, id, equals + 1, false};
        return true;
    }
    if (!find_abbreviated(level, arg, out))
        return false;
    if (out->kind == ARG_OPTION || is_negative_number(arg) || strchr(arg, ' '))
        return true;
    out->kind = ARG_UNKNOWN;
    return true;
}

static void record(const struct level *level, enum option_id id, const char *value)
{
    level->out->given[id] = true;
    if (value)
        vec_push(level->arena, &level->out->values[id], value);
}

/*
 * Takes an option, the letters glued to it and its value, which may be the next argument. *argv is
 * moved to the last argument that was used.
 */
static bool take_option(const struct level *level, const char *const **argv, struct arg_class arg)
{
    for (;;) {
        const struct option_row *row = &option_rows[arg.option];
        const char *name = option_name(level->arena, arg.option);
        if (row->value) {
            if (!arg.value) {
                struct arg_class next = {.kind = ARG_UNKNOWN};
                const char *text = (*argv)[1];
                if (text && strcmp(text, "--") != 0 && !classify(level, text, &next))
                    return false;
                if (next.kind != ARG_POSITIONAL)
                    return usage_error(level, "argument %s: expected one argument%s", name, "");
                arg.value = text;
                (*argv)++;
            }
            record(level, arg.option, arg.value);
            return true;
        }
        record(level, arg.option, NULL);
        if (!arg.value)
            return true;
        /* -qx VALUE: a letter without a value, and the next one glued to it. */
        const char sign[3] = {'-', arg.value[0], '\0'};
        enum option_id id;
        if (!arg.by_letter || !arg.value[0] || !find_exact(level, sign, 2, &id))
            return usage_error(level, "argument %s: ignored explicit argument '%s'", name,
                               arg.value);
        arg = (struct arg_class){ARG_OPTION, id, arg.value[1] ? arg.value + 1 : NULL, true};
    }
}

/* "--help" and "--version" act at once, whatever follows. */
static bool ends_parsing(const struct args *args)
{
    return args->given[OPTION_HELP] || args->given[OPTION_VERSION];
}

static bool parse_command(struct level *level, const char *const *argv)
{
    const struct argument_row *row = &argument_rows[level->command->argument];
    size_t max = row->min && !row->max ? (size_t)-1 : row->max;
    bool closed = false; /* several positionals must stand together */
    bool only_positionals = false;
    for (; *argv; argv++) {
        struct arg_class arg = {.kind = ARG_POSITIONAL};
        if (!only_positionals && strcmp(*argv, "--") == 0) {
            only_positionals = true;
            continue;
        }
        if (!only_positionals && !classify(level, *argv, &arg))
            return false;
        if (arg.kind == ARG_POSITIONAL && !closed && level->out->positionals.len < max) {
            vec_push(level->arena, &level->out->positionals, *argv);
        } else if (arg.kind == ARG_OPTION) {
            closed = level->out->positionals.len > 0;
            if (!take_option(level, &argv, arg))
                return false;
            if (ends_parsing(level->out))
                return true;
        } else {
            vec_push(level->arena, level->extras, *argv);
        }
    }
    /* A plan file says where to. */
    if (level->out->positionals.len < row->min && !level->out->given[OPTION_PLAN])
        return usage_error(level, "the following arguments are required: %s%s", row->name, "");
    return true;
}

static bool unknown_command(const struct level *level, const char *name)
{
    usage_error(level, "argument COMMAND: invalid choice: '%s'%s", name, "");
    const char *near = suggest_commands(level->arena, name);
    return near ? err_hint(level->err, "did you mean %s?", near) : false;
}

/* Everything that was not understood, in argparse's words, with what it may have been meant as. */
static bool report_extras(const struct level *level)
{
    struct str all = STR_IN(level->arena);
    const char *words[OPTION_COUNT];
    size_t count = 0;
    option_set known = level->options;
    if (level->out->command)
        known |= option_set_of(level->out->command);
    for (enum option_id id = 0; id < OPTION_COUNT; id++)
        if (((known >> id) & 1) && option_rows[id].word)
            words[count++] = arena_printf(level->arena, "--%s", option_rows[id].word);
    const char *near = NULL;
    bool is_behind = false; /* an option of ours, behind "--" */
    for (size_t i = 0; i < level->extras->len; i++) {
        const char *extra = level->extras->at[i];
        str_addf(&all, "%s%s", i ? " " : "", extra);
        if (!near && extra[0] == '-')
            near = suggest_word(extra, words, count);
        is_behind = is_behind || (near && str_eq(near, extra));
    }
    usage_error(level, "unrecognized arguments: %s%s", all.ptr, "");
    if (is_behind)
        err_hint(level->err, "what stands behind -- is no option: put %s before it", near);
    else if (near)
        err_hint(level->err, "did you mean %s?", near);
    return false;
}

/* Options that contradict one another (exclusions.def). */
static bool check_exclusions(const struct level *level)
{
    static const struct {
        enum option_id first, second;
    } rows[] = {
#define EXCLUDES(first, second) {OPTION_##first, OPTION_##second},
#include "cli/exclusions.def"
#undef EXCLUDES
    };
    const bool *given = level->out->given;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (given[rows[i].first] && given[rows[i].second])
            return usage_error(level, "argument %s: not allowed with argument %s",
                               option_name(level->arena, rows[i].second),
                               option_name(level->arena, rows[i].first));
    return true;
}

static bool parse(struct arena *a, const char *const *argv, struct args *out, struct err *err)
{
    struct arg_list extras = {0};
    struct level general = {a, option_set_general(), NULL, out, &extras, err};
    bool only_positionals = false;
    *out = (struct args){0};
    for (; *argv && !out->command; argv++) {
        struct arg_class arg = {.kind = ARG_POSITIONAL};
        if (!only_positionals && strcmp(*argv, "--") == 0) {
            only_positionals = true;
            continue;
        }
        if (!only_positionals && !classify(&general, *argv, &arg))
            return false;
        if (arg.kind == ARG_OPTION) {
            if (!take_option(&general, &argv, arg))
                return false;
            if (ends_parsing(out))
                return true;
        } else if (arg.kind == ARG_UNKNOWN) {
            vec_push(a, &extras, *argv);
        } else {
            out->command = command_find(*argv);
            if (!out->command)
                return unknown_command(&general, *argv);
        }
    }
    if (out->command) {
        struct level level = {a, option_set_of(out->command), out->command, out, &extras, err};
        if (!parse_command(&level, argv))
            return false;
        if (ends_parsing(out))
            return true;
        if (!check_exclusions(&level))
            return false;
        out->usage_of = out->command; /* of what the command itself finds wrong */
    }
    return extras.len == 0 || report_extras(&general);
}

bool args_parse(struct arena *a, const char *const *argv, struct args *out, struct err *err)
{
    bool ok = parse(a, argv, out, err);
    /* Errors, --help and --version are in the form that was asked for, wherever parsing ended. */
    for (; (!ok || ends_parsing(out)) && *argv && strcmp(*argv, "--") != 0; argv++)
        if (strcmp(*argv, "--json") == 0)
            out->given[OPTION_JSON] = true;
    return ok;
}

const char *args_value(const struct args *args, enum option_id id)
{
    return args->values[id].len ? vec_last(&args->values[id]) : NULL;
}

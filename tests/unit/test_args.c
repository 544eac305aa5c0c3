#include "config.h"

#include "unit/unit.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "cli/args.h"
#include "cli/suggest.h"
#include "cli/usage.h"

/* Expected values are what Python 3.11's argparse does with Alembic's parser. */

struct parsed {
    struct arena *arena;
    struct args args;
    struct err err;
    bool ok;
};

#define PARSE(...) parse((const char *const[]){__VA_ARGS__, NULL})

static struct parsed parse(const char *const *argv)
{
    struct parsed p = {.arena = arena_new(), .err = ERR_INIT};
    p.ok = args_parse(p.arena, argv, &p.args, &p.err);
    return p;
}

static void done(struct parsed *p)
{
    err_clear(&p->err);
    arena_free(p->arena);
}

static void refused(struct parsed p, const char *message)
{
    assert_false(p.ok);
    assert_int_equal(p.err.code, ERR_USAGE);
    assert_string_equal(p.err.message, message);
    done(&p);
}

static void options_take_values_in_every_form(void **state)
{
    (void)state;
    struct parsed p = PARSE("-c", "a.ini", "--config=b.ini", "-cc.ini", "--conf", "d.ini", "-qxk=v",
                            "-n=s", "help");
    assert_true(p.ok);
    const struct arg_list *files = &p.args.values[OPTION_CONFIG];
    assert_int_equal(files->len, 4);
    assert_string_equal(files->at[0], "a.ini");
    assert_string_equal(files->at[1], "b.ini");
    assert_string_equal(files->at[2], "c.ini");
    assert_string_equal(files->at[3], "d.ini");
    assert_true(p.args.given[OPTION_QUIET]);
    assert_string_equal(args_value(&p.args, OPTION_X), "k=v");
    assert_string_equal(args_value(&p.args, OPTION_NAME), "s");
    assert_string_equal(p.args.command->name, "help");
    done(&p);
}

static void own_options_stand_on_both_sides_but_never_abbreviate(void **state)
{
    (void)state;
    struct parsed p = PARSE("--json", "help", "--yes", "--confirm", "shop");
    assert_true(p.ok);
    assert_true(p.args.given[OPTION_JSON]);
    assert_true(p.args.given[OPTION_YES]);
    assert_string_equal(args_value(&p.args, OPTION_CONFIRM), "shop");
    done(&p);
    p = PARSE("--conf", "x.ini", "help"); /* still --config alone, as with Alembic */
    assert_true(p.ok);
    assert_string_equal(args_value(&p.args, OPTION_CONFIG), "x.ini");
    done(&p);
    refused(PARSE("--jso", "help"), "unrecognized arguments: --jso");
}

static void wrong_usage_is_named(void **state)
{
    (void)state;
    refused(PARSE("--config"), "argument -c/--config: expected one argument");
    refused(PARSE("-n", "-q", "help"), "argument -n/--name: expected one argument");
    refused(PARSE("-n", "--", "help"), "argument -n/--name: expected one argument");
    refused(PARSE("--raiseerr=1", "help"), "argument --raiseerr: ignored explicit argument '1'");
    refused(PARSE("-qz", "help"), "argument -q/--quiet: ignored explicit argument 'z'");
    refused(PARSE("--sq", "help"), "unrecognized arguments: --sq");
    refused(PARSE("help", "a", "b"), "unrecognized arguments: b");
}

static void near_words_are_suggested(void **state)
{
    (void)state;
    struct parsed p = PARSE("hlep");
    assert_false(p.ok);
    assert_string_equal(p.err.hint, "did you mean 'help'?");
    done(&p);
    p = PARSE("--raiserr", "help");
    assert_false(p.ok);
    assert_string_equal(p.err.hint, "did you mean --raiseerr?");
    done(&p);
    const char *const words[] = {"heads", "history"};
    assert_null(suggest_word("upgrade", words, 2));
    assert_null(suggest_word("", words, 2));
    assert_string_equal(suggest_word("haeds", words, 2), "heads");
}

static void a_number_is_no_option(void **state)
{
    (void)state;
    struct parsed p = PARSE("help", "-1");
    assert_true(p.ok);
    assert_string_equal(p.args.positionals.at[0], "-1");
    done(&p);
    p = PARSE("help", "--", "-2:");
    assert_true(p.ok);
    assert_string_equal(p.args.positionals.at[0], "-2:");
    done(&p);
    refused(PARSE("help", "-2:"), "unrecognized arguments: -2:");
}

static void every_row_is_whole(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    for (size_t i = 0; i < command_count; i++) {
        assert_true(strlen(commands[i].help) > 0);
        assert_ptr_equal(command_find(commands[i].name), &commands[i]);
        assert_non_null(strstr(usage_help(a, &commands[i]), usage_line(a, &commands[i])));
        assert_non_null(strstr(usage_help(a, NULL), commands[i].name));
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(commands[j].name, commands[i].name);
        /* No letter or word twice among the options of one command. */
        option_set set = option_set_of(&commands[i]);
        for (enum option_id x = 0; x < OPTION_COUNT; x++)
            for (enum option_id y = 0; y < x; y++) {
                if (!((set >> x) & 1) || !((set >> y) & 1))
                    continue;
                const struct option_row *one = &option_rows[x], *other = &option_rows[y];
                assert_false(one->letter && one->letter == other->letter);
                assert_false(one->word && other->word && strcmp(one->word, other->word) == 0);
            }
    }
    for (enum option_id id = 0; id < OPTION_COUNT; id++) {
        assert_true(option_rows[id].letter || option_rows[id].word);
        assert_true(strlen(option_rows[id].help) > 0);
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_take_values_in_every_form),
        cmocka_unit_test(own_options_stand_on_both_sides_but_never_abbreviate),
        cmocka_unit_test(wrong_usage_is_named),
        cmocka_unit_test(near_words_are_suggested),
        cmocka_unit_test(a_number_is_no_option),
        cmocka_unit_test(every_row_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

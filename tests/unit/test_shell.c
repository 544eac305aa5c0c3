#include "config.h"

#include "unit/unit.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/shell.h"

/* The pure parts of the shell: words, what the history keeps, what Tab offers. */

/* The words, each in brackets. */
static const char *split(struct arena *a, const char *line)
{
    struct shell_words words;
    struct err err = ERR_INIT;
    struct str out = STR_IN(a);
    if (!shell_split(a, line, &words, &err)) {
        err_clear(&err);
        return "refused";
    }
    for (size_t i = 0; i < words.len; i++)
        str_addf(&out, "[%s]", words.at[i]);
    return out.ptr;
}

static void words_are_parted_by_blanks(void **state)
{
    struct arena *a = arena_new();
    (void)state;
    assert_string_equal(split(a, ""), "");
    assert_string_equal(split(a, " \t "), "");
    assert_string_equal(split(a, "upgrade  head\t--yes "), "[upgrade][head][--yes]");
    assert_string_equal(split(a, "# upgrade head"), "");
    assert_string_equal(split(a, "goto #1"), "[goto][#1]");
    arena_free(a);
}

static void quotes_and_backslashes_hold_blanks(void **state)
{
    struct arena *a = arena_new();
    (void)state;
    assert_string_equal(split(a, "w 'my file'"), "[w][my file]");
    assert_string_equal(split(a, "w \"a \\\"b\\\" c\"d"), "[w][a \"b\" cd]");
    assert_string_equal(split(a, "w 'a\\'"), "[w][a\\]");
    assert_string_equal(split(a, "w a\\ b"), "[w][a b]");
    assert_string_equal(split(a, "w ''"), "[w][]");
    assert_string_equal(split(a, "w 'a"), "refused");
    assert_string_equal(split(a, "w \"a\\\""), "refused");
    arena_free(a);
}

static void history_has_no_secrets(void **state)
{
    (void)state;
    assert_true(shell_history_keeps("upgrade head"));
    assert_true(shell_history_keeps("connect billing"));
    assert_false(shell_history_keeps(""));
    assert_false(shell_history_keeps("   "));
    assert_false(shell_history_keeps(" upgrade head"));
    assert_false(shell_history_keeps("connect postgresql://u:secret@h/d"));
    assert_false(shell_history_keeps("CONNECT POSTGRESQL://h/d?password=x"));
    assert_false(shell_history_keeps("downgrade base --confirm shop"));
    assert_false(shell_history_keeps("upgrade head --yes"));
    assert_false(shell_history_keeps("set PASSWORD=x"));
}

/* What is offered, each in brackets. */
static const char *offers(struct arena *a, const char *text)
{
    struct shell_words words;
    struct str out = STR_IN(a);
    size_t start;
    shell_complete(a, text, NULL, "/nowhere", &start, &words);
    for (size_t i = 0; i < words.len; i++)
        str_addf(&out, "[%s]", words.at[i]);
    return out.ptr;
}

static void tab_offers_what_may_stand_there(void **state)
{
    struct arena *a = arena_new();
    (void)state;
    assert_string_equal(offers(a, "upg"), "[upgrade]");
    assert_string_equal(offers(a, "st"), "[stamp][step][step-revision][stop]");
    assert_string_equal(offers(a, "his"), "[history]");
    assert_string_equal(offers(a, "ini"), ""); /* means nothing in the shell */
    assert_string_equal(offers(a, "upgrade he"), "[head][heads]");
    assert_string_equal(offers(a, "sql base:he"), "[base:head][base:heads]");
    assert_string_equal(offers(a, "history -r base:heads"), "[base:heads]");
    assert_string_equal(offers(a, "upgrade head --y"), "[--yes]");
    assert_string_equal(offers(a, "plan --sco"), "[--scope]");
    assert_string_equal(offers(a, "skip --c"), "[--confirm]");
    assert_string_equal(offers(a, "skip --confirm h"), "");
    assert_string_equal(offers(a, "set sco"), "[scope=]");
    assert_string_equal(offers(a, "set scope=ru"), "[scope=run]");
    assert_string_equal(offers(a, "log w"), "[warnings]");
    assert_string_equal(offers(a, "help unl"), "[unlock]");
    assert_string_equal(offers(a, "w /nothing/x"), "");
    assert_string_equal(offers(a, "w 'a b"), "");
    arena_free(a);
}

static void every_verb_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < shell_verb_count; i++) {
        assert_ptr_equal(shell_verb_find(shell_verbs[i].name), &shell_verbs[i]);
        assert_true(str_starts_with(shell_verbs[i].usage, shell_verbs[i].name));
    }
    assert_string_equal(shell_verb_find("s")->name, "step");
    assert_string_equal(shell_verb_find("S")->name, "step-revision");
    assert_null(shell_verb_find("current"));
    assert_non_null(shell_command_find("current"));
    assert_null(shell_command_find("shell"));
    assert_null(shell_command_find("edit")); /* a verb of the shell's own */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_parted_by_blanks),
        cmocka_unit_test(quotes_and_backslashes_hold_blanks),
        cmocka_unit_test(history_has_no_secrets),
        cmocka_unit_test(tab_offers_what_may_stand_there),
        cmocka_unit_test(every_verb_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

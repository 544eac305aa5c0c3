/* The action table, its keys, and the line editor that is driven by it. */
#include "config.h"

#include "unit/unit.h"

#include <locale.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "ui/action.h"
#include "ui/key.h"
#include "ui/lineedit.h"
#include "ui/pattern.h"

static void every_action_has_a_name_a_help_and_keys(void **state)
{
    (void)state;
    for (enum action a = 1; a < N_ACTIONS; a++) {
        const struct action_info *info = &action_infos[a];
        assert_true(*info->name && *info->help && *info->keys && info->contexts);
        assert_int_equal(action_find(info->name), a); /* no two have the same name */
        assert_true(strlen(info->help) <= 53);        /* fits the help screen */
    }
}

static void no_key_means_two_things_in_one_context(void **state)
{
    (void)state;
    action_bind_defaults();
    for (enum action a = 1; a < N_ACTIONS; a++) {
        for (const char *keys = action_infos[a].keys; *keys;) {
            size_t len = strcspn(keys, " ");
            int32_t key;
            assert_true(key_parse(keys, len, &key));
            for (int n = 0; n < N_CONTEXTS; n++)
                if (action_infos[a].contexts & 1u << n)
                    assert_int_equal(action_lookup((enum context)(1u << n), key), a);
            keys += len;
            keys += strspn(keys, " ");
        }
    }
    action_unbind_all();
}

/* ui.md, rule 1: these letters execute in the run bar and mean nothing in any pane. */
static void what_executes_in_the_bar_means_nothing_elsewhere(void **state)
{
    (void)state;
    static const enum context panes[] = {CTX_GRAPH, CTX_DETAIL, CTX_SQL,  CTX_PENDING, CTX_RUN,
                                         CTX_LOG,   CTX_LIST,   CTX_TEXT, CTX_MOVE,    CTX_GLOBAL};
    action_bind_defaults();
    for (size_t i = 0; i < sizeof panes / sizeof *panes; i++) {
        assert_int_equal(action_lookup(panes[i], 's'), ACTION_NONE);
        assert_int_equal(action_lookup(panes[i], 'S'), ACTION_NONE);
        assert_int_equal(action_lookup(panes[i], K_CTRL('s')), ACTION_NONE);
    }
    assert_int_equal(action_lookup(CTX_BAR, 'd'), ACTION_NONE);
    assert_int_equal(action_lookup(CTX_BAR, 'u'), ACTION_NONE);
    assert_int_equal(action_lookup(CTX_BAR, 'c'), ACTION_NONE);
    assert_int_equal(action_lookup(CTX_BAR, K_ENTER), ACTION_NONE);
    action_unbind_all();
}

/* ui.md, rule 9: keys that need AltGr or move with the layout are never the only ones. */
static void no_action_has_only_keys_that_some_keyboards_lack(void **state)
{
    (void)state;
    for (enum action a = 1; a < N_ACTIONS; a++) {
        const char *keys = action_infos[a].keys;
        bool hard = strlen(keys) == 1 && strchr("[]{}\\@", *keys);
        assert_false(hard);
    }
}

static void keys_have_names_that_parse_back(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int32_t key;
    } rows[] = {
        {"j", 'j'},       {"Ctrl-D", 4},  {"Space", ' '},         {"Esc", K_ESC},
        {"F1", K_F1},     {"F12", K_F12}, {"Alt-b", 'b' | K_ALT}, {"Shift-Tab", K_SHIFT_TAB},
        {"PgDn", K_PGDN}, {"é", 0xE9}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int32_t key;
        struct str name = STR_INIT;
        assert_true(key_parse(rows[i].name, strlen(rows[i].name), &key));
        assert_int_equal(key, rows[i].key);
        key_format(&name, key);
        assert_string_equal(name.ptr, rows[i].name);
        str_clear(&name);
    }
    int32_t key;
    assert_false(key_parse("F13", 3, &key));
    assert_false(key_parse("", 0, &key));
    assert_false(key_parse("jj", 2, &key));
}

static void binding_by_name_replaces_and_says_what_is_wrong(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    action_bind_defaults();
    assert_true(action_bind("graph", "Z", "parent", &err));
    assert_int_equal(action_lookup(CTX_GRAPH, 'Z'), ACTION_PARENT);
    assert_true(action_bind("graph", "Z", "none", &err));
    assert_int_equal(action_lookup(CTX_GRAPH, 'Z'), ACTION_NONE);
    assert_false(action_bind("grahp", "Z", "parent", &err));
    assert_string_equal(err.message, "no key context \"grahp\"");
    assert_false(action_bind("graph", "Hyper-Z", "parent", &err));
    assert_string_equal(err.message, "no key \"Hyper-Z\"");
    assert_false(action_bind("graph", "Z", "step", &err));
    assert_string_equal(err.message, "action \"step\" has no meaning in \"graph\"");
    err_clear(&err);
    action_unbind_all();
}

static void keys_of_an_action_are_listed(void **state)
{
    (void)state;
    struct str keys = STR_INIT;
    action_bind_defaults();
    action_keys(&keys, ACTION_DOWN, CTX_MOVE, 9);
    assert_string_equal(keys.ptr, "j Down");
    str_cut(&keys, 0);
    action_keys(&keys, ACTION_DOWN, CTX_MOVE, 1);
    assert_string_equal(keys.ptr, "j");
    str_clear(&keys);
    action_unbind_all();
}

static void type(struct lineedit *line, const char *text)
{
    for (; *text; text++)
        assert_true(lineedit_insert(line, *text));
}

static void a_line_is_edited(void **state)
{
    (void)state;
    struct lineedit line;
    lineedit_init(&line);
    type(&line, "upgrade ae10");
    lineedit_do(&line, ACTION_INPUT_KILL_WORD);
    assert_string_equal(line.text.ptr, "upgrade ");
    lineedit_do(&line, ACTION_INPUT_START);
    lineedit_do(&line, ACTION_INPUT_YANK);
    assert_string_equal(line.text.ptr, "ae10upgrade ");
    assert_int_equal(line.at, 4);
    lineedit_do(&line, ACTION_INPUT_KILL_END);
    assert_string_equal(line.text.ptr, "ae10");
    assert_true(lineedit_insert(&line, 0xE9)); /* e with acute: two bytes */
    assert_int_equal(line.at, 6);
    lineedit_do(&line, ACTION_INPUT_LEFT);
    assert_int_equal(line.at, 4);
    lineedit_do(&line, ACTION_INPUT_DELETE);
    assert_string_equal(line.text.ptr, "ae10");
    lineedit_do(&line, ACTION_INPUT_BACKSPACE);
    lineedit_do(&line, ACTION_INPUT_KILL_START);
    assert_string_equal(line.text.ptr, "");
    lineedit_do(&line, ACTION_INPUT_BACKSPACE); /* nothing to delete */
    lineedit_do(&line, ACTION_INPUT_RIGHT);
    assert_int_equal(line.at, 0);
    assert_false(lineedit_insert(&line, K_CTRL('X')));
    assert_false(lineedit_insert(&line, K_UP));
    assert_false(lineedit_do(&line, ACTION_INPUT_ACCEPT));
    lineedit_clear(&line);
}

static void words_are_passed_over(void **state)
{
    (void)state;
    struct lineedit line;
    lineedit_init(&line);
    lineedit_set(&line, "one  two.three");
    lineedit_do(&line, ACTION_INPUT_WORD_LEFT);
    assert_int_equal(line.at, 9);
    lineedit_do(&line, ACTION_INPUT_WORD_LEFT);
    assert_int_equal(line.at, 5);
    lineedit_do(&line, ACTION_INPUT_WORD_RIGHT);
    assert_int_equal(line.at, 8);
    lineedit_clear(&line);
}

static void patterns_have_smart_case(void **state)
{
    (void)state;
    struct pattern p = PATTERN_INIT;
    size_t at, len;
    assert_false(pattern_find(&p, "x", 1, 0, &at, &len));
    pattern_set(&p, "inv");
    assert_true(pattern_find(&p, "add INVoice", 11, 0, &at, &len));
    assert_int_equal(at, 4);
    assert_int_equal(len, 3);
    assert_false(pattern_find(&p, "add INVoice", 11, 5, &at, &len));
    pattern_set(&p, "Inv");
    assert_false(pattern_find(&p, "add invoice", 11, 0, &at, &len));
    pattern_set(&p, "é");
    assert_true(pattern_find(&p, "CAFÉ", strlen("CAFÉ"), 0, &at, &len));
    assert_int_equal(at, 3);
    assert_int_equal(len, 2);
    pattern_set(&p, "");
    assert_null(p.text);
    pattern_clear(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_action_has_a_name_a_help_and_keys),
        cmocka_unit_test(no_key_means_two_things_in_one_context),
        cmocka_unit_test(what_executes_in_the_bar_means_nothing_elsewhere),
        cmocka_unit_test(no_action_has_only_keys_that_some_keyboards_lack),
        cmocka_unit_test(keys_have_names_that_parse_back),
        cmocka_unit_test(binding_by_name_replaces_and_says_what_is_wrong),
        cmocka_unit_test(keys_of_an_action_are_listed),
        cmocka_unit_test(a_line_is_edited),
        cmocka_unit_test(words_are_passed_over),
        cmocka_unit_test(patterns_have_smart_case),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}

# Tests of the console on a terminal; skipped where there are no server programs.
if HAVE_CMOCKA
if HAVE_VTERM
ui_tests = tests/ui/keys_random tests/ui/test_lost tests/ui/test_hostile_text tests/ui/test_console tests/ui/test_editor tests/ui/test_golden \
	tests/ui/test_golden_files tests/ui/test_guards tests/ui/test_input tests/ui/test_options \
	tests/ui/test_panes tests/ui/test_run_console tests/ui/test_signals tests/ui/test_terminal
ui_tests += tests/ui/test_waiting tests/ui/test_diff_groups
check_PROGRAMS += $(ui_tests)
TESTS += $(ui_tests)
endif
endif
ui_test_sources = tests/ui/launch.c tests/ui/launch.h tests/ui/pty.c tests/ui/pty.h $(live_sources)
tests_ui_test_console_SOURCES = tests/ui/test_console.c $(ui_test_sources)
tests_ui_test_console_CFLAGS = $(UNIT_CFLAGS) $(VTERM_CFLAGS)
tests_ui_test_console_LDADD = $(UNIT_LIBS) $(VTERM_LIBS) -lutil
tests_ui_test_hostile_text_SOURCES = tests/ui/test_hostile_text.c $(ui_test_sources)
tests_ui_test_hostile_text_CFLAGS = $(UNIT_CFLAGS) $(VTERM_CFLAGS)
tests_ui_test_hostile_text_LDADD = $(UNIT_LIBS) $(VTERM_LIBS) -lutil
tests_ui_test_lost_SOURCES = tests/ui/test_lost.c $(ui_test_sources)
tests_ui_test_lost_CFLAGS = $(UNIT_CFLAGS) $(VTERM_CFLAGS)
tests_ui_test_lost_LDADD = $(UNIT_LIBS) $(VTERM_LIBS) -lutil
tests_ui_test_guards_SOURCES = tests/ui/test_guards.c $(ui_test_sources)
tests_ui_test_guards_CFLAGS = $(UNIT_CFLAGS) $(VTERM_CFLAGS)
tests_ui_test_guards_LDADD = $(UNIT_LIBS) $(VTERM_LIBS) -lutil
tests_ui_test_editor_SOURCES = tests/ui/test_editor.c $(ui_test_sources)
tests_ui_test_editor_CFLAGS = $(UNIT_CFLAGS) $(VTERM_CFLAGS)
tests_ui_test_editor_LDADD = $(UNIT_LIBS) $(VTERM_LIBS) -lutil
tests_ui_test_options_SOURCES = tests/ui/test_options.c $(ui_test_sources)
tests_ui_test_options_CFLAGS = $(UNIT_CFLAGS) $(VTERM_CFLAGS)
tests_ui_test_options_LDADD = $(UNIT_LIBS) $(VTERM_LIBS) -lutil
tests_ui_keys_random_SOURCES = tests/ui/keys_random.c tests/ui/keys_model.c tests/ui/keys_model.h $(ui_test_sources)
tests_ui_keys_random_CFLAGS = $(UNIT_CFLAGS) $(VTERM_CFLAGS)
tests_ui_keys_random_LDADD = $(UNIT_LIBS) $(VTERM_LIBS) -lutil
golden_sources = tests/ui/golden.c tests/ui/golden.h tests/ui/play.c tests/ui/play.h $(ui_test_sources)
tests_ui_test_golden_SOURCES = tests/ui/test_golden.c $(golden_sources)
tests_ui_test_golden_CFLAGS = $(UNIT_CFLAGS) $(VTERM_CFLAGS)
tests_ui_test_golden_LDADD = $(UNIT_LIBS) $(VTERM_LIBS) -lutil
tests_ui_test_golden_files_SOURCES = tests/ui/test_golden_files.c $(golden_sources)
tests_ui_test_golden_files_CFLAGS = $(UNIT_CFLAGS) $(VTERM_CFLAGS)
tests_ui_test_golden_files_LDADD = $(UNIT_LIBS) $(VTERM_LIBS) -lutil
EXTRA_DIST += tests/ui/golden
tests_ui_test_terminal_SOURCES = tests/ui/test_terminal.c $(ui_test_sources)
tests_ui_test_terminal_CFLAGS = $(UNIT_CFLAGS) $(VTERM_CFLAGS)
tests_ui_test_terminal_LDADD = $(UNIT_LIBS) $(VTERM_LIBS) -lutil
tests_ui_test_panes_SOURCES = tests/ui/test_panes.c $(ui_test_sources)
tests_ui_test_panes_CFLAGS = $(UNIT_CFLAGS) $(VTERM_CFLAGS)
tests_ui_test_panes_LDADD = $(UNIT_LIBS) $(VTERM_LIBS) -lutil
tests_ui_test_input_SOURCES = tests/ui/test_input.c $(ui_test_sources)
tests_ui_test_input_CFLAGS = $(UNIT_CFLAGS) $(VTERM_CFLAGS)
tests_ui_test_input_LDADD = $(UNIT_LIBS) $(VTERM_LIBS) -lutil
tests_ui_test_signals_SOURCES = tests/ui/test_signals.c $(ui_test_sources)
tests_ui_test_signals_CFLAGS = $(UNIT_CFLAGS) $(VTERM_CFLAGS)
tests_ui_test_signals_LDADD = $(UNIT_LIBS) $(VTERM_LIBS) -lutil
tests_ui_test_waiting_SOURCES = tests/ui/test_waiting.c $(ui_test_sources)
tests_ui_test_waiting_CFLAGS = $(UNIT_CFLAGS) $(VTERM_CFLAGS)
tests_ui_test_waiting_LDADD = $(UNIT_LIBS) $(VTERM_LIBS) -lutil
tests_ui_test_run_console_SOURCES = tests/ui/test_run_console.c $(ui_test_sources)
tests_ui_test_run_console_CFLAGS = $(UNIT_CFLAGS) $(VTERM_CFLAGS)
tests_ui_test_run_console_LDADD = $(UNIT_LIBS) $(VTERM_LIBS) -lutil
tests_ui_test_diff_groups_SOURCES = tests/ui/test_diff_groups.c $(ui_test_sources)
tests_ui_test_diff_groups_CFLAGS = $(UNIT_CFLAGS) $(VTERM_CFLAGS)
tests_ui_test_diff_groups_LDADD = $(UNIT_LIBS) $(VTERM_LIBS) -lutil

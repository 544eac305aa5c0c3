# unit tests of ui
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_ui_action tests/unit/test_ui_screen
TESTS += tests/unit/test_ui_action tests/unit/test_ui_screen
endif
tests_unit_test_ui_action_SOURCES = tests/unit/test_ui_action.c tests/unit/unit.h
tests_unit_test_ui_action_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_ui_action_LDADD = $(UNIT_LIBS)
tests_unit_test_ui_screen_SOURCES = tests/unit/test_ui_screen.c tests/unit/unit.h
tests_unit_test_ui_screen_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_ui_screen_LDADD = $(UNIT_LIBS)

# unit tests of ui
if HAVE_CMOCKA
ui_unit_tests = tests/unit/test_ui_action tests/unit/test_ui_screen tests/unit/test_ui_standing \
	tests/unit/test_text_buffer
check_PROGRAMS += $(ui_unit_tests)
TESTS += $(ui_unit_tests)
endif
tests_unit_test_ui_action_SOURCES = tests/unit/test_ui_action.c tests/unit/unit.h
tests_unit_test_ui_action_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_ui_action_LDADD = $(UNIT_LIBS)
tests_unit_test_ui_screen_SOURCES = tests/unit/test_ui_screen.c tests/unit/unit.h
tests_unit_test_ui_screen_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_ui_screen_LDADD = $(UNIT_LIBS)
tests_unit_test_ui_standing_SOURCES = tests/unit/test_ui_standing.c tests/unit/unit.h
tests_unit_test_ui_standing_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_ui_standing_LDADD = $(UNIT_LIBS)
tests_unit_test_text_buffer_SOURCES = tests/unit/test_text_buffer.c tests/unit/unit.h
tests_unit_test_text_buffer_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_text_buffer_LDADD = $(UNIT_LIBS)

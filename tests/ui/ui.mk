# Tests of the console on a terminal; skipped where there are no server programs.
if HAVE_CMOCKA
if HAVE_VTERM
check_PROGRAMS += tests/ui/test_console
TESTS += tests/ui/test_console
endif
endif
tests_ui_test_console_SOURCES = tests/ui/test_console.c tests/ui/pty.c tests/ui/pty.h $(live_sources)
tests_ui_test_console_CFLAGS = $(UNIT_CFLAGS) $(VTERM_CFLAGS)
tests_ui_test_console_LDADD = $(UNIT_LIBS) $(VTERM_LIBS) -lutil

# unit tests of src/cli
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_args
TESTS += tests/unit/test_args
endif
tests_unit_test_args_SOURCES = tests/unit/test_args.c tests/unit/unit.h
tests_unit_test_args_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_args_LDADD = $(UNIT_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_log_format
TESTS += tests/unit/test_log_format
endif
tests_unit_test_log_format_SOURCES = tests/unit/test_log_format.c tests/unit/unit.h
tests_unit_test_log_format_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_log_format_LDADD = $(UNIT_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_shell
TESTS += tests/unit/test_shell
endif
tests_unit_test_shell_SOURCES = tests/unit/test_shell.c tests/unit/unit.h
tests_unit_test_shell_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_shell_LDADD = $(UNIT_LIBS)

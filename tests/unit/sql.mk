# unit tests of sql
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_advisory
TESTS += tests/unit/test_advisory
check_PROGRAMS += tests/unit/test_calls
TESTS += tests/unit/test_calls
check_PROGRAMS += tests/unit/test_made
TESTS += tests/unit/test_made
check_PROGRAMS += tests/unit/test_needs
TESTS += tests/unit/test_needs
check_PROGRAMS += tests/unit/test_parse
TESTS += tests/unit/test_parse
endif
tests_unit_test_advisory_SOURCES = tests/unit/test_advisory.c tests/unit/unit.h
tests_unit_test_advisory_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_advisory_LDADD = $(UNIT_LIBS)
tests_unit_test_calls_SOURCES = tests/unit/test_calls.c tests/unit/unit.h
tests_unit_test_calls_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_calls_LDADD = $(UNIT_LIBS)
tests_unit_test_made_SOURCES = tests/unit/test_made.c tests/unit/unit.h
tests_unit_test_made_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_made_LDADD = $(UNIT_LIBS)
tests_unit_test_needs_SOURCES = tests/unit/test_needs.c tests/unit/unit.h
tests_unit_test_needs_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_needs_LDADD = $(UNIT_LIBS)
tests_unit_test_parse_SOURCES = tests/unit/test_parse.c tests/unit/unit.h
tests_unit_test_parse_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_parse_LDADD = $(UNIT_LIBS)

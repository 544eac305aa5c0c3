# unit tests of src/python
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_python_parse
TESTS += tests/unit/test_python_parse
endif
tests_unit_test_python_parse_SOURCES = tests/unit/test_python_parse.c tests/unit/unit.h
tests_unit_test_python_parse_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_python_parse_LDADD = $(UNIT_LIBS)

EXTRA_DIST += tests/python

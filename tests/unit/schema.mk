# unit tests of schema
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_schema
TESTS += tests/unit/test_schema
endif
tests_unit_test_schema_SOURCES = tests/unit/test_schema.c tests/unit/unit.h
tests_unit_test_schema_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_schema_LDADD = $(UNIT_LIBS)
EXTRA_DIST += tests/naming/convention.down.sql tests/naming/convention.py \
	tests/naming/convention.up.sql

# unit tests of src/autogenerate
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_compare
TESTS += tests/unit/test_compare
endif
tests_unit_test_compare_SOURCES = tests/unit/test_compare.c tests/unit/unit.h
tests_unit_test_compare_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_compare_LDADD = $(UNIT_LIBS)
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_write
TESTS += tests/unit/test_write
endif
tests_unit_test_write_SOURCES = tests/unit/test_write.c tests/unit/unit.h
tests_unit_test_write_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_write_LDADD = $(UNIT_LIBS)

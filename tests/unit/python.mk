# unit tests of src/python
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_python_parse tests/unit/test_python_header
TESTS += tests/unit/test_python_parse tests/unit/test_python_header
endif
tests_unit_test_python_header_SOURCES = tests/unit/test_python_header.c tests/unit/unit.h
tests_unit_test_python_header_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_python_header_LDADD = $(UNIT_LIBS)
tests_unit_test_python_parse_SOURCES = tests/unit/test_python_parse.c tests/unit/unit.h
tests_unit_test_python_parse_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_python_parse_LDADD = $(UNIT_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_python_library
TESTS += tests/unit/test_python_library
endif
tests_unit_test_python_library_SOURCES = tests/unit/test_python_library.c tests/unit/unit.h
tests_unit_test_python_library_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_python_library_LDADD = $(UNIT_LIBS)

EXTRA_DIST += tests/python

# Programs in tests/python/eval: what they print is what CPython printed (tests/python/golden.sh).
check_PROGRAMS += tests/unit/python_eval
tests_unit_python_eval_SOURCES = tests/unit/python_eval.c
tests_unit_python_eval_CFLAGS = $(AM_CFLAGS)
tests_unit_python_eval_LDADD = libretort.a $(RETORT_LIBS)
TESTS += tests/python/eval.sh
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_python_native
TESTS += tests/unit/test_python_native
endif
tests_unit_test_python_native_SOURCES = tests/unit/test_python_native.c tests/unit/unit.h
tests_unit_test_python_native_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_python_native_LDADD = $(UNIT_LIBS)

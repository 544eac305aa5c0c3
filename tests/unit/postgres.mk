# unit tests of postgres
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_catalog_text
TESTS += tests/unit/test_catalog_text
endif
tests_unit_test_catalog_text_SOURCES = tests/unit/test_catalog_text.c tests/unit/unit.h
tests_unit_test_catalog_text_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_catalog_text_LDADD = $(UNIT_LIBS)

if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_flavour
TESTS += tests/unit/test_flavour
endif
tests_unit_test_flavour_SOURCES = tests/unit/test_flavour.c tests/unit/unit.h
tests_unit_test_flavour_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_flavour_LDADD = $(UNIT_LIBS)

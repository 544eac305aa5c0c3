# unit tests of config
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_config tests/unit/test_config_goldens tests/unit/test_ini_edit tests/unit/test_protection tests/unit/test_requirement
TESTS += tests/unit/test_config tests/unit/test_config_goldens tests/unit/test_ini_edit tests/unit/test_protection tests/unit/test_requirement
endif
tests_unit_test_config_SOURCES = tests/unit/test_config.c tests/unit/unit.h
tests_unit_test_config_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_config_LDADD = $(UNIT_LIBS)
tests_unit_test_config_goldens_SOURCES = tests/unit/test_config_goldens.c tests/unit/unit.h
tests_unit_test_config_goldens_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_config_goldens_LDADD = $(UNIT_LIBS)
tests_unit_test_ini_edit_SOURCES = tests/unit/test_ini_edit.c tests/unit/unit.h
tests_unit_test_ini_edit_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_ini_edit_LDADD = $(UNIT_LIBS)
tests_unit_test_protection_SOURCES = tests/unit/test_protection.c tests/unit/unit.h
tests_unit_test_protection_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_protection_LDADD = $(UNIT_LIBS)
tests_unit_test_requirement_SOURCES = tests/unit/test_requirement.c tests/unit/unit.h
tests_unit_test_requirement_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_requirement_LDADD = $(UNIT_LIBS)
EXTRA_DIST += tests/config

# unit tests of run; each has lines of its own
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_activity
TESTS += tests/unit/test_activity
check_PROGRAMS += tests/unit/test_journal
TESTS += tests/unit/test_journal
check_PROGRAMS += tests/unit/test_plan_check
TESTS += tests/unit/test_plan_check
check_PROGRAMS += tests/unit/test_plan_json
TESTS += tests/unit/test_plan_json
check_PROGRAMS += tests/unit/test_readings
TESTS += tests/unit/test_readings
check_PROGRAMS += tests/unit/test_script
TESTS += tests/unit/test_script
check_PROGRAMS += tests/unit/test_timeouts
TESTS += tests/unit/test_timeouts
endif
tests_unit_test_activity_SOURCES = tests/unit/test_activity.c tests/unit/unit.h
tests_unit_test_activity_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_activity_LDADD = $(UNIT_LIBS)
tests_unit_test_journal_SOURCES = tests/unit/test_journal.c tests/unit/unit.h
tests_unit_test_journal_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_journal_LDADD = $(UNIT_LIBS)
tests_unit_test_plan_check_SOURCES = tests/unit/test_plan_check.c tests/unit/unit.h
tests_unit_test_plan_check_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_plan_check_LDADD = $(UNIT_LIBS)
tests_unit_test_plan_json_SOURCES = tests/unit/test_plan_json.c tests/unit/unit.h
tests_unit_test_plan_json_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_plan_json_LDADD = $(UNIT_LIBS)
tests_unit_test_readings_SOURCES = tests/unit/test_readings.c tests/unit/unit.h
tests_unit_test_readings_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_readings_LDADD = $(UNIT_LIBS)
tests_unit_test_script_SOURCES = tests/unit/test_script.c tests/unit/unit.h
tests_unit_test_script_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_script_LDADD = $(UNIT_LIBS)
tests_unit_test_timeouts_SOURCES = tests/unit/test_timeouts.c tests/unit/unit.h
tests_unit_test_timeouts_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_timeouts_LDADD = $(UNIT_LIBS)

# Tests against a private PostgreSQL server; skipped where there are no server programs.
EXTRA_DIST += tests/pg.sh
if HAVE_CMOCKA
check_PROGRAMS += tests/live/test_postgres
TESTS += tests/live/test_postgres
endif
LIVE_SOURCES = tests/live/live.c tests/live/live.h tests/unit/unit.h
tests_live_test_postgres_SOURCES = tests/live/test_postgres.c $(LIVE_SOURCES)
tests_live_test_postgres_CFLAGS = $(UNIT_CFLAGS)
tests_live_test_postgres_LDADD = $(UNIT_LIBS)

# Tests against a private PostgreSQL server (tests/pg.sh); skipped where there are no binaries.
EXTRA_DIST += tests/pg.sh
TESTS += tests/live/example_alembic.sh
EXTRA_DIST += tests/live/example_alembic.sh

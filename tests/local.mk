# Tests. Unit tests are one cmocka program per module; each folder of the source tree lists its own
# in tests/unit/<folder>.mk.

AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	RETORT='$(abs_top_builddir)/retort'; export RETORT; \
	LC_ALL=C.UTF-8; export LC_ALL; TZ=UTC; export TZ;

TEST_EXTENSIONS = .sh .py
SH_LOG_COMPILER = $(SHELL)
PY_LOG_COMPILER = /usr/bin/python3
UNIT_LIBS = libretort.a $(RETORT_LIBS) $(CMOCKA_LIBS)
# cmocka ends a test by longjmp, which gcc does not see behind an assertion.
UNIT_CFLAGS = $(AM_CFLAGS) -Wno-null-dereference $(CMOCKA_CFLAGS)

include tests/unit/base.mk
include tests/unit/config.mk
include tests/unit/python.mk
include tests/unit/schema.mk
include tests/unit/alembic.mk
include tests/unit/sql.mk
include tests/unit/autogenerate.mk
include tests/unit/revision.mk
include tests/unit/postgres.mk
include tests/unit/run.mk
include tests/unit/cli.mk
include tests/unit/ui.mk
include tests/live/live.mk
include tests/ui/ui.mk
include tests/conformance/conformance.mk

# The command line.
cli_tests = tests/cli/errors.sh tests/cli/json.sh tests/cli/confirm.sh tests/cli/refused.py tests/cli/revision.sh tests/cli/logging.py \
	tests/cli/passwords.py tests/cli/bad_input.py
TESTS += $(cli_tests)
EXTRA_DIST += $(cli_tests) tests/cli/confirm_live.py tests/cli/json_answers.py tests/refused

# What real Alembic answers in 140 projects; graph.py alone needs no database.
conformance_tests = tests/conformance/graph.py tests/conformance/graph_live.sh
TESTS += $(conformance_tests)
EXTRA_DIST += $(conformance_tests) tests/conformance/graph

# Projects that are made to do harm.
hostile_tests = tests/hostile/reading.py tests/hostile/limits.py tests/hostile/odd_objects.py
TESTS += $(hostile_tests)
EXTRA_DIST += $(hostile_tests) tests/hostile/odd_objects.txt

# The line console.
TESTS += tests/cli/shell.sh
EXTRA_DIST += tests/cli/shell.sh tests/cli/shell_cancel.py tests/cli/shell_common.py \
	tests/cli/shell_pipe.py tests/cli/shell_terminal.py

TESTS += tests/lint/layers.sh tests/lint/listed.sh tests/lint/paths.sh tests/lint/size.sh
EXTRA_DIST += tests/lint/layers.sh tests/lint/listed.sh tests/lint/paths.sh tests/lint/size.sh

# For tests/lint/listed.sh.
print-listed:
	@echo dist $(DISTFILES)
	@echo test $(TESTS)
.PHONY: print-listed

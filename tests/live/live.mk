# Tests against a private PostgreSQL server; skipped where there are no server programs.
TESTS += tests/live/cli.sh tests/live/demo.sh tests/live/example_alembic.sh tests/live/turns.sh
EXTRA_DIST += tests/pg.sh tests/live/cli.sh tests/live/demo.sh tests/live/example_alembic.sh tests/live/turns.sh tests/live/turns
if HAVE_CMOCKA
live_tests = tests/live/test_effect tests/live/test_postgres tests/live/test_runner tests/live/test_runner_batch tests/live/test_runner_broken tests/live/test_runner_live tests/live/test_runner_steps
check_PROGRAMS += $(live_tests)
TESTS += $(live_tests)
endif
live_sources = tests/live/live.c tests/live/live.h tests/unit/unit.h
tests_live_test_postgres_SOURCES = tests/live/test_postgres.c $(live_sources)
tests_live_test_postgres_CFLAGS = $(UNIT_CFLAGS)
tests_live_test_postgres_LDADD = $(UNIT_LIBS)
tests_live_test_effect_SOURCES = tests/live/test_effect.c $(live_sources)
tests_live_test_effect_CFLAGS = $(UNIT_CFLAGS)
tests_live_test_effect_LDADD = $(UNIT_LIBS)
run_sources = tests/live/run.c tests/live/run.h $(live_sources)
tests_live_test_runner_SOURCES = tests/live/test_runner.c $(run_sources)
tests_live_test_runner_CFLAGS = $(UNIT_CFLAGS)
tests_live_test_runner_LDADD = $(UNIT_LIBS)
tests_live_test_runner_batch_SOURCES = tests/live/test_runner_batch.c $(run_sources)
tests_live_test_runner_batch_CFLAGS = $(UNIT_CFLAGS)
tests_live_test_runner_batch_LDADD = $(UNIT_LIBS)
tests_live_test_runner_broken_SOURCES = tests/live/test_runner_broken.c $(run_sources)
tests_live_test_runner_broken_CFLAGS = $(UNIT_CFLAGS)
tests_live_test_runner_broken_LDADD = $(UNIT_LIBS)
tests_live_test_runner_live_SOURCES = tests/live/test_runner_live.c $(run_sources)
tests_live_test_runner_live_CFLAGS = $(UNIT_CFLAGS)
tests_live_test_runner_live_LDADD = $(UNIT_LIBS)
tests_live_test_runner_steps_SOURCES = tests/live/test_runner_steps.c $(run_sources)
tests_live_test_runner_steps_CFLAGS = $(UNIT_CFLAGS)
tests_live_test_runner_steps_LDADD = $(UNIT_LIBS)

# What goes on around a run, who stands in its way, and who must not.
if HAVE_CMOCKA
check_PROGRAMS += tests/live/test_exclusion tests/live/test_watcher
TESTS += tests/live/test_exclusion tests/live/test_watcher
endif
tests_live_test_exclusion_SOURCES = tests/live/test_exclusion.c $(run_sources)
tests_live_test_exclusion_CFLAGS = $(UNIT_CFLAGS)
tests_live_test_exclusion_LDADD = $(UNIT_LIBS)
tests_live_test_watcher_SOURCES = tests/live/test_watcher.c $(run_sources)
tests_live_test_watcher_CFLAGS = $(UNIT_CFLAGS)
tests_live_test_watcher_LDADD = $(UNIT_LIBS)

TESTS += tests/live/init.sh
EXTRA_DIST += tests/live/init.sh

TESTS += tests/live/blocker.sh tests/live/pooler.sh tests/live/race.sh
EXTRA_DIST += tests/live/blocker.sh tests/live/pooler.sh tests/live/pooler_relay.py \
	tests/live/race.sh

TESTS += tests/live/doctor.sh tests/live/workflow.sh tests/live/runs.sh tests/live/journal_schema.sh tests/live/resume.sh
EXTRA_DIST += tests/live/doctor.sh tests/live/workflow.sh tests/live/runs.sh tests/live/journal_schema.sh tests/live/resume.sh

# The catalog, held against what SQLAlchemy reflects.
if HAVE_CMOCKA
check_PROGRAMS += tests/live/test_catalog tests/live/test_question
TESTS += tests/live/test_catalog tests/live/test_question
endif
tests_live_test_catalog_SOURCES = tests/live/test_catalog.c $(live_sources)
tests_live_test_catalog_CFLAGS = $(UNIT_CFLAGS)
tests_live_test_catalog_LDADD = $(UNIT_LIBS)
tests_live_test_question_SOURCES = tests/live/test_question.c $(live_sources)
tests_live_test_question_CFLAGS = $(UNIT_CFLAGS)
tests_live_test_question_LDADD = $(UNIT_LIBS)
EXTRA_DIST += tests/live/catalog/expected.txt tests/live/catalog/make_expected.py tests/live/catalog/schema.sql

# A run killed, cut off and starved at every event; the shim has no sanitizer of its own.
sweep = tests/live/sweep
sweep_shim = $(sweep)/fault_shim.so
check_DATA += $(sweep_shim)
CLEANFILES += $(sweep_shim)
$(sweep_shim): $(srcdir)/$(sweep)/fault_shim.c
	$(AM_V_CC)$(MKDIR_P) $(@D) && $(CC) -std=c11 $(WARNING_CFLAGS) $(CPPFLAGS) $(CFLAGS) -shared -fPIC \
		-o $@ $(srcdir)/$(sweep)/fault_shim.c
TESTS += tests/live/sweep.sh
EXTRA_DIST += tests/live/sweep.sh $(sweep)/account.py $(sweep)/database.py $(sweep)/fault_shim.c \
	$(sweep)/faults.py $(sweep)/point.py $(sweep)/setup.sql $(sweep)/stage.py $(sweep)/sweep.py $(sweep)/wire.py \
	$(sweep)/project

# Revisions that ask the database, held against what real Alembic makes of them.
check_PROGRAMS += tests/live/live_apply
tests_live_live_apply_SOURCES = tests/live/live_apply.c
tests_live_live_apply_LDADD = $(UNIT_LIBS)
tests_live_live_apply_CFLAGS = $(UNIT_CFLAGS)
TESTS += tests/live/live_revisions.sh tests/live/plan_live.sh
EXTRA_DIST += tests/live/plan_live.sh tests/live/live_plan
EXTRA_DIST += tests/live/live_revisions.sh tests/live/revisions
check_PROGRAMS += tests/live/live_preview
tests_live_live_preview_SOURCES = tests/live/live_preview.c
tests_live_live_preview_LDADD = $(UNIT_LIBS)
tests_live_live_preview_CFLAGS = $(UNIT_CFLAGS)
TESTS += tests/live/live_preview.sh tests/live/live_run.sh tests/live/live_hostile.sh
EXTRA_DIST += tests/live/live_preview.sh tests/live/live_run.sh tests/live/live_hostile.sh

# The plan: shown, edited, kept, run. The worker: left, attached to, killed.
TESTS += tests/live/plan.sh tests/live/worker.sh
EXTRA_DIST += tests/live/plan.sh tests/live/plan tests/live/worker.sh tests/live/worker_cases.py

# Revisions that the project's own Alembic carries out.
TESTS += tests/live/bridge.sh
EXTRA_DIST += tests/live/bridge.sh tests/live/bridge

# What the documentation shows.
TESTS += tests/live/answers.sh tests/live/documents.sh
EXTRA_DIST += tests/live/answers.sh tests/live/answers tests/live/documents.sh
if HAVE_CMOCKA
if HAVE_VTERM
check_PROGRAMS += tests/ui/test_tour
TESTS += tests/ui/test_tour
endif
endif
tests_ui_test_tour_SOURCES = tests/ui/test_tour.c $(ui_test_sources)
tests_ui_test_tour_CFLAGS = $(UNIT_CFLAGS) $(VTERM_CFLAGS)
tests_ui_test_tour_LDADD = $(UNIT_LIBS) $(VTERM_LIBS) -lutil

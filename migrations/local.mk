# The schema of the journal in the database: revisions that retort applies to itself.
journal_revision_files = 0001_runs.py
journal_revision_paths = $(journal_revision_files:%=migrations/versions/%)

EXTRA_DIST += $(journal_revision_paths)
nodist_libretort_a_SOURCES += src/run/journal_revisions.c
CLEANFILES += src/run/journal_revisions.c
src/run/journal_revisions.c: $(journal_revision_paths) tools/embed.sh
	$(AM_V_GEN)$(MKDIR_P) src/run && sh $(srcdir)/tools/embed.sh journal_revisions \
		$(srcdir)/migrations/versions $(journal_revision_files) >$@.tmp && mv $@.tmp $@

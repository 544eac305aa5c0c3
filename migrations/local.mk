# The schema of the journal in the database: revisions that retort applies to itself.
journal_revision_files = 0001_runs.py
journal_revision_paths = $(journal_revision_files:%=migrations/versions/%)

EXTRA_DIST += $(journal_revision_paths)
nodist_libretort_a_SOURCES += src/run/journal_revisions.c
CLEANFILES += src/run/journal_revisions.c
src/run/journal_revisions.c: $(journal_revision_paths) tools/embed.sh
	$(AM_V_GEN)$(MKDIR_P) src/run && sh $(srcdir)/tools/embed.sh journal_revisions \
		$(srcdir)/migrations/versions $(journal_revision_files) >$@.tmp && mv $@.tmp $@

# What `init` writes; src/cli/templates.def says which template is made of which.
template_files = README-async README-generic README-multidb README-pyproject README-pyproject-async \
	connection.ini databases.ini env-async.py env-multidb.py env.py hooks.ini logging.ini project.ini \
	pyproject.toml script-multidb.py.mako script.py.mako url.ini
template_paths = $(template_files:%=migrations/templates/%)

EXTRA_DIST += $(template_paths)
nodist_libretort_a_SOURCES += src/cli/init_files.c
CLEANFILES += src/cli/init_files.c
src/cli/init_files.c: $(template_paths) tools/embed.sh
	$(AM_V_GEN)$(MKDIR_P) src/cli && sh $(srcdir)/tools/embed.sh init_files \
		$(srcdir)/migrations/templates $(template_files) >$@.tmp && mv $@.tmp $@

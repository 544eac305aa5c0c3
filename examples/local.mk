# The example project; `retort demo` carries a copy of it inside the binary.
example_files = \
	.env.example \
	README.md \
	alembic.ini \
	db/__init__.py \
	db/db.py \
	db/vector.py \
	migrations/README \
	migrations/env.py \
	migrations/pgvector/a305c728e4b9_document_embedding.py \
	migrations/script.py.mako \
	migrations/versions/1a7c3e9f5b20_initial_tables.py \
	migrations/versions/2b8d4fa06c31_user_full_name.py \
	migrations/versions/3c9e50b17d42_user_email_lower_index.py \
	migrations/versions/4daf61c28e53_backfill_full_name.py \
	migrations/versions/5eb072d39f64_scope_description.py \
	migrations/versions/6fc183e4a075_document_status.py \
	migrations/versions/70d294f5b186_merge_scope_and_status.py \
	migrations/versions/81e3a506c297_drop_nickname.py \
	migrations/versions/92f4b617d3a8_user_created_at.py \
	pgvector.ini
example_paths = $(example_files:%=examples/model_app/%)

EXTRA_DIST += $(example_paths) tools/embed.sh
nodist_libretort_a_SOURCES += src/cli/example_files.c
CLEANFILES += src/cli/example_files.c
src/cli/example_files.c: $(example_paths) tools/embed.sh
	$(AM_V_GEN)$(MKDIR_P) src/cli && sh $(srcdir)/tools/embed.sh example_files \
		$(srcdir)/examples/model_app $(example_files) >$@.tmp && mv $@.tmp $@

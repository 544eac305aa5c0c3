libretort_a_SOURCES += \
	src/alembic/project.h \
	src/alembic/revision.h \
	src/alembic/sa_exc.def \
	src/alembic/sa_expr.h \
	src/alembic/sa_expr_names.def src/alembic/sa_public_names.def

# DDL: types, schema constructs, operations
libretort_a_SOURCES += \
	src/alembic/alembic_exc.h \
	src/alembic/batch.c src/alembic/batch.h \
	src/alembic/batch_recreate.c \
	src/alembic/context.c \
	src/alembic/directives.c src/alembic/directives.def src/alembic/directives.h \
	src/alembic/directives_column.c \
	src/alembic/directives_constraint.c \
	src/alembic/directives_table.c \
	src/alembic/engine.c src/alembic/engine.h \
	src/alembic/find_module.c src/alembic/modules.h \
	src/alembic/header.c \
	src/alembic/live.c src/alembic/live.h \
	src/alembic/live_catalog.c src/alembic/live_catalog.h \
	src/alembic/live_value.c src/alembic/live_value.h \
	src/alembic/host.c src/alembic/host.h \
	src/alembic/modules.c \
	src/alembic/operations.c src/alembic/operations.h \
	src/alembic/reading.c src/alembic/reading.h \
	src/alembic/revision.c \
	src/alembic/sa_args.c \
	src/alembic/sa_column.c \
	src/alembic/sa_compile.c src/alembic/sa_compile.h \
	src/alembic/sa_constraint.c \
	src/alembic/sa_create.c src/alembic/sa_create.h \
	src/alembic/sa_metadata.c \
	src/alembic/sa_mutable.c \
	src/alembic/sa_schema.h \
	src/alembic/sa_sequence.c \
	src/alembic/sa_table.c \
	src/alembic/sa_type.c src/alembic/sa_type.h \
	src/alembic/template.c src/alembic/template.h \
	src/alembic/template_compile.c src/alembic/template_compile.h \
	src/alembic/sa_type_init.c src/alembic/sa_type_init.h

# The expression language
libretort_a_SOURCES += \
	src/alembic/sa_build.h \
	src/alembic/sa_coerce.c \
	src/alembic/sa_complete.c \
	src/alembic/sa_dml.c \
	src/alembic/sa_dml.h \
	src/alembic/sa_element.c \
	src/alembic/sa_exc.c \
	src/alembic/sa_expression.c \
	src/alembic/sa_from.c \
	src/alembic/sa_func.c \
	src/alembic/sa_functions.def \
	src/alembic/sa_operate.c \
	src/alembic/sa_operate_types.c \
	src/alembic/sa_parameters.c \
	src/alembic/sa_postgresql.c \
	src/alembic/sa_select.c

# env.py and the project
libretort_a_SOURCES += \
	src/alembic/env_callbacks.c \
	src/alembic/env_compare.c src/alembic/env_compare.h \
	src/alembic/env_config.c \
	src/alembic/env_context.c \
	src/alembic/env_dotenv.c \
	src/alembic/env_engine.c src/alembic/env_engine_names.def \
	src/alembic/env_functions.h \
	src/alembic/env_options.c src/alembic/env_options.def \
	src/alembic/env_pydantic.c src/alembic/env_pydantic.h \
	src/alembic/env_pydantic_types.c \
	src/alembic/env_render.c \
	src/alembic/env_run.h \
	src/alembic/env_script.c \
	src/alembic/env_session.c \
	src/alembic/env_settings.c \
	src/alembic/env_starlette.c \
	src/alembic/env_url.c \
	src/alembic/env_urllib.c \
	src/alembic/project.c

# Models
libretort_a_SOURCES += \
	src/alembic/declarative.h \
	src/alembic/declarative_base.c src/alembic/declarative_column.c \
	src/alembic/declarative_module.c src/alembic/declarative_scan.c \
	src/alembic/declarative_type.c \
	src/alembic/model_class.c src/alembic/model_class.h \
	src/alembic/models.c src/alembic/models.h src/alembic/models_private.h \
	src/alembic/models_recover.c src/alembic/models_unseen.c

# SQLModel, and what pydantic gives it
libretort_a_SOURCES += \
	src/alembic/pydantic_annotations.c \
	src/alembic/pydantic_fields.c \
	src/alembic/sqlmodel.h \
	src/alembic/sqlmodel_class.c \
	src/alembic/sqlmodel_column.c \
	src/alembic/sqlmodel_field.c \
	src/alembic/versions.c \
	src/alembic/versions.h

# Libraries' modules that are written in Python
nodist_libretort_a_SOURCES += src/alembic/embedded.c
alembic_library = \
	src/alembic/lib/_live.py \
	src/alembic/lib/_live_inspect.py \
	src/alembic/lib/_live_relations.py \
	src/alembic/lib/_live_rows.py \
	src/alembic/lib/_live_session.py \
	src/alembic/lib/sqlalchemy.engine.reflection.py \
	src/alembic/lib/sqlalchemy_utils.py \
	src/alembic/lib/sqlalchemy_utils.types.py \
	src/alembic/lib/sqlalchemy_utils.types.email.py \
	src/alembic/lib/sqlalchemy_utils.types.url.py \
	src/alembic/lib/sqlalchemy_utils.types.uuid.py
src/alembic/embedded.c: $(alembic_library) src/python/lib/embed.sh
	$(AM_V_GEN)$(MKDIR_P) src/alembic && \
	$(SHELL) $(srcdir)/src/python/lib/embed.sh $(srcdir)/src/alembic/lib \
	  alembic/host.h alembic_embedded >$@.tmp && mv $@.tmp $@
CLEANFILES += src/alembic/embedded.c
EXTRA_DIST += $(alembic_library)

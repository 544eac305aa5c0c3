libretort_a_SOURCES += \
	src/alembic/project.h \
	src/alembic/revision.h \
	src/alembic/sa_exc.def \
	src/alembic/sa_expr.h \
	src/alembic/sa_expr_names.def

# DDL: types, schema constructs, operations
libretort_a_SOURCES += \
	src/alembic/host.h \
	src/alembic/sa_schema.h \
	src/alembic/sa_type.h

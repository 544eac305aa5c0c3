libretort_a_SOURCES += \
	src/postgres/activity.c src/postgres/activity.h src/postgres/activity_queries.def \
	src/postgres/catalog.c src/postgres/catalog.h src/postgres/catalog_queries.def \
	src/postgres/catalog_columns.c src/postgres/catalog_constraints.c \
	src/postgres/catalog_indexes.c src/postgres/catalog_reader.h \
	src/postgres/catalog_tables.c src/postgres/catalog_text.c src/postgres/catalog_text.h \
	src/postgres/catalog_types.c src/postgres/catalog_types.def \
	src/postgres/connection.c src/postgres/connection.h src/postgres/connection_private.h \
	src/postgres/database.c src/postgres/database.h \
	src/postgres/lock.c src/postgres/lock.h \
	src/postgres/pooler.c src/postgres/pooler.h \
	src/postgres/query.c src/postgres/query.h \
	src/postgres/question.c src/postgres/question.h \
	src/postgres/scratch.c src/postgres/scratch.h \
	src/postgres/flavour.c src/postgres/flavour.h \
	src/postgres/server.c src/postgres/server.h \
	src/postgres/version.c src/postgres/version.h

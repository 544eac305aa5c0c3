libretort_a_SOURCES += \
	src/postgres/catalog.h \
	src/postgres/connection.c src/postgres/connection.h src/postgres/connection_private.h \
	src/postgres/database.c src/postgres/database.h \
	src/postgres/lock.c src/postgres/lock.h \
	src/postgres/query.c src/postgres/query.h \
	src/postgres/question.h \
	src/postgres/scratch.c src/postgres/scratch.h \
	src/postgres/server.c src/postgres/server.h \
	src/postgres/version.c src/postgres/version.h

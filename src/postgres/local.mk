libretort_a_SOURCES += \
	src/postgres/connection.h \
	src/postgres/database.h \
	src/postgres/lock.h \
	src/postgres/query.h \
	src/postgres/scratch.h \
	src/postgres/version.h

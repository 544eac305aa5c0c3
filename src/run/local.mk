libretort_a_SOURCES += \
	src/run/journal.c src/run/journal.h \
	src/run/plan.h \
	src/run/rendering.h \
	src/run/runner.h \
	src/run/version_sql.c src/run/version_sql.h

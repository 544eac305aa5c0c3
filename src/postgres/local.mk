libretort_a_SOURCES += \
	src/postgres/database.h

libretort_a_SOURCES += \
	src/sql/render.h \
	src/sql/statement.h

libretort_a_SOURCES += \
	src/autogenerate/difference.c src/autogenerate/difference.h \
	src/autogenerate/differences.def

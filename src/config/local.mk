libretort_a_SOURCES += \
	src/config/config.h \
	src/config/url.h

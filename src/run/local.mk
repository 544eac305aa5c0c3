libretort_a_SOURCES += \
	src/run/plan.h \
	src/run/rendering.h \
	src/run/runner.h

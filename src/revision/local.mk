libretort_a_SOURCES += \
	src/revision/graph.h \
	src/revision/lanes.h

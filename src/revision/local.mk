libretort_a_SOURCES += \
	src/revision/check.c src/revision/check.h \
	src/revision/graph.c src/revision/graph.h \
	src/revision/lanes.c src/revision/lanes.h \
	src/revision/load.c \
	src/revision/parents.c \
	src/revision/reach.c src/revision/reach.h \
	src/revision/resolve.c src/revision/resolve.h \
	src/revision/sort.c src/revision/sort.h \
	src/revision/steps.c \
	src/revision/version.c

libretort_a_SOURCES += \
	src/alembic/project.h \
	src/alembic/revision.h

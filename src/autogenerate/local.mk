libretort_a_SOURCES += \
	src/autogenerate/difference.c src/autogenerate/difference.h \
	src/autogenerate/differences.def

# operations to the text of a revision file
libretort_a_SOURCES += \
	src/autogenerate/write.c src/autogenerate/write.h \
	src/autogenerate/write_column.c \
	src/autogenerate/write_constraint.c \
	src/autogenerate/write_index.c \
	src/autogenerate/write_private.h \
	src/autogenerate/write_sql.c \
	src/autogenerate/write_text.c \
	src/autogenerate/write_type.c

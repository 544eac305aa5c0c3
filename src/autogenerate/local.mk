libretort_a_SOURCES += \
	src/autogenerate/compare.c src/autogenerate/compare.h src/autogenerate/compare_private.h \
	src/autogenerate/compare_beyond.c \
	src/autogenerate/compare_column.c \
	src/autogenerate/compare_constraint.c \
	src/autogenerate/compare_default.c \
	src/autogenerate/compare_enum.c \
	src/autogenerate/compare_index.c src/autogenerate/compare_index.h \
	src/autogenerate/compare_index_text.c \
	src/autogenerate/compare_ops.c \
	src/autogenerate/compare_order.c \
	src/autogenerate/compare_table.c \
	src/autogenerate/compare_type.c \
	src/autogenerate/difference.c src/autogenerate/difference.h \
	src/autogenerate/differences.def

# operations to the text of a revision file
libretort_a_SOURCES += \
	src/autogenerate/tuples.c src/autogenerate/tuples.h \
	src/autogenerate/write.c src/autogenerate/write.h \
	src/autogenerate/write_column.c \
	src/autogenerate/write_constraint.c \
	src/autogenerate/write_index.c \
	src/autogenerate/write_private.h \
	src/autogenerate/write_sql.c \
	src/autogenerate/write_text.c \
	src/autogenerate/write_type.c

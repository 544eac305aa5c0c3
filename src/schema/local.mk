libretort_a_SOURCES += \
	src/schema/expr.def \
	src/schema/expr.h \
	src/schema/expr_op.def \
	src/schema/name.h \
	src/schema/op.h \
	src/schema/ops.def \
	src/schema/table.h \
	src/schema/type.h \
	src/schema/type_modules.h \
	src/schema/types.def

# Pure functions over tables and types
libretort_a_SOURCES += \
	src/schema/default_name.c src/schema/default_name.h \
	src/schema/identifier.c src/schema/identifier.h \
	src/schema/naming.c src/schema/naming.h \
	src/schema/op.c \
	src/schema/order.c src/schema/order.h \
	src/schema/replay.c src/schema/replay.h \
	src/schema/schema.c src/schema/schema.h \
	src/schema/settle.c src/schema/settle.h \
	src/schema/table.c \
	src/schema/type.c \
	src/schema/type_repr.c src/schema/type_repr.h
# The expression language
libretort_a_SOURCES += \
	src/schema/expr.c \
	src/schema/expr_build.c \
	src/schema/expr_build.h \
	src/schema/expr_type.c \
	src/schema/expr_walk.c

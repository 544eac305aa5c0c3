libretort_a_SOURCES += \
	src/schema/expr.def \
	src/schema/expr.h \
	src/schema/expr_op.def \
	src/schema/name.h \
	src/schema/op.h \
	src/schema/ops.def \
	src/schema/table.h \
	src/schema/type.h \
	src/schema/types.def

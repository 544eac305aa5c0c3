libretort_a_SOURCES += \
	src/sql/parse.h \
	src/sql/render.h \
	src/sql/render_expr.h \
	src/sql/statement.h

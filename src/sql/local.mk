libretort_a_SOURCES += \
	src/sql/advisory.c src/sql/advisory.h \
	src/sql/effect.c \
	src/sql/made.c src/sql/made.h \
	src/sql/parse.c src/sql/parse.h src/sql/parse_tree.h \
	src/sql/psql.c src/sql/psql.h \
	src/sql/calls.c src/sql/calls.h src/sql/needs.c src/sql/needs.h \
	src/sql/relations.c src/sql/relations.h \
	src/sql/render.h \
	src/sql/render_expr.h \
	src/sql/scan.c src/sql/scan.h \
	src/sql/statement.h \
	src/sql/text.c src/sql/text.h

# DDL
libretort_a_SOURCES += \
	src/sql/render.c \
	src/sql/render_ddl.c src/sql/render_ddl.h \
	src/sql/render_type.c src/sql/render_type.h

# Expressions and statements of the expression language
libretort_a_SOURCES += \
	src/sql/expr_compile.h \
	src/sql/driver_value.c \
	src/sql/literal.c \
	src/sql/render_call.c \
	src/sql/render_dml.c \
	src/sql/render_expr.c \
	src/sql/render_from.c \
	src/sql/render_names.c \
	src/sql/render_operator.c \
	src/sql/render_select.c

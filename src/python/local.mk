libretort_a_SOURCES += \
	src/python/ast.c src/python/ast.h src/python/ast.def src/python/operators.def \
	src/python/parse.h

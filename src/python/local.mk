libretort_a_SOURCES += \
	src/python/ast.c src/python/ast.h src/python/ast.def src/python/operators.def \
	src/python/parse.h

# Values, evaluator, builtins
libretort_a_SOURCES += \
	src/python/classes.def src/python/limits.def src/python/native.h src/python/run.h \
	src/python/value.h

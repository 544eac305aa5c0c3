# The conformance suite: what real Alembic prints, held against retort.
check_PROGRAMS += tests/conformance/test_render
TESTS += tests/conformance/test_render
tests_conformance_test_render_SOURCES = tests/conformance/test_render.c
tests_conformance_test_render_LDADD = libretort.a $(RETORT_LIBS)
EXTRA_DIST += tests/conformance/render-differs.txt tests/conformance/render-equal.txt tests/conformance/render

# The models of projects, held against what SQLAlchemy declares from them.
check_PROGRAMS += tests/conformance/models_print
tests_conformance_models_print_SOURCES = tests/conformance/models_print.c
tests_conformance_models_print_LDADD = libretort.a $(RETORT_LIBS)
TESTS += tests/conformance/models.py
EXTRA_DIST += tests/conformance/models.py tests/conformance/models-differs.txt \
	tests/conformance/models

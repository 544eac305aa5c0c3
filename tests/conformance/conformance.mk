# The conformance suite: what real Alembic prints, held against retort.
check_PROGRAMS += tests/conformance/test_render
TESTS += tests/conformance/test_render
tests_conformance_test_render_SOURCES = tests/conformance/test_render.c
tests_conformance_test_render_LDADD = libretort.a $(RETORT_LIBS)
EXTRA_DIST += tests/conformance/render-differs.txt tests/conformance/render-equal.txt tests/conformance/render

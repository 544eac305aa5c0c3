# unit tests of src/revision
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_graph tests/unit/test_lanes
TESTS += tests/unit/test_graph tests/unit/test_lanes
endif
tests_unit_test_graph_SOURCES = tests/unit/test_graph.c tests/unit/unit.h
tests_unit_test_graph_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_graph_LDADD = $(UNIT_LIBS)
tests_unit_test_lanes_SOURCES = tests/unit/test_lanes.c tests/unit/unit.h
tests_unit_test_lanes_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_lanes_LDADD = $(UNIT_LIBS)
EXTRA_DIST += tests/golden/graph.txt tests/golden/make_graph_cases.py

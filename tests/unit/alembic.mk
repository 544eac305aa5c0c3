# unit tests of alembic

# the expression language, from Python to SQL
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_expr
TESTS += tests/unit/test_expr
endif
tests_unit_test_expr_SOURCES = tests/unit/test_expr.c tests/unit/unit.h
tests_unit_test_expr_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_expr_LDADD = $(UNIT_LIBS)
EXTRA_DIST += tests/sql/expr_cases.expected tests/sql/expr_cases.py tests/sql/expr_cases.txt \
	tests/sql/expr_preamble.py
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_env
TESTS += tests/unit/test_env
endif
tests_unit_test_env_SOURCES = tests/unit/test_env.c tests/unit/unit.h
tests_unit_test_env_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_env_LDADD = $(UNIT_LIBS)
EXTRA_DIST += tests/env

# headers of revision files
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_header
TESTS += tests/unit/test_header
endif
tests_unit_test_header_SOURCES = tests/unit/test_header.c tests/unit/unit.h
tests_unit_test_header_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_header_LDADD = $(UNIT_LIBS)

# templates of revision files
if HAVE_CMOCKA
check_PROGRAMS += tests/unit/test_template
TESTS += tests/unit/test_template
endif
tests_unit_test_template_SOURCES = tests/unit/test_template.c tests/unit/unit.h
tests_unit_test_template_CFLAGS = $(UNIT_CFLAGS)
tests_unit_test_template_LDADD = $(UNIT_LIBS)
EXTRA_DIST += tests/template

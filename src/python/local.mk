libretort_a_SOURCES += \
	src/python/ast.c src/python/ast.h src/python/ast.def src/python/operators.def \
	src/python/ast_dump.c src/python/ast_dump.h \
	src/python/encoding.c \
	src/python/header.c src/python/header.h \
	src/python/lex.c src/python/lex.h src/python/tokens.def \
	src/python/lex_normal.c src/python/lex_number.c \
	src/python/lex_string.c \
	src/python/literal.c src/python/literal.h src/python/unicode_names.def \
	src/python/parse.c src/python/parse.h src/python/parser.h \
	src/python/parse_atom.c src/python/parse_call.c src/python/parse_compound.c \
	src/python/parse_def.c src/python/parse_expr.c src/python/parse_pattern.c \
	src/python/parse_simple.c src/python/parse_string.c src/python/parse_target.c \
	src/python/scope.c src/python/scope.h src/python/scope_build.h \
	src/python/scope_define.c src/python/scope_pattern.c src/python/scope_statement.c \
	src/python/scope_visit.h src/python/scope_walk.c

# Values, evaluator, builtins
libretort_a_SOURCES += \
	src/python/classes.def src/python/interp.h src/python/limits.def src/python/native.h \
	src/python/run.h src/python/stdlib.def src/python/stdlib_names.def src/python/value.h src/python/annotation.c src/python/attr.c \
	src/python/bigint.c src/python/binding.c src/python/binding.h src/python/builtins.c src/python/call.c src/python/compare.c \
	src/python/eval.c src/python/exception.c src/python/exec.c src/python/exec_private.h src/python/exec_simple.c src/python/format.c \
	src/python/function.c src/python/generator.c src/python/import.c src/python/iter.c \
	src/python/lib_abc.c src/python/lib_asyncio.c src/python/lib_dataclasses.c src/python/lib_enum.c src/python/lib_typing.c \
	src/python/mapping_classes.c src/python/match.c src/python/number.c src/python/object.c \
	src/python/object_type.c src/python/ops.c src/python/percent.c src/python/refusals.c \
	src/python/refusals.def src/python/refusals.h src/python/repr.c \
	src/python/recover.c src/python/run.c src/python/sequence_classes.c src/python/stdlib.c src/python/str_char.c \
	src/python/str_class.c src/python/str_private.h src/python/str_search.c \
	src/python/table.c src/python/type.c

# Standard library: slices in C, and slices in Python that are compiled in as text
libretort_a_SOURCES += \
	src/python/embedded.h \
	src/python/lib_host.c src/python/lib_math.c
nodist_libretort_a_SOURCES += src/python/embedded.c
python_library = \
	src/python/lib/_typed_classes.py \
	src/python/lib/base64.py \
	src/python/lib/binascii.py \
	src/python/lib/collections.py \
	src/python/lib/contextlib.py \
	src/python/lib/copy.py \
	src/python/lib/datetime.py \
	src/python/lib/dateutil.py \
	src/python/lib/dateutil.relativedelta.py \
	src/python/lib/dateutil.tz.py \
	src/python/lib/decimal.py \
	src/python/lib/functools.py \
	src/python/lib/hashlib.py \
	src/python/lib/inspect.py \
	src/python/lib/itertools.py \
	src/python/lib/json.py \
	src/python/lib/logging.config.py \
	src/python/lib/logging.handlers.py \
	src/python/lib/logging.py \
	src/python/lib/operator.py \
	src/python/lib/os.path.py \
	src/python/lib/os.py \
	src/python/lib/pathlib.py \
	src/python/lib/random.py \
	src/python/lib/re.py \
	src/python/lib/secrets.py \
	src/python/lib/string.py \
	src/python/lib/sys.py \
	src/python/lib/textwrap.py \
	src/python/lib/time.py \
	src/python/lib/uuid.py
src/python/embedded.c: $(python_library) src/python/lib/embed.sh
	$(AM_V_GEN)$(MKDIR_P) src/python && \
	$(SHELL) $(srcdir)/src/python/lib/embed.sh $(srcdir)/src/python/lib \
	  python/embedded.h py_embedded_modules >$@.tmp && mv $@.tmp $@
CLEANFILES += src/python/embedded.c
EXTRA_DIST += $(python_library) src/python/lib/embed.sh

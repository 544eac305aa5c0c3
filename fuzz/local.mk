# Fuzz targets. With --enable-fuzzing (clang) each is a libFuzzer program; without, it replays its
# corpus, fuzz/corpus/<name>, and is a test.
#
# A new target: a file fuzz/fuzz_<name>.c with LLVMFuzzerTestOneInput(), a folder fuzz/corpus/<name>,
# and three lines here.
if FUZZING
fuzz_main =
fuzz_ldflags = $(AM_LDFLAGS) -fsanitize=fuzzer
else
fuzz_main = fuzz/replay.c
fuzz_ldflags = $(AM_LDFLAGS)
TESTS += $(fuzz_targets)
endif
fuzz_targets =
fuzz_libs = libretort.a $(RETORT_LIBS)
check_PROGRAMS += $(fuzz_targets)
EXTRA_DIST += fuzz/corpus fuzz/fuzz.h

# src/config
fuzz_targets += fuzz/fuzz_ini fuzz/fuzz_dotenv fuzz/fuzz_toml fuzz/fuzz_url
fuzz_fuzz_ini_SOURCES = fuzz/fuzz_ini.c $(fuzz_main)
fuzz_fuzz_ini_LDADD = $(fuzz_libs)
fuzz_fuzz_ini_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_dotenv_SOURCES = fuzz/fuzz_dotenv.c $(fuzz_main)
fuzz_fuzz_dotenv_LDADD = $(fuzz_libs)
fuzz_fuzz_dotenv_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_toml_SOURCES = fuzz/fuzz_toml.c $(fuzz_main)
fuzz_fuzz_toml_LDADD = $(fuzz_libs)
fuzz_fuzz_toml_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_url_SOURCES = fuzz/fuzz_url.c $(fuzz_main)
fuzz_fuzz_url_LDADD = $(fuzz_libs)
fuzz_fuzz_url_LDFLAGS = $(fuzz_ldflags)

# src/python
fuzz_targets += fuzz/fuzz_parse
fuzz_fuzz_parse_SOURCES = fuzz/fuzz_parse.c $(fuzz_main)
fuzz_fuzz_parse_LDADD = $(fuzz_libs)
fuzz_fuzz_parse_LDFLAGS = $(fuzz_ldflags)
fuzz_targets += fuzz/fuzz_eval
fuzz_fuzz_eval_SOURCES = fuzz/fuzz_eval.c $(fuzz_main)
fuzz_fuzz_eval_LDADD = $(fuzz_libs)
fuzz_fuzz_eval_LDFLAGS = $(fuzz_ldflags)

# src/sql
fuzz_targets += fuzz/fuzz_sql
fuzz_fuzz_sql_SOURCES = fuzz/fuzz_sql.c $(fuzz_main)
fuzz_fuzz_sql_LDADD = $(fuzz_libs)
fuzz_fuzz_sql_LDFLAGS = $(fuzz_ldflags)

# src/alembic
fuzz_targets += fuzz/fuzz_revision fuzz/fuzz_template
fuzz_fuzz_revision_SOURCES = fuzz/fuzz_revision.c $(fuzz_main)
fuzz_fuzz_revision_LDADD = $(fuzz_libs)
fuzz_fuzz_revision_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_template_SOURCES = fuzz/fuzz_template.c $(fuzz_main)
fuzz_fuzz_template_LDADD = $(fuzz_libs)
fuzz_fuzz_template_LDFLAGS = $(fuzz_ldflags)

# src/run
fuzz_targets += fuzz/fuzz_journal fuzz/fuzz_plan fuzz/fuzz_protocol
fuzz_fuzz_journal_SOURCES = fuzz/fuzz_journal.c $(fuzz_main)
fuzz_fuzz_journal_LDADD = $(fuzz_libs)
fuzz_fuzz_journal_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_plan_SOURCES = fuzz/fuzz_plan.c $(fuzz_main)
fuzz_fuzz_plan_LDADD = $(fuzz_libs)
fuzz_fuzz_plan_LDFLAGS = $(fuzz_ldflags)
fuzz_fuzz_protocol_SOURCES = fuzz/fuzz_protocol.c $(fuzz_main)
fuzz_fuzz_protocol_LDADD = $(fuzz_libs)
fuzz_fuzz_protocol_LDFLAGS = $(fuzz_ldflags)

# ui
fuzz_targets += fuzz/fuzz_text_buffer
fuzz_fuzz_text_buffer_SOURCES = fuzz/fuzz_text_buffer.c $(fuzz_main)
fuzz_fuzz_text_buffer_LDADD = $(fuzz_libs)
fuzz_fuzz_text_buffer_LDFLAGS = $(fuzz_ldflags)

dist_man_MANS += man/retort.1 man/retort-python.7 man/retort-keys.7 man/retort.conf.5
TESTS += tests/man/lint.sh

# What retort-python(7) has from the reader's tables.
check_PROGRAMS += tools/reader_tables
tools_reader_tables_SOURCES = tools/reader_tables.c
tools_reader_tables_LDADD = libretort.a $(RETORT_LIBS)
check_PROGRAMS += tools/key_tables
tools_key_tables_SOURCES = tools/key_tables.c
tools_key_tables_LDADD = libretort.a $(RETORT_LIBS)
check_PROGRAMS += tools/setting_tables
tools_setting_tables_SOURCES = tools/setting_tables.c
tools_setting_tables_LDADD = libretort.a $(RETORT_LIBS)
TESTS += tests/lint/generated.sh
EXTRA_DIST += tools/make-manual.sh tests/lint/generated.sh
EXTRA_DIST += tests/man/lint.sh

manual_pages = man/retort.1 man/retort-diff.1 man/retort-doctor.1 man/retort-history.1 \
	man/retort-revision.1 man/retort-runs.1 man/retort-shell.1 man/retort-upgrade.1 \
	man/retort-console.conf.5 man/retort-json.5 man/retort.conf.5 \
	man/retort-alembic.7 man/retort-keys.7 man/retort-live.7 man/retort-python.7
dist_man_MANS += $(manual_pages)
TESTS += tests/lint/manual.sh

# What retort-python(7) has from the reader's tables.
check_PROGRAMS += tools/reader_tables
tools_reader_tables_SOURCES = tools/reader_tables.c
tools_reader_tables_LDADD = libretort.a $(RETORT_LIBS)
check_PROGRAMS += tools/command_tables
tools_command_tables_SOURCES = tools/command_tables.c tools/mdoc.h
tools_command_tables_LDADD = libretort.a $(RETORT_LIBS)
check_PROGRAMS += tools/key_tables
tools_key_tables_SOURCES = tools/key_tables.c
tools_key_tables_LDADD = libretort.a $(RETORT_LIBS)
check_PROGRAMS += tools/setting_tables
tools_setting_tables_SOURCES = tools/setting_tables.c tools/mdoc.h
tools_setting_tables_LDADD = libretort.a $(RETORT_LIBS)
TESTS += tests/lint/generated.sh
EXTRA_DIST += tools/make-manual.sh tests/lint/generated.sh
EXTRA_DIST += tests/lint/manual.sh

# For tests/lint/manual.sh.
print-manual:
	@echo $(dist_man_MANS)
.PHONY: print-manual

# A page that is about several commands is found under the name of each: man retort-downgrade.
# for_each_name COMMAND : runs it for each name that is not the page's own, as $$name, $$page, $$dir.
for_each_name = for file in $(manual_pages); do \
	page=`basename $$file`; section=`echo $$page | sed 's/.*\.//'`; \
	dir='$(DESTDIR)$(mandir)/man'$$section; \
	for name in `sed -n '/^\.Sh NAME/,/^\.Nd/s/^\.Nm \([^ ]*\).*/\1/p' $(srcdir)/$$file`; do \
		[ "$$name.$$section" = "$$page" ] || $(1) || exit 1; \
	done; done
install-data-hook:
	@$(call for_each_name,(cd "$$dir" && $(LN_S) -f "$$page" "$$name.$$section"))
uninstall-hook:
	@$(call for_each_name,rm -f "$$dir/$$name.$$section")

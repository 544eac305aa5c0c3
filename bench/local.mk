EXTRA_DIST += bench/README.md bench/check.sh bench/console.sh bench/console_keys.py bench/heads.sh bench/delay.py bench/make_models.py bench/make_revisions.py bench/make_tables.py bench/measure.sh bench/sql.sh bench/start.sh bench/start_times.py bench/upgrade.sh
if HAVE_VTERM
check_PROGRAMS += bench/first_frame
bench_first_frame_SOURCES = bench/first_frame.c
bench_first_frame_CFLAGS = $(VTERM_CFLAGS)
bench_first_frame_LDADD = $(VTERM_LIBS) -lutil
endif

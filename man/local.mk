dist_man_MANS += man/retort.1
TESTS += tests/man/lint.sh
EXTRA_DIST += tests/man/lint.sh

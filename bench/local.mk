EXTRA_DIST += bench/README.md bench/heads.sh bench/make_revisions.py bench/measure.sh bench/sql.sh bench/start.sh

EXTRA_DIST += bench/README.md bench/check.sh bench/heads.sh bench/make_models.py bench/make_revisions.py bench/measure.sh bench/sql.sh bench/start.sh

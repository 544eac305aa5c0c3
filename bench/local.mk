EXTRA_DIST += bench/heads.sh bench/make_revisions.py

libretort_a_SOURCES += \
	src/base/arena.c src/base/arena.h \
	src/base/clock.c src/base/clock.h \
	src/base/diff.c src/base/diff.h \
	src/base/embedded.h \
	src/base/environ.c src/base/environ.h \
	src/base/err.c src/base/err.h \
	src/base/file.c src/base/file.h \
	src/base/log.c src/base/log.h \
	src/base/map.c src/base/map.h \
	src/base/digest.c src/base/digest.h \
	src/base/mem.c src/base/mem.h \
	src/base/quote.c src/base/quote.h \
	src/base/parallel.c src/base/parallel.h \
	src/base/source.c src/base/source.h \
	src/base/str.c src/base/str.h \
	src/base/thread.c src/base/thread.h \
	src/base/utf8.c src/base/utf8.h \
	src/base/vec.h \
	src/base/words.c src/base/words.h \
	src/base/zone.c src/base/zone.h

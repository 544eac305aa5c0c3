# src/cli
libretort_a_SOURCES += src/cli/embedded.h

libretort_a_SOURCES += \
	src/config/config.c \
	src/config/config.h \
	src/config/dotenv.c \
	src/config/dotenv.h \
	src/config/ini.c \
	src/config/ini.h \
	src/config/ini_edit.c \
	src/config/ini_edit.h \
	src/config/paths.c \
	src/config/paths.h \
	src/config/percent.c \
	src/config/percent.h \
	src/config/protection.c \
	src/config/protection.h \
	src/config/requirement.c \
	src/config/requirement.h \
	src/config/toml.c \
	src/config/toml.h \
	src/config/url.c \
	src/config/url.h \
	src/config/url_keys.def

libretort_a_SOURCES += \
	src/config/config.h \
	src/config/dotenv.h \
	src/config/ini.h \
	src/config/toml.h \
	src/config/url.h

libretort_a_SOURCES += \
	ui/action.c ui/action.h ui/action.def \
	ui/cells.c ui/cells.h \
	ui/glyph.c ui/glyph.h ui/glyph.def \
	ui/key.c ui/key.h \
	ui/layout.c ui/layout.h \
	ui/lineedit.c ui/lineedit.h \
	ui/list.c ui/list.h \
	ui/pattern.c ui/pattern.h \
	ui/theme.c ui/theme.h ui/theme.def

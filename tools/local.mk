# What completes command lines in shells, made from the tables of the command line.
noinst_PROGRAMS = tools/completions
tools_completions_SOURCES = tools/completions.c
tools_completions_LDADD = libretort.a $(RETORT_LIBS)

bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/site-functions
fishcompletiondir = $(datadir)/fish/vendor_completions.d
nodist_bashcompletion_DATA = completions/retort
nodist_zshcompletion_DATA = completions/_retort
nodist_fishcompletion_DATA = completions/retort.fish
CLEANFILES += $(nodist_bashcompletion_DATA) $(nodist_zshcompletion_DATA) $(nodist_fishcompletion_DATA)

completions/retort: tools/completions$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) completions && tools/completions bash >$@.tmp && mv $@.tmp $@
completions/_retort: tools/completions$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) completions && tools/completions zsh >$@.tmp && mv $@.tmp $@
completions/retort.fish: tools/completions$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) completions && tools/completions fish >$@.tmp && mv $@.tmp $@

TESTS += tests/cli/completions.sh
EXTRA_DIST += tests/cli/completions.sh

libretort_a_SOURCES += \
	src/cli/args.c src/cli/args.h \
	src/cli/argv.c src/cli/argv.h \
	src/cli/bridge.c src/cli/bridge.h \
	src/cli/arguments.def src/cli/commands.def src/cli/exclusions.def src/cli/options.def \
	src/cli/cancel.c src/cli/cancel.h \
	src/cli/cli.c src/cli/cli.h \
	src/cli/cmd_demo.c \
	src/cli/cmd_help.c src/cli/help.h \
	src/cli/cmd_current.c src/cli/cmd_list.c src/cli/cmd_migrate.c \
	src/cli/commands.c src/cli/commands.h \
	src/cli/confirm.c src/cli/confirm.h \
	src/cli/json.c src/cli/json.h \
	src/cli/render_live.c src/cli/render_live.h \
	src/cli/report.c src/cli/report.h \
	src/cli/log_format.c src/cli/log_format.h \
	src/cli/logging.c src/cli/logging.h \
	src/cli/cmd_plan.c src/cli/plan_edit.c src/cli/plan_edit.h \
	src/cli/migrate.h src/cli/migrate_offline.c src/cli/migrate_online.c src/cli/migrate_plan.c \
	src/cli/migrate_run.c \
	src/cli/open.c src/cli/open.h \
	src/cli/show.c src/cli/show.h \
	src/cli/suggest.c src/cli/suggest.h \
	src/cli/usage.c src/cli/usage.h \
	src/cli/version.c src/cli/version.h \
	src/cli/visible.c src/cli/visible.h \
	src/cli/watch_line.c src/cli/watch_line.h

# revision files: writing, editing
libretort_a_SOURCES += \
	src/cli/autogenerate.c src/cli/autogenerate.h \
	src/cli/cmd_check.c \
	src/cli/cmd_diff.c \
	src/cli/cmd_edit.c \
	src/cli/editor.c src/cli/editor.h \
	src/cli/cmd_revision.c \
	src/cli/hooks.c src/cli/hooks.h \
	src/cli/new_revision.c src/cli/new_revision.h \
	src/cli/process.c src/cli/process.h \
	src/cli/status.c src/cli/status.h

# doctor
libretort_a_SOURCES += src/cli/cmd_doctor.c src/cli/doctor.h src/cli/doctor_bridge.c \
	src/cli/doctor_database.c src/cli/doctor_needs.c src/cli/doctor_plan.c

# render
libretort_a_SOURCES += src/cli/cmd_render.c

# a run that is on
libretort_a_SOURCES += src/cli/cmd_attach.c src/cli/sight.c src/cli/sight.h src/cli/tell.c src/cli/tell.h

# the journal
libretort_a_SOURCES += src/cli/cmd_runs.c src/cli/runs.c src/cli/runs.h \
	src/cli/cmd_resume.c

# a new project
libretort_a_SOURCES += src/cli/cmd_init.c src/cli/templates.c src/cli/templates.h

# the line console
libretort_a_SOURCES += src/cli/cmd_shell.c src/cli/shell.h src/cli/shell_complete.c \
	src/cli/shell_edit.c src/cli/shell_history.c src/cli/shell_line.c src/cli/shell_place.c \
	src/cli/shell_plan.c src/cli/shell_run.c src/cli/shell_verbs.c src/cli/shell_words.c

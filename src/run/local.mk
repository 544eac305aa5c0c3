libretort_a_SOURCES += \
	src/run/activity_json.c src/run/activity_json.h \
	src/run/activity_text.c src/run/activity_text.h \
	src/run/applied.c src/run/applied.h \
	src/run/bridge.c src/run/bridge.h \
	src/run/bridge_find.c \
	src/run/catalog_change.c src/run/catalog_change.h \
	src/run/channel.c src/run/channel.h \
	src/run/child.c src/run/child.h \
	src/run/draft.c src/run/draft.h \
	src/run/draft_render.c \
	src/run/editor.c src/run/editor.h \
	src/run/ignore.c src/run/ignore.h \
	src/run/journal.c src/run/journal.h \
	src/run/journal_schema.c src/run/journal_schema.h \
	src/run/journal_read.c src/run/journal_read.h \
	src/run/link.c src/run/link.h src/run/link_private.h \
	src/run/link_remote.c \
	src/run/past.c src/run/past.h \
	src/run/live_answer.c src/run/live_answer.h \
	src/run/live_program.c src/run/live_program.h \
	src/run/pending.c src/run/pending.h src/run/pending_private.h \
	src/run/pending_options.c src/run/pending_warnings.c \
	src/run/pending_revision.c src/run/pending_revision.h \
	src/run/plan.c src/run/plan.h \
	src/run/plan_asked.c src/run/plan_asked.h \
	src/run/plan_bridge.c src/run/plan_bridge.h \
	src/run/plan_check.c \
	src/run/plan_edit.c src/run/plan_edit.h \
	src/run/plan_edit_private.h \
	src/run/plan_edit_text.c \
	src/run/plan_live.c src/run/plan_live.h \
	src/run/plan_loss.c src/run/plan_loss.h \
	src/run/plan_file.c src/run/plan_file.h \
	src/run/plan_json.c src/run/plan_json.h \
	src/run/plan_names.h \
	src/run/plan_preview.c src/run/plan_preview.h \
	src/run/plan_read.c \
	src/run/plan_script.c src/run/plan_script.h \
	src/run/plan_stale.c src/run/plan_stale.h \
	src/run/plan_summary.c src/run/plan_summary.h \
	src/run/plan_text.c src/run/plan_text.h \
	src/run/plan_walk.c src/run/plan_walk.h \
	src/run/position.h \
	src/run/preview.c src/run/preview.h \
	src/run/protocol.c src/run/protocol.h \
	src/run/readings.c src/run/readings.h \
	src/run/rendering.c src/run/rendering.h \
	src/run/rendering_bridge.c src/run/rendering_bridge.h \
	src/run/run_events.def src/run/run_orders.def src/run/run_states.def \
	src/run/run_edit.c src/run/run_edit.h \
	src/run/run_names.c \
	src/run/resume.c src/run/resume.h \
	src/run/resume_check.c src/run/resume_check.h \
	src/run/runner.c src/run/runner.h src/run/runner_private.h \
	src/run/runner_batch.c \
	src/run/runner_bridge.c \
	src/run/runner_exec.c \
	src/run/runner_journal.c \
	src/run/runner_live.c \
	src/run/runner_live_plan.c \
	src/run/runner_lock.c \
	src/run/runner_open.c \
	src/run/runner_steps.c \
	src/run/runner_watch.c \
	src/run/runner_schema.c \
	src/run/save_edit.c src/run/save_edit.h \
	src/run/save_edit_text.c src/run/save_edit_text.h \
	src/run/script.c src/run/script.h \
	src/run/socket.c src/run/socket.h \
	src/run/story.c src/run/story.h \
	src/run/timeouts.c src/run/timeouts.def src/run/timeouts.h \
	src/run/version_sql.c src/run/version_sql.h \
	src/run/watcher.c src/run/watcher.h \
	src/run/worker.c src/run/worker.h \
	src/run/worker_process.c

# What the project's Python is given to run by the bridge.
EXTRA_DIST += src/run/bridge_driver.py
nodist_libretort_a_SOURCES += src/run/bridge_driver.c
CLEANFILES += src/run/bridge_driver.c
src/run/bridge_driver.c: src/run/bridge_driver.py tools/embed.sh
	$(AM_V_GEN)$(MKDIR_P) src/run && sh $(srcdir)/tools/embed.sh bridge_driver \
		$(srcdir)/src/run bridge_driver.py >$@.tmp && mv $@.tmp $@

# what may stand in [retort]
libretort_a_SOURCES += src/run/settings.c src/run/settings.def src/run/settings.h

# the words of the two consoles
libretort_a_SOURCES += src/run/verb.def

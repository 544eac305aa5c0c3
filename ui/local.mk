libretort_a_SOURCES += \
	ui/act_diff.c \
	ui/act_global.c \
	ui/act_move.c \
	ui/action.c ui/action.h ui/action.def \
	ui/actions.h \
	ui/frame_times.c ui/frame_times.h \
	ui/loading.c ui/loading.h \
	ui/remembered.c ui/remembered.h \
	ui/renderer.c ui/renderer.h \
	ui/add_revision.c ui/add_revision.h \
	ui/background.c ui/background.h \
	ui/bridging.c ui/bridging.h \
	ui/cells.c ui/cells.h \
	ui/command.c ui/command.h \
	ui/complete.c ui/complete.h \
	ui/connect.c ui/connect.h \
	ui/console.c ui/console.h \
	ui/differ.c ui/differ.h \
	ui/diff_groups.c ui/diff_groups.h \
	ui/diff_lines.c ui/diff_lines.h \
	ui/dispatch.c ui/dispatch.h \
	ui/draw.c ui/draw.h \
	ui/editor.c ui/editor.h \
	ui/err_text.c ui/err_text.h \
	ui/execution.c ui/execution.h \
	ui/frame.c \
	ui/glyph.c ui/glyph.h ui/glyph.def \
	ui/guard.c ui/guard.h \
	ui/history.c ui/history.h \
	ui/key.c ui/key.h \
	ui/keyboard.c ui/keyboard.h \
	ui/layout.c ui/layout.h \
	ui/lineedit.c ui/lineedit.h \
	ui/line_properties.c ui/line_properties.h \
	ui/list.c ui/list.h \
	ui/log_lines.h \
	ui/loop.c \
	ui/marks.c ui/marks.h \
	ui/mouse.c ui/mouse.h \
	ui/option.c ui/option.h ui/option.def \
	ui/paint.c ui/paint.h \
	ui/pane_detail.c \
	ui/pane_diff.c \
	ui/pane_graph.c \
	ui/pane_log.c \
	ui/pane_pending.c \
	ui/pane_run.c \
	ui/pane_sql.c \
	ui/pattern.c ui/pattern.h \
	ui/planning.c ui/planning.h \
	ui/popup.c ui/popup.h \
	ui/probe.c ui/probe.h \
	ui/profile.c ui/profile.h \
	ui/prompt.c ui/prompt.h \
	ui/reader.c ui/reader.h \
	ui/run_bar.c \
	ui/run_flow.c ui/run_flow.h \
	ui/run_report.c ui/run_report.h \
	ui/run_steps.c \
	ui/run_watch.c ui/run_watch.h \
	ui/save_flow.c ui/save_flow.h \
	ui/screen.c ui/screen.h \
	ui/script.c ui/script.h \
	ui/session.c ui/session.h \
	ui/signals.c ui/signals.h \
	ui/sql_editor.c ui/sql_editor.h \
	ui/sql_editor_check.c \
	ui/sql_editor_draw.c \
	ui/sql_lines.h \
	ui/sql_range.c ui/sql_range.h \
	ui/standing.c ui/standing.h \
	ui/stray.c ui/stray.h \
	ui/text_buffer.c ui/text_buffer.h \
	ui/theme.c ui/theme.h ui/theme.def \
	ui/ui.h \
	ui/view.c ui/view.h

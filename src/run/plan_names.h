/*
 * The words that plans as JSON have for enums; src/run/plan_json.c writes, plan_read.c reads them.
 */
#ifndef RUN_PLAN_NAMES_H
#define RUN_PLAN_NAMES_H

enum { PLAN_FORM = 1 };

/* In the order of enum row_change_kind, reading_status, sql_control, sql_sets; ended by NULL. */
extern const char *const plan_change_words[];
extern const char *const plan_status_words[];
extern const char *const plan_control_words[];
extern const char *const plan_sets_words[];

#endif

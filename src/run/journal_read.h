/*
 * Journals, read: what they hold, and whether they still hold what was written.
 *
 * A crash or a full disk can only cut off the last record: it has no line end then, and nothing was
 * sent on the strength of it. Everything else that does not fit the chain of hashes was changed
 * afterwards. The two are told apart.
 */
#ifndef RUN_JOURNAL_READ_H
#define RUN_JOURNAL_READ_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/file.h"
#include "base/vec.h"

struct arena;

enum journal_state {
    JOURNAL_WHOLE,
    JOURNAL_CUT_OFF, /* the last record is not complete */
    JOURNAL_CHANGED, /* a record was changed, added or taken out */
};

VEC_DEFINE(journal_records, json_t *);

struct journal_file {
    const char *path, *run_id;
    struct journal_records records; /* objects; of a changed journal all that can be read */
    enum journal_state state;
    size_t line;            /* from 1: where it is cut off, or first changed */
    const char *problem;    /* what is wrong there, in words; NULL: nothing */
    const char *fragment;   /* CUT_OFF: what is there of the last record, made printable */
    size_t size;            /* bytes up to the end of the last complete record */
    char hash[SHA256_HEX + 1]; /* of the last record that fits the chain */
};

/*
 * Reads a journal. False when it cannot be read as a file; a changed one is in the state. The
 * records are freed by journal_file_clear(), in any case; the rest is in the arena.
 */
bool journal_read(struct arena *a, const char *path, struct journal_file *out, struct err *err);
void journal_file_clear(struct journal_file *file);

/*
 * The last complete record alone, which may not fit the chain; NULL: there is none. json_decref().
 */
json_t *journal_read_last(const char *path);

/* Paths of the journals in a folder, newest first; a folder that is not there has none. */
bool journal_list(struct arena *a, const char *dir, struct path_list *out, struct err *err);

/* Whether somebody is writing it: the run is running. */
bool journal_is_in_use(const char *path);

/* The hash of a record whose text is given up to its hash, and of the one before it. */
void journal_chain(const char *before, const char *text, size_t len, char out[SHA256_HEX + 1]);

/*
 * Members of a record: a text, "" or NULL as given when it is none; a number, -1 when it is none.
 */
const char *journal_text(const json_t *record, const char *key, const char *otherwise);
json_int_t journal_number(const json_t *record, const char *key);

#endif

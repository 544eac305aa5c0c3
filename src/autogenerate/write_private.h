/* What the files of the writer share. Internal to write.c and its write_*.c. */
#ifndef AUTOGENERATE_WRITE_PRIVATE_H
#define AUTOGENERATE_WRITE_PRIVATE_H

#include "autogenerate/write.h"

/* One writing. Functions below append to out and answer false with w->err set. */
struct writer {
    struct arena *arena;
    const struct write_options *options;
    const char *op, *sa;          /* the prefixes; op is "batch_op." inside a batch */
    bool in_batch;
    struct write_imports *imports;
    struct str *out;
    struct err *err;
};

/* A string, and a list of strings, as Python's repr() shows them. NULL is None. */
void write_string(struct writer *w, const char *text);
void write_strings(struct writer *w, const struct name_list *names);

/* `'name'`, `op.f('name')` for a final one, `None`. */
void write_name(struct writer *w, struct name name);

/* `, key='text'`, nothing for NULL; and the same for True and False. */
void write_option(struct writer *w, const char *key, const char *text);
void write_flag(struct writer *w, const char *key, bool value);

/* SQL as text() has to be given it: a backslash in front of what it would take for a bind. */
const char *write_escaped(struct writer *w, const char *sql);

/* The SQL of an expression as a Python string that text() takes for just that. */
bool write_sql(struct writer *w, const struct expr *e);

/* `sa.text('...')` */
bool write_text(struct writer *w, const struct expr *e);

/* Adds to a sorted list what is not in it. */
void write_import(struct writer *w, struct name_list *list, const char *text);

/* `, postgresql_where=sa.text('...')` for each option that a program gave. */
bool write_dialect_options(struct writer *w, const struct dialect_option_list *given);

/* What the project's render_item writes; *done tells whether it did. */
bool write_item(struct writer *w, const char *kind, const void *object, bool *done);

/* write_type.c: `sa.String(length=5)`; write_column.c: `sa.Column('a', ...)` and its pieces. */
bool write_type(struct writer *w, const struct type *type);
bool write_column(struct writer *w, const struct column *c);
bool write_server_default(struct writer *w, const struct expr *e);
void write_identity(struct writer *w, const struct identity *identity);
bool write_computed(struct writer *w, const struct computed *computed);

/* write_constraint.c: as an argument of create_table (*written false: it is left out), and as
 * operations. */
bool write_inline_constraint(struct writer *w, const struct constraint *k, bool *written);
bool write_create_constraint(struct writer *w, const struct op *op);
bool write_drop_constraint(struct writer *w, const struct op *op);

/* write_index.c */
bool write_create_index(struct writer *w, const struct op *op);
bool write_drop_index(struct writer *w, const struct op *op);

/* write_sql.c: what autogenerate has no directive for. */
bool write_execute(struct writer *w, const struct op *op);
bool write_statements(struct writer *w, const struct op *op);
bool write_type_op(struct writer *w, const struct op *op);

#endif

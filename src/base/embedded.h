/* Text files that the binary carries, made by tools/embed.sh at build time. */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

struct embedded_file {
    const char *path; /* relative; NULL ends a table */
    const char *text;
};

/*
 * examples/model_app; the revisions of the journal's schema (migrations/versions); what `init`
 * writes (migrations/templates); what the bridge gives the project's Python to run
 * (src/run/bridge_driver.py).
 */
extern const struct embedded_file example_files[], journal_revisions[], init_files[],
    bridge_driver[];

#endif

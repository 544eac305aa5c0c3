/* Text files that the binary carries, made by tools/embed.sh at build time. */
#ifndef CLI_EMBEDDED_H
#define CLI_EMBEDDED_H

struct embedded_file {
    const char *path; /* relative; NULL ends a table */
    const char *text;
};

/* examples/model_app */
extern const struct embedded_file example_files[];

#endif

/* Files and paths. Paths are bytes; '/' separates. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

struct arena;
struct err;
struct str;

VEC_DEFINE(path_list, const char *);

/*
 * Reads a whole regular file into the arena, terminated; *len gets its bytes. Folders, FIFOs,
 * devices, files over max bytes and unreadable ones are errors that name the path.
 */
bool file_read(struct arena *a, const char *path, size_t max, char **text, size_t *len,
               struct err *err);

/*
 * The same for thousands of small files of one folder: text, a string on the heap, gets the file's
 * bytes, and its memory is used again. folder is a descriptor of file_open_folder(), and name was
 * listed there as FILE_REGULAR. False: it is larger than max, unreadable, or gone; file_read() says
 * what is the matter.
 */
bool file_read_again(int folder, const char *name, size_t max, struct str *text);

/* A descriptor to read a folder's files through, closed by the caller with close(); -1: errno. */
int file_open_folder(const char *dir);

/* Writes all of it to a descriptor, however many calls that takes; false: errno. */
bool file_write_all(int fd, const char *text, size_t len);

/*
 * Writes a file atomically: a temporary file beside it, fsync, rename. With replace false an
 * existing file is an error and stays as it is. A failure leaves nothing behind. mode as chmod().
 */
bool file_write(const char *path, const char *text, size_t len, unsigned mode, bool replace,
                struct err *err);

/* What is there. Symbolic links are followed. */
bool file_exists(const char *path);
/* Whether surely nothing is there: what may not be looked at is not missing. */
bool file_is_missing(const char *path);
bool file_is_dir(const char *path);
bool file_is_program(const char *path); /* that this process may execute */

enum file_kind { FILE_REGULAR, FILE_FOLDER, FILE_LINK, FILE_OTHER };

struct file_entry {
    const char *name;
    enum file_kind kind; /* of the entry itself: links are not followed */
};

VEC_DEFINE(file_entry_list, struct file_entry);

/*
 * What is in a folder, without . and .., sorted bytewise by name, in the arena. Most file systems
 * tell the kinds with the names, so that a folder of thousands needs no call for each.
 */
bool file_entries(struct arena *a, const char *dir, struct file_entry_list *out, struct err *err);

/* Only the names; *names need not be set before. */
bool file_list(struct arena *a, const char *dir, struct path_list *names, struct err *err);

/* Makes a folder and the missing ones above it, each with mode. */
bool file_make_dirs(const char *path, unsigned mode, struct err *err);

/* Removes a file, or a folder with all in it; does not follow links. What is missing is fine. */
bool file_remove_tree(const char *path, struct err *err);

/* Paths as text, without looking at the disk. */
const char *path_join(struct arena *a, const char *dir,
                      const char *name);                 /* name may be absolute */
const char *path_dir(struct arena *a, const char *path); /* "." when there is none */
const char *path_base(const char *path);
/* Absolute and without . and .. and double slashes, as Python's os.path.abspath(). */
const char *path_absolute(struct arena *a, const char *path);

/* Absolute with links resolved; NULL when it does not exist. */
const char *path_real(struct arena *a, const char *path);

/* Whether path is dir or below it; both absolute and normalised. */
bool path_is_below(const char *path, const char *dir);

#endif

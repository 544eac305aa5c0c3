/*
 * Changing the text of an INI file that people write: one line more, and everything else as it is,
 * comments and line ends included. Pure.
 */
#ifndef CONFIG_INI_EDIT_H
#define CONFIG_INI_EDIT_H

struct str;

/*
 * Appends the text with `line` as a further line of that option's value: behind its last one, or,
 * where there is none yet, in an option at the end of the section, or in a new section at the end.
 * key is in lower case; a '%' of the line is doubled, since values are interpolated.
 */
void ini_edit_add_line(struct str *out, const char *text, const char *section, const char *key,
                       const char *line);

#endif

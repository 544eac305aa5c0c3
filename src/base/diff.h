/* What differs between two texts, line by line. */
#ifndef BASE_DIFF_H
#define BASE_DIFF_H

struct str;

/*
 * Appends the differences as a unified diff with three lines of context, as diff -u has it, with
 * the two names in its first lines. Equal texts give nothing. The shortest edit script (Myers, "An
 * O(ND) Difference Algorithm", 1986); texts that have next to nothing in common are replaced as a
 * whole instead.
 */
void diff_unified(const char *name_a, const char *name_b, const char *a, const char *b,
                  struct str *out);

#endif

/*
 * How the programs that print parts of the manual write text as mdoc.
 */
#ifndef TOOLS_MDOC_H
#define TOOLS_MDOC_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { MDOC_WIDTH = 78 };

/* One word; what begins a line must not be taken for a macro, and a dash before an option is one.
 */
static inline int mdoc_put_word(const char *word, size_t len, bool begins)
{
    int width = 0;
    if (begins && strchr(".'", *word))
        width += printf("\\&");
    for (size_t i = 0; i < len; i++) {
        bool option = word[i] == '-' && (i == 0 || word[i - 1] == '-' || word[i - 1] == '(');
        width += word[i] == '\\' ? printf("\\e") : printf("%s%c", option ? "\\" : "", word[i]);
    }
    return width;
}

/* Words as lines of at most MDOC_WIDTH; each sentence begins a line of its own. */
static inline void mdoc_put_text(const char *text)
{
    int column = 0;
    bool ended = false;
    for (const char *p = text + strspn(text, " \n"); *p; p += strspn(p, " \n")) {
        size_t len = strcspn(p, " \n");
        if (column > 0 && (ended || column + 1 + (int)len > MDOC_WIDTH)) {
            putchar('\n');
            column = 0;
        }
        if (column > 0)
            column += printf(" ");
        column += mdoc_put_word(p, len, column == 0);
        ended = p[len - 1] == '.';
        p += len;
    }
    putchar('\n');
}

#endif

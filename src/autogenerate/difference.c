#include "config.h"

#include "autogenerate/difference.h"

static const struct {
    bool beyond;
    const char *help;
} rows[] = {
#define DIFFERENCE(kind, beyond, help) [DIFFERENCE_##kind] = {beyond, help},
#include "autogenerate/differences.def"
#undef DIFFERENCE
};

bool difference_is_beyond(enum difference_kind kind)
{
    return rows[kind].beyond;
}

const char *difference_help(enum difference_kind kind)
{
    return rows[kind].help;
}

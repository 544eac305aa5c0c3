#include "config.h"

#include "schema/op.h"

static const struct {
    const char *directive, *help;
} rows[] = {
#define OP(kind, directive, help) [OP_##kind] = {directive, help},
#include "schema/ops.def"
#undef OP
};
_Static_assert(sizeof(rows) / sizeof(rows[0]) == OP_COUNT, "one row for each operation");

const char *op_directive(enum op_kind kind)
{
    return rows[kind].directive;
}

const char *op_help(enum op_kind kind)
{
    return rows[kind].help;
}

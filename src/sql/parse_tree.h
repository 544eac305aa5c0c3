/* The parse tree of SQL text as libpg_query writes it. Inside src/sql only. */
#ifndef SQL_PARSE_TREE_H
#define SQL_PARSE_TREE_H

#include <jansson.h>

/*
 * {"stmts": [{"stmt": {"CreateStmt": {...}}}, ...]}, owned; NULL where the grammar does not read.
 */
json_t *sql_parse_tree(const char *text);

#endif

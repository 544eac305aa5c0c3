/* The modules that define the classes of types.def: its column `module` without TYPE_MODULE_. */
#ifndef SCHEMA_TYPE_MODULES_H
#define SCHEMA_TYPE_MODULES_H

#define TYPE_MODULE_SQL "sqlalchemy.sql.sqltypes"
#define TYPE_MODULE_API "sqlalchemy.sql.type_api"
#define TYPE_MODULE_PG_TYPES "sqlalchemy.dialects.postgresql.types"
#define TYPE_MODULE_PG_JSON "sqlalchemy.dialects.postgresql.json"
#define TYPE_MODULE_PG_ARRAY "sqlalchemy.dialects.postgresql.array"
#define TYPE_MODULE_PG_NAMED "sqlalchemy.dialects.postgresql.named_types"
#define TYPE_MODULE_PG_HSTORE "sqlalchemy.dialects.postgresql.hstore"
#define TYPE_MODULE_PG_RANGES "sqlalchemy.dialects.postgresql.ranges"
#define TYPE_MODULE_MY_TYPES "sqlalchemy.dialects.mysql.types"
#define TYPE_MODULE_MY_JSON "sqlalchemy.dialects.mysql.json"
#define TYPE_MODULE_SQLMODEL "sqlmodel.sql.sqltypes"
#define TYPE_MODULE_VECTOR "pgvector.sqlalchemy.vector"
#define TYPE_MODULE_HALFVEC "pgvector.sqlalchemy.halfvec"
#define TYPE_MODULE_SPARSEVEC "pgvector.sqlalchemy.sparsevec"
#define TYPE_MODULE_VECTOR_BIT "pgvector.sqlalchemy.bit"

#endif

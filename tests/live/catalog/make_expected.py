#!/usr/bin/env python3
"""What SQLAlchemy's reflection says of a database, one fact a line: the form of test_catalog.c.

    python3 make_expected.py postgresql+psycopg2://... >expected.txt

Made with SQLAlchemy 2.0.52 from an empty PostgreSQL 15 database into which schema.sql was loaded.
"""

import sys
import warnings

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

warnings.simplefilter("ignore")
engine = sa.create_engine(sys.argv[1])
dialect = postgresql.dialect()


def quoted(value):
    if value is None:
        return "-"
    return "'" + str(value).replace("\n", "\\n") + "'"


def names(values):
    return "(" + ", ".join(values) + ")"


def type_text(t):
    if isinstance(t, sa.types.NullType):
        return "NullType"
    text = t.compile(dialect=dialect)
    if isinstance(t, postgresql.DOMAIN):
        text += " of " + type_text(t.data_type)
        text += f" default={quoted(t.default)} not_null={bool(t.not_null)}"
        text += f" constraint={quoted(t.constraint_name)} check={quoted(t.check)}"
        text += f" collation={quoted(t.collation)}"
    if isinstance(t, postgresql.ENUM):
        text += " " + names(t.enums)
    if isinstance(t, postgresql.ARRAY):
        return "ARRAY of " + type_text(t.item_type)
    return f"{type(t).__name__} {text}"


def column(c):
    line = f"  column {c['name']} {type_text(c['type'])}"
    line += " null" if c["nullable"] else " not null"
    line += f" default={quoted(c['default'])}"
    if c["autoincrement"]:
        line += " autoincrement"
    if c.get("comment") is not None:
        line += f" comment={quoted(c['comment'])}"
    if "computed" in c:
        line += f" computed={quoted(c['computed']['sqltext'])}"
    if "identity" in c:
        i = c["identity"]
        line += f" identity always={i['always']} start={i['start']} increment={i['increment']}"
        line += f" min={i['minvalue']} max={i['maxvalue']} cache={i['cache']} cycle={i['cycle']}"
    return line


def key(kind, k, columns):
    line = f"  {kind} {k['name']} {names(columns)}"
    options = k.get("dialect_options", {})
    if options.get("postgresql_include"):
        line += " include " + names(options["postgresql_include"])
    if options.get("postgresql_nulls_not_distinct"):
        line += " nulls not distinct"
    return line


def check(k):
    line = f"  check {k['name']} {quoted(k['sqltext'])}"
    options = k.get("dialect_options", {})
    if options.get("no_inherit"):
        line += " no inherit"
    if options.get("not_valid"):
        line += " not valid"
    return line


def foreign_key(k):
    referred = k["referred_table"]
    if k["referred_schema"]:
        referred = k["referred_schema"] + "." + referred
    line = f"  foreign key {k['name']} {names(k['constrained_columns'])}"
    line += f" to {referred} {names(k['referred_columns'])}"
    for option in ("onupdate", "ondelete", "deferrable", "initially", "match"):
        if option in k["options"]:
            line += f" {option}={k['options'][option]}"
    return line


def index(i):
    elements = []
    ops = i.get("dialect_options", {}).get("postgresql_ops", {})
    for at, name in enumerate(i["column_names"]):
        text = i["expressions"][at] if name is None else name
        element = f"expression {text}" if name is None else text
        if text in ops:
            element += f" {ops[text]}"
        if name is not None:
            element += "".join(" " + flag for flag in i.get("column_sorting", {}).get(text, ()))
        elements.append(element)
    line = f"  index {i['name']} {'; '.join(elements)}"
    options = i.get("dialect_options", {})
    line += " unique" if i["unique"] else ""
    if "postgresql_using" in options:
        line += f" using {options['postgresql_using']}"
    if options.get("postgresql_include"):
        line += " include " + names(options["postgresql_include"])
    if "postgresql_with" in options:
        line += " with " + names(f"{k}={v}" for k, v in options["postgresql_with"].items())
    if "postgresql_where" in options:
        line += f" where={quoted(options['postgresql_where'])}"
    if options.get("postgresql_nulls_not_distinct"):
        line += " nulls not distinct"
    return line


def table(inspector, schema, name):
    print(f"table {schema + '.' if schema else ''}{name}", end="")
    comment = inspector.get_table_comment(name, schema)["text"]
    print("" if comment is None else f" comment={quoted(comment)}")
    for c in inspector.get_columns(name, schema):
        print(column(c))
    pk = inspector.get_pk_constraint(name, schema)
    if pk["name"]:
        print(key("primary key", pk, pk["constrained_columns"]))
    by_name = lambda k: k["name"]
    for k in sorted(inspector.get_unique_constraints(name, schema), key=by_name):
        print(key("unique", k, k["column_names"]))
    for k in sorted(inspector.get_check_constraints(name, schema), key=by_name):
        print(check(k))
    for k in sorted(inspector.get_foreign_keys(name, schema), key=by_name):
        print(foreign_key(k))
    for i in sorted(inspector.get_indexes(name, schema), key=by_name):
        if not i.get("duplicates_constraint"):
            print(index(i))


def main():
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        schemas = set(inspector.get_schema_names())
        schemas -= {"information_schema", inspector.default_schema_name}
        for schema in [None] + sorted(schemas):
            for name in sorted(inspector.get_table_names(schema)):
                table(inspector, schema, name)
        for enum in inspector.get_enums("*"):
            schema = "" if enum["visible"] else enum["schema"] + "."
            print(f"enum {schema}{enum['name']} {names(enum['labels'])}")


main()

"""Prints SQLAlchemy metadata as a models document of limbeck, in JSON (which is YAML).

    models: { command: "python scripts/sqlalchemy_models.py myapp.models:Base" }

The argument names a MetaData, or a declarative base that has one: package.module:name. limbeck says in LIMBECK_DIALECT
which database it is for.
"""
import importlib
import json
import os
import re
import sys

from sqlalchemy import CheckConstraint, Enum, ForeignKeyConstraint, Interval, TypeDecorator, UniqueConstraint
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import UnaryExpression

ON_SQLITE = os.environ.get("LIMBECK_DIALECT") == "sqlite"
DIALECT = sqlite.dialect() if ON_SQLITE else postgresql.dialect()
TYPES = postgresql.dialect()
PORTABLE = re.compile(
    r"((VAR)?CHAR|TEXT|(SMALL|BIG)INT|INTEGER|REAL|FLOAT|DOUBLE PRECISION|NUMERIC|BOOLEAN|DATE|TIME|TIMESTAMP|INTERVAL|"
    r"BYTEA|JSONB?|UUID)( ?\([\d, ]+\))?( WITH(OUT)? TIME ZONE)?(\[\])*")
ORDERED = re.compile(r"(.*?)(?:\s+(asc|desc))?(?:\s+nulls\s+(first|last))?", re.I | re.S)
MODIFIERS = {operators.desc_op: {"sort": "desc"}, operators.asc_op: {"sort": "asc"},
             operators.nulls_first_op: {"nulls": "first"}, operators.nulls_last_op: {"nulls": "last"}}


def sql(expression):
    literal = {"literal_binds": True, "include_table": False}
    return str(expression.compile(dialect=DIALECT, compile_kwargs=literal))


def given(**fields):
    return {key: value for key, value in fields.items() if value not in (None, False, [], {}, "")}


def type_of(kind):
    kind = getattr(kind, "_variant_mapping", {}).get(DIALECT.name, kind)
    if isinstance(kind, TypeDecorator) and not isinstance(kind, Interval):
        return type_of(kind.load_dialect_impl(TYPES))
    if isinstance(kind, Enum):
        if not kind.native_enum:
            return f"varchar({kind.length})"
        return given(enum=list(kind.enums), name=kind.name, schema=kind.schema)
    if isinstance(kind, postgresql.ARRAY) and isinstance(kind.item_type, Enum) and kind.item_type.native_enum:
        return type_of(kind.item_type) | {"array": kind.dimensions or 1}
    name = kind.compile(dialect=TYPES).split(" COLLATE ")[0]
    return name.lower() if PORTABLE.fullmatch(name) else {"native": name}


def default_of(column):
    default = column.server_default
    if default is None or not hasattr(default, "arg"):
        return {}
    return {"default": default.arg if isinstance(default.arg, str) else {"sql": sql(default.arg)}}


def counting(one):
    return given(start=one.start, increment=one.increment, min_value=one.minvalue, max_value=one.maxvalue,
                 cache=one.cache, cycle=one.cycle)


def column_of(column):
    auto = column.table.autoincrement_column is column and column.server_default is None and not column.identity
    kind = type_of(column.type)
    serial = {"smallint": "smallserial", "integer": "serial", "bigint": "bigserial"}
    counts = ON_SQLITE and auto and column.table.dialect_options["sqlite"]["autoincrement"]
    fields = given(name=column.name, type=serial[kind] if auto and not ON_SQLITE else kind, comment=column.comment,
                   primary_key=column.primary_key, autoincrement=counts,
                   collation=getattr(column.type, "collation", None))
    if not column.nullable and not column.primary_key:
        fields["nullable"] = False
    if column.identity is not None:
        generated = "always" if column.identity.always else "by_default"
        fields["identity"] = {"generated": generated} | counting(column.identity)
    if column.computed is not None:
        stored = column.computed.persisted if ON_SQLITE else column.computed.persisted is not False
        return fields | {"generated": {"sql": sql(column.computed.sqltext), "stored": bool(stored)}}
    return fields | default_of(column)


def action(text):
    return text.lower().replace(" ", "_") if text else None


def postponed(one):
    return given(deferrable=one.deferrable, initially=action(one.initially) if one.deferrable else None)


def options_of(one, *names):
    options = one.dialect_options[DIALECT.name]
    return given(**{name: list(value) if isinstance(value, tuple) else value
                    for name in names if (value := options.get(name)) is not None})


def unique_of(key):
    return given(name=key.name, columns=[one.name for one in key.columns]) | postponed(key) | options_of(
        key, "include", "nulls_not_distinct")


def key_of(key):
    remote = key.elements[0].column.table
    columns = [one.column.name for one in key.elements]
    return given(name=key.name, columns=[one.parent.name for one in key.elements], on_delete=action(key.ondelete),
                 on_update=action(key.onupdate), match=action(key.match),
                 references=given(table=remote.name, schema=remote.schema, columns=columns)) | postponed(key)


def part_of(expression, table, opclasses):
    """A key of an index: a column or an expression, with its order."""
    order = {}
    while isinstance(expression, UnaryExpression) and expression.modifier in MODIFIERS:
        order |= MODIFIERS[expression.modifier]
        expression = expression.element
    name = getattr(expression, "key", None) or getattr(expression, "name", None)
    if getattr(expression, "table", None) is not None:
        return given(column=expression.name, opclass=opclasses.get(name)) | order
    text, sort, nulls = ORDERED.fullmatch(sql(expression)).groups()
    key = {"column" if text in table.columns else "expression": text}
    return key | given(sort=action(sort), nulls=action(nulls), opclass=opclasses.get(name)) | order


def index_of(index):
    options = index.dialect_options[DIALECT.name]
    where, opclasses = options["where"], options.get("ops") or {}
    return given(name=index.name, columns=[part_of(one, index.table, opclasses) for one in index.expressions],
                 unique=bool(index.unique), where=None if where is None else sql(where)) | options_of(
                     index, "using", "include", "with", "nulls_not_distinct", "tablespace")


def exclusion_of(one):
    elements = [part_of(expression, one.table, one.ops) | {"with": operator}
                for expression, _, operator in one._render_exprs]
    return given(name=one.name, using=one.using, elements=elements,
                 where=None if one.where is None else sql(one.where)) | postponed(one)


def check_of(one):
    return given(name=one.name, condition=sql(one.sqltext))


def is_made(check):
    """Whether PostgreSQL has it: those that a boolean or a native enum brings are for databases without such types."""
    return getattr(check, "_create_rule", None) is None or check._create_rule(DIALECT.ddl_compiler(DIALECT, None))


def table_of(table):
    of = lambda kind: sorted((c for c in table.constraints if type(c) is kind), key=lambda c: (str(c.name), str(c)))
    rowid = not ON_SQLITE or table.dialect_options["sqlite"]["with_rowid"]
    return given(name=table.name, schema=table.schema, comment=table.comment, without_rowid=not rowid,
                 columns=[column_of(c) for c in table.columns],
                 unique=[unique_of(c) for c in of(UniqueConstraint)],
                 foreign_keys=[key_of(c) for c in of(ForeignKeyConstraint)],
                 checks=[check_of(c) for c in of(CheckConstraint) if is_made(c)],
                 exclude=[exclusion_of(c) for c in of(postgresql.ExcludeConstraint)],
                 indexes=[index_of(i) for i in sorted(table.indexes, key=lambda i: str(i.name))])


def sequence_of(one):
    return given(name=one.name, schema=one.schema) | counting(one)


sys.path.insert(0, os.getcwd())
module, _, name = sys.argv[1].partition(":")
target = getattr(importlib.import_module(module), name or "metadata")
metadata = getattr(target, "metadata", target)
tables = metadata.sorted_tables
json.dump(given(schemas=[{"name": one} for one in sorted({t.schema for t in tables if t.schema})],
                sequences=[sequence_of(one) for one in metadata._sequences.values()],
                tables=[table_of(table) for table in tables]), sys.stdout, indent=1)

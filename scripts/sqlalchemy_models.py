"""Prints SQLAlchemy metadata as a models document of limbeck, in JSON (which is YAML).

    models: { command: "python scripts/sqlalchemy_models.py myapp.models:Base" }

The argument names a MetaData, or a declarative base that has one: package.module:name.
"""
import importlib
import json
import os
import sys

from sqlalchemy import CheckConstraint, Enum, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.dialects import postgresql

DIALECT = postgresql.dialect()


def sql(expression):
    literal = {"literal_binds": True, "include_table": False}
    return str(expression.compile(dialect=DIALECT, compile_kwargs=literal))


def given(**fields):
    return {key: value for key, value in fields.items() if value not in (None, False, [], "")}


def type_of(kind):
    if isinstance(kind, Enum):
        return given(enum=list(kind.enums), name=kind.name, schema=kind.schema) | (
            {} if kind.native_enum else {"native": False})
    if isinstance(kind, postgresql.ARRAY) and isinstance(kind.item_type, Enum):
        return type_of(kind.item_type) | {"array": kind.dimensions or 1}
    name = kind.compile(dialect=DIALECT).split(" COLLATE ")[0]
    known = ("VARCHAR CHAR TEXT SMALLINT INTEGER BIGINT REAL FLOAT DOUBLE NUMERIC BOOLEAN DATE TIME TIMESTAMP "
             "INTERVAL BYTEA JSON JSONB UUID").split()
    return name.lower() if name.replace("(", " ").replace("[", " ").split()[0] in known else {"native": name}


def default_of(column):
    default = column.server_default
    if default is None or not hasattr(default, "arg"):
        return {}
    return {"default": default.arg if isinstance(default.arg, str) else {"sql": sql(default.arg)}}


def column_of(column):
    auto = column.table.autoincrement_column is column and column.server_default is None and not column.identity
    kind = type_of(column.type)
    serial = {"smallint": "smallserial", "integer": "serial", "bigint": "bigserial"}
    fields = given(name=column.name, type=serial[kind] if auto else kind, comment=column.comment,
                   primary_key=column.primary_key, collation=getattr(column.type, "collation", None))
    if not column.nullable and not column.primary_key:
        fields["nullable"] = False
    if column.identity is not None:
        fields["identity"] = "always" if column.identity.always else "by_default"
    if column.computed is not None:
        return fields | {"generated": {"sql": sql(column.computed.sqltext), "stored": column.computed.persisted is not False}}
    return fields | default_of(column)


def action(text):
    return text.lower().replace(" ", "_") if text else None


def key_of(key):
    remote = key.elements[0].column.table
    return given(name=key.name, columns=list(key.column_keys), on_delete=action(key.ondelete), on_update=action(key.onupdate),
                 deferrable=key.deferrable, initially=action(key.initially), references=given(
                     table=remote.name, schema=remote.schema, columns=[one.column.name for one in key.elements]))


def index_of(index):
    options = index.dialect_options["postgresql"]
    columns = [one.name if hasattr(one, "table") and one.table is not None else {"expression": sql(one)}
               for one in index.expressions]
    where = options["where"]
    return given(name=index.name, columns=columns, unique=bool(index.unique), using=options["using"] or None,
                 include=list(options["include"] or []), where=None if where is None else sql(where))


def table_of(table):
    of = lambda kind: sorted((c for c in table.constraints if type(c) is kind), key=lambda c: (str(c.name), str(c)))
    checks = [c for c in of(CheckConstraint) if not getattr(c, "_type_bound", False)]
    return given(name=table.name, schema=table.schema, comment=table.comment, columns=[column_of(c) for c in table.columns],
                 unique=[given(name=c.name, columns=[one.name for one in c.columns]) for c in of(UniqueConstraint)],
                 foreign_keys=[key_of(c) for c in of(ForeignKeyConstraint)],
                 checks=[given(name=c.name, condition=sql(c.sqltext)) for c in checks],
                 indexes=[index_of(i) for i in sorted(table.indexes, key=lambda i: str(i.name))])


sys.path.insert(0, os.getcwd())
module, _, name = sys.argv[1].partition(":")
target = getattr(importlib.import_module(module), name or "metadata")
metadata = getattr(target, "metadata", target)
json.dump({"tables": [table_of(table) for table in metadata.sorted_tables]}, sys.stdout, indent=1)

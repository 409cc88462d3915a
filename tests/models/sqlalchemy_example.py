"""A bit of all that SQLAlchemy's metadata can say, of PostgreSQL and of SQLite. As a program it prints the DDL that
create_all() runs: sqlalchemy_example.py <metadata> <dialect>.
"""
import sys

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Computed, Enum, ForeignKey, ForeignKeyConstraint, Identity, Index
from sqlalchemy import Sequence, String, Table, UniqueConstraint, func, text
from sqlalchemy.dialects import postgresql as pg

metadata = sa.MetaData(naming_convention={
    "ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"})
color = Enum("red", "it's", name="color")


class Lower(sa.TypeDecorator):
    impl = String(40)


class Mood(sa.TypeDecorator):
    impl = Enum("sad", "ok", name="mood")


count = Sequence("count", start=100, increment=10, metadata=metadata)

Table(
    "types", metadata, Column("id", sa.BigInteger, primary_key=True), Column("s", sa.SmallInteger, server_default="7"),
    Column("low", Lower), Column("mood", Mood),
    Column("big", sa.Integer().with_variant(sa.BigInteger, "postgresql")),
    Column("doc", sa.JSON().with_variant(pg.JSONB, "postgresql")),
    Column("b", sa.Boolean, server_default=sa.true(), nullable=False), Column("n", sa.Numeric(12, 4), server_default="1.50"),
    Column("f24", sa.Float(24)), Column("f", sa.Float), Column("st", String(50), server_default="it's"), Column("ch", sa.CHAR),
    Column("lb", sa.LargeBinary), Column("dt", sa.DateTime, server_default=func.now()),
    Column("ts", pg.TIMESTAMP(precision=3, timezone=True)), Column("iv", sa.Interval, server_default="1 day"),
    Column("days", pg.INTERVAL(fields="DAY TO SECOND", precision=3)), Column("js", sa.JSON, server_default="{}"),
    Column("inet", pg.INET), Column("bits", pg.BIT(8, varying=True)), Column("during", pg.TSTZRANGE),
    Column("words", pg.ARRAY(String(10)), server_default="{}"), Column("colors", pg.ARRAY(color)),
    Column("color", color, server_default="red", nullable=False), Column("c", String(30, collation="C")),
    Column("short", Enum("a", "b", name="ab", native_enum=False, length=20)),
    Column("checked", Enum("x", "y", name="xy", native_enum=False, create_constraint=True)),
    Column("twice", sa.Integer, Computed("s * 2")), Column("no", sa.Integer, Identity(always=True, start=10, increment=5)),
    Column("counted", sa.Integer, count, server_default=count.next_value()), comment="a 'comment'")
parent = Table(
    "parent", metadata, Column("id", sa.Integer, primary_key=True), Column("k1", sa.Integer), Column("k2", sa.Integer),
    UniqueConstraint("k1", "k2"), UniqueConstraint("k1", name="later", deferrable=True, initially="DEFERRED"))
Table(
    "child", metadata, Column("id", sa.Integer, Identity(), primary_key=True), Column("k1", sa.Integer),
    Column("k2", sa.Integer), Column("Code", String(10), index=True), Column("seen", sa.DateTime),
    Column("parent_id", ForeignKey("parent.id", ondelete="CASCADE", onupdate="SET NULL", deferrable=True)),
    ForeignKeyConstraint(["k1", "k2"], ["parent.k1", "parent.k2"], match="FULL"),
    CheckConstraint("k1 > 0 AND k2 IN (1, 2)", name="few"))
child = metadata.tables["child"]
Index("ix_lower", func.lower(child.c.Code), unique=True)
Index("ix_part", child.c.k1, postgresql_where=child.c.k2 > 5, postgresql_include=["k2"])
Index("ix_down", child.c.seen.desc().nulls_last(), child.c.id)
Index("ix_text", text("k1 DESC"), _table=child)
Index("ix_like", child.c.Code, postgresql_ops={"Code": "text_pattern_ops"}, postgresql_with={"fillfactor": 70})
Index("ix_hash", child.c.Code, postgresql_using="hash")
Table(
    "booking", metadata, Column("id", sa.Integer, primary_key=True), Column("during", pg.TSRANGE),
    pg.ExcludeConstraint(("during", "&&"), name="no_overlap", using="gist"), schema="app")

local = sa.MetaData()
Table(
    "parent", local, Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    Column("n", sa.Numeric(10, 2), server_default="0.5"), Column("b", sa.Boolean, server_default=sa.false()), Column("color", color, nullable=False, server_default="red"),
    Column("ab", Enum("a", "b", name="ab", native_enum=False, create_constraint=True)), Column("at", sa.DateTime),
    Column("js", sa.JSON), Column("u", sa.Uuid), Column("lb", sa.LargeBinary), Column("f", sa.Float),
    Column("s", String(20), unique=True), CheckConstraint("n > 0", name="positive"), sqlite_autoincrement=True)
Table(
    "child", local, Column("id", sa.BigInteger, primary_key=True), Column("x", sa.Integer), Column("y", sa.Integer),
    Column("low", Lower), Column("mood", Mood), Column("doc", sa.JSON().with_variant(pg.JSONB, "postgresql")),
    Column("parent_id", ForeignKey("parent.id", ondelete="CASCADE"), index=True), Column("g", sa.Integer, Computed("x + 1")),
    Column("kept", sa.Integer, Computed("y + 1", persisted=True)), UniqueConstraint("x", "y", name="both"),
    Index("ix_part", "x", unique=True, sqlite_where=text("x > 1")))
Table("pair", local, Column("a", sa.Integer, primary_key=True), Column("b", String(5), primary_key=True),
      sqlite_with_rowid=False)

if __name__ == "__main__":
    _, name, dialect = sys.argv
    engine = sa.create_mock_engine(f"{dialect}://", lambda ddl, *_: print(ddl.compile(dialect=engine.dialect), end=";\n"))
    globals()[name].create_all(engine, checkfirst=False)

/** The same history, a table and an index a revision, as limbeck, Alembic and dbmate write it. */
import * as fs from 'node:fs'
import { join } from 'node:path'

/** Twelve digits, as random as ids are. */
function idOf(index: number): string {
  return ((index * 0x9e3779b97f4a + 0x1234567) % 2 ** 48).toString(16).padStart(12, '0')
}

function tableOf(index: number): string {
  return `table_${String(index).padStart(5, '0')}`
}

/** A minute apart, from the beginning of 2024. */
function createdAt(index: number): string {
  return new Date(Date.UTC(2024, 0, 1) + index * 60_000).toISOString().replace('.000Z', 'Z')
}

function write(
  folder: string,
  count: number,
  name: (index: number) => string,
  text: (index: number) => string,
) {
  fs.mkdirSync(folder, { recursive: true })
  for (let index = 0; index < count; index++) fs.writeFileSync(join(folder, name(index)), text(index))
}

function revision(index: number): string {
  const table = tableOf(index)
  return `# yaml-language-server: $schema=../schemas/revision.schema.json
id: "${idOf(index)}"
down_revision: ${index === 0 ? 'null' : `"${idOf(index - 1)}"`}
message: Create ${table}
created: ${createdAt(index)}

upgrade:
  - create_table:
      name: ${table}
      columns:
        - { name: id, type: integer, primary_key: true }
        - { name: name, type: varchar(100), nullable: false }
        - { name: amount, type: "numeric(10,2)", default: 0 }
        - { name: created_at, type: timestamptz, nullable: false, default: { sql: CURRENT_TIMESTAMP } }
  - create_index: { name: ix_${table}_name, table: ${table}, columns: [name] }

downgrade:
  - drop_table: { name: ${table} }
`
}

/** A project of limbeck with that many revisions in a line; revisions are in `revisions/`. */
export function writeLimbeck(folder: string, count: number): void {
  const slug = (index: number) => `${idOf(index)}_create_${tableOf(index)}.yaml`
  write(join(folder, 'revisions'), count, slug, revision)
}

function alembicRevision(index: number): string {
  const table = tableOf(index)
  return `"""Create ${table}

Revision ID: ${idOf(index)}
Create Date: ${createdAt(index)}
"""
from alembic import op
import sqlalchemy as sa

revision = "${idOf(index)}"
down_revision = ${index === 0 ? 'None' : `"${idOf(index - 1)}"`}
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "${table}",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("amount", sa.Numeric(10, 2), server_default=sa.text("0")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_${table}_name", "${table}", ["name"])


def downgrade():
    op.drop_table("${table}")
`
}

const ALEMBIC_ENV = `import os
from alembic import context
from sqlalchemy import create_engine

with create_engine(os.environ["BENCH_URL"]).connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
`

/** A project of Alembic with the same history; its database is in the variable BENCH_URL. */
export function writeAlembic(folder: string, count: number): void {
  const slug = (index: number) => `${idOf(index)}_create_${tableOf(index)}.py`
  write(join(folder, 'alembic/versions'), count, slug, alembicRevision)
  fs.writeFileSync(join(folder, 'alembic/env.py'), ALEMBIC_ENV)
  fs.writeFileSync(join(folder, 'alembic.ini'), '[alembic]\nscript_location = alembic\n')
}

/**
 * A folder of dbmate's with the statements of each revision.
 * @param statements of one table of the history
 */
export function writeDbmate(folder: string, count: number, statements: (table: string) => string): void {
  const version = (index: number) => createdAt(index).replace(/\D/g, '')
  write(
    folder,
    count,
    (index) => `${version(index)}_create_${tableOf(index)}.sql`,
    (index) =>
      `-- migrate:up\n${statements(tableOf(index))}\n\n-- migrate:down\nDROP TABLE ${tableOf(index)};\n`,
  )
}

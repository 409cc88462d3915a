/** A schema of tables with an index and a default each: its history and its models, as limbeck and Alembic write them. */
import * as fs from 'node:fs'
import { join } from 'node:path'

/** So many tables are created by one revision. */
const EACH = 100

function tableOf(index: number): string {
  return `table_${String(index).padStart(5, '0')}`
}

function idOf(first: number): string {
  return String(first).padStart(12, '0')
}

/** Of each revision: its id, the one before it, and the tables that it creates. */
function revisions(count: number): { id: string; before: string | undefined; tables: string[] }[] {
  return Array.from({ length: Math.ceil(count / EACH) }, (_, i) => ({
    id: idOf(i * EACH),
    before: i === 0 ? undefined : idOf((i - 1) * EACH),
    tables: Array.from({ length: Math.min(EACH, count - i * EACH) }, (_, j) => tableOf(i * EACH + j)),
  }))
}

function columns(indent: string): string {
  return [
    '- { name: id, type: integer, primary_key: true }',
    '- { name: name, type: varchar(100), nullable: false }',
    '- { name: amount, type: "numeric(10, 2)", default: 0 }',
    '- { name: created_at, type: timestamptz, nullable: false, default: { sql: CURRENT_TIMESTAMP } }',
  ].map((line) => `${indent}${line}\n`).join('')
}

function created(table: string): string {
  return `  - create_table:
      name: ${table}
      columns:
${columns('        ')}  - create_index: { name: ix_${table}_name, table: ${table}, columns: [name] }
`
}

/** A project of limbeck: revisions in a line, and a models document for every table, as `inspect --split` writes them. */
export function writeProject(folder: string, count: number): void {
  for (const name of ['revisions', 'models']) fs.mkdirSync(join(folder, name), { recursive: true })
  for (const { id, before, tables } of revisions(count)) {
    const head = `id: "${id}"\ndown_revision: ${before === undefined ? 'null' : `"${before}"`}\n`
    const rest = `message: Create tables\ncreated: 2024-01-01T00:00:00Z\n\nupgrade:\n`
    fs.writeFileSync(
      join(folder, 'revisions', `${id}_create_tables.yaml`),
      head + rest + tables.map(created).join(''),
    )
    for (const table of tables) {
      const index = `    indexes:\n      - { name: ix_${table}_name, columns: [name] }\n`
      const text = `tables:\n  - name: ${table}\n    columns:\n${columns('      ')}${index}`
      fs.writeFileSync(join(folder, 'models', `${table}.yaml`), text)
    }
  }
}

const ALEMBIC_COLUMNS = `sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("amount", sa.Numeric(10, 2), server_default=sa.text("0")),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.PrimaryKeyConstraint("id"),`

/** What it compares is left at its defaults. The journal of limbeck, which made the database, is not Alembic's affair. */
const ALEMBIC_ENV = `import os, sys
sys.path.insert(0, os.getcwd())
from alembic import context
from sqlalchemy import create_engine
from models import metadata

with create_engine(os.environ["BENCH_URL"]).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_name=lambda name, kind, parents: name != "limbeck_journal",
    )
    with context.begin_transaction():
        context.run_migrations()
`

/** A project of Alembic with the same history and the same models; its database is in the variable BENCH_URL. */
export function writeAlembicProject(folder: string, count: number): void {
  fs.mkdirSync(join(folder, 'alembic/versions'), { recursive: true })
  const all = revisions(count)
  for (const { id, before, tables } of all) {
    const made = tables.map((table) =>
      `    op.create_table("${table}", ${ALEMBIC_COLUMNS})\n    op.create_index("ix_${table}_name", "${table}", ["name"])\n`
    )
    const head = `from alembic import op\nimport sqlalchemy as sa\n\nrevision = "${id}"\n` +
      `down_revision = ${before === undefined ? 'None' : `"${before}"`}\n\n\ndef upgrade():\n`
    fs.writeFileSync(join(folder, 'alembic/versions', `${id}_create_tables.py`), head + made.join(''))
  }
  const models = all.flatMap(({ tables }) => tables).map((table) =>
    `sa.Table("${table}", metadata, ${ALEMBIC_COLUMNS} sa.Index("ix_${table}_name", "name"))\n`
  )
  fs.writeFileSync(
    join(folder, 'models.py'),
    `import sqlalchemy as sa\n\nmetadata = sa.MetaData()\n${models.join('')}`,
  )
  fs.writeFileSync(join(folder, 'alembic/env.py'), ALEMBIC_ENV)
  fs.writeFileSync(join(folder, 'alembic.ini'), '[alembic]\nscript_location = alembic\n')
}

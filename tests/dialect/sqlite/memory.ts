/** Databases for the tests of this folder. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqlite } from '../../../src/dialect/sqlite/index.ts'
import type { Connection, Row } from '../../../src/dialect/dialect.ts'
import type { Model, Table } from '../../../src/model/model.ts'

export const OPTIONS = { env: {}, cwd: tmpdir(), create: true }

/** Runs a test on a new database in memory that holds what the script makes. */
export async function withDatabase(script: string, test: (db: Connection) => Promise<void>): Promise<void> {
  const db = await sqlite.connect('sqlite://', OPTIONS)
  try {
    await db.run([script])
    await test(db)
  } finally {
    await db.close()
  }
}

/** Runs a test with a folder of its own. */
export async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'limbeck-sqlite-'))
  try {
    await test(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

export function tableOf(model: Model, name: string): Table {
  const found = model.tables.find((table) => table.name === name)
  if (found === undefined) throw new RangeError(`the model has no table ${name}`)
  return found
}

/** The model of one table that the CREATE TABLE text makes. */
export async function introspected(script: string): Promise<Model> {
  let model: Model | undefined
  await withDatabase(script, async (db) => {
    model = await sqlite.introspect(db)
  })
  return model!
}

/** Rebuilds a table into what `edit` makes of it, in a transaction of its own. */
export async function rebuild(
  db: Connection,
  name: string,
  edit: (table: Table) => Table,
  carry: Readonly<Record<string, string>> = {},
): Promise<void> {
  const model = await sqlite.introspect(db)
  const before = tableOf(model, name)
  const statements = sqlite.rebuild!({ before, after: edit(before), carry, model })
  await db.begin({ rebuild: true })
  try {
    await db.run(statements.map(({ sql }) => sql))
  } catch (error) {
    await db.rollback()
    throw error
  }
  await db.commit()
}

/** The rows as arrays of values. */
export async function rows(db: Connection, sql: string): Promise<readonly unknown[][]> {
  return (await db.query(sql)).map((row: Row) => Object.values(row))
}

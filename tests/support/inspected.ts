/** The law of `inspect`: what is written for a schema is read as that schema. */
import assert from 'node:assert/strict'
import { EMPTY } from '../../src/model/model.ts'
import type { Model } from '../../src/model/model.ts'
import { sameModel } from '../../src/model/same.ts'
import type { Connection, Dialect } from '../../src/dialect/dialect.ts'
import type { Operation } from '../../src/ops/index.ts'
import { assemble } from '../../src/models/assemble.ts'
import { readDocuments } from '../../src/models/document.ts'
import { modelsDocument, modelsText } from '../../src/models/write.ts'
import { compiled } from './compile.ts'

/** Runs operations on an empty database, or in a transaction on one. */
export async function create(
  connection: Connection,
  dialect: Dialect,
  operations: readonly Operation[],
): Promise<void> {
  const { statements, rebuilds } = compiled(operations, EMPTY, dialect, connection.server.version)
  if (rebuilds) await connection.begin({ rebuild: true })
  for (const { sql } of statements) await connection.run([sql])
  if (rebuilds) await connection.commit()
}

/** What is only said in words has no place in a document. */
function managed({ unmanaged: _, ...model }: Model): Model {
  return { ...model, tables: model.tables.map(({ unmanaged: __, ...table }) => table) }
}

/** @param seen a schema as introspection returns it, or as replay makes it */
export async function assertWrittenAgain(seen: Model, dialect: Dialect): Promise<void> {
  const model = managed(seen)
  const text = modelsText(modelsDocument(model, dialect))
  const read = assemble(await readDocuments([{ file: 'models.yaml', text }]), dialect.name)
  assert.deepEqual(sameModel(read, model), [], text)
  assert.equal(modelsText(modelsDocument(read, dialect)), text, 'the text, written again')
}

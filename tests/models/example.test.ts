import assert from 'node:assert/strict'
import path from 'node:path'
import type { Model } from '../../src/model/model.ts'
import { sameModel } from '../../src/model/same.ts'
import type { Dialect } from '../../src/dialect/dialect.ts'
import { loadModels } from '../../src/models/load.ts'
import { loadRevisions } from '../../src/revision/load.ts'
import { readHeaders } from '../../src/revision/header/headers.ts'
import { buildGraph } from '../../src/revision/graph/graph.ts'
import { modelAt } from '../../src/run/prepare/prepare.ts'
import type { History } from '../../src/run/session/session.ts'
import { DIALECTS } from '../support/evaluate.ts'

const ROOT = path.resolve(import.meta.dirname!, '../..')

async function replayed(dialect: Dialect): Promise<Model> {
  const folders = [path.join(ROOT, 'revisions')]
  const graph = buildGraph(await readHeaders(folders, { recursive: false }), folders)
  const history: History = {
    graph,
    async load(ids) {
      const documents = await loadRevisions(ids.map((id) => graph.byId.get(id)!.file))
      return new Map(documents.map((one) => [one.id, one]))
    },
  }
  return await modelAt(history, graph.heads, { dialect, server: dialect.newest }, undefined)
}

for (const dialect of DIALECTS) {
  Deno.test(`the models of the example are what its revisions lead to: ${dialect.name}`, async () => {
    const models = await loadModels(undefined, dialect, { root: ROOT, env: {}, database: '' })
    assert.equal(models.tables.length, 5)
    const history = await replayed(dialect)
    assert.deepEqual(sameModel(dialect.project(models), dialect.project(history), dialect), [])
    assert.deepEqual(sameModel(models, history), [])
  })
}

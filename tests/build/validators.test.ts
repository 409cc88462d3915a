/** ajv's functions as they are in what is built: as those that are made from source. */
import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { validators } from '../../scripts/build/validators.ts'
import { DOCUMENT_SHAPE } from '../../src/revision/document.ts'
import { loadCompiler } from '../../src/revision/shape/compiler.ts'
import type { Compiler } from '../../src/revision/shape/compiler.ts'
import type { JsonSchema } from '../../src/revision/shape/json-schema.ts'
import { findDefinition } from '../../src/ops/index.ts'

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url))
const SHAPES = fileURLToPath(new URL('../../src/revision/shape/', import.meta.url))

/** The module that takes the place of `compiler.ts`, run from a file where builds go. */
async function ready(): Promise<Compiler> {
  let text = ''
  validators.setup({ onLoad: (_, load) => void (text = load({ path: '' }).contents) })
  const here = text.replaceAll(
    /from '(\.\.?\/[^']*)'/g,
    (_, path) => `from '${pathToFileURL(join(SHAPES, path))}'`,
  )
  const file = join(DIST, `.validators-${crypto.randomUUID()}.mjs`)
  fs.mkdirSync(DIST, { recursive: true })
  const head =
    `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);\n`
  fs.writeFileSync(file, head + here)
  try {
    const { loadCompiler } = await import(pathToFileURL(file).href) as { loadCompiler(): Promise<Compiler> }
    return await loadCompiler()
  } finally {
    fs.rmSync(file)
  }
}

const COLUMN = { name: 'a', type: 'integer' }
const WRONG = { name: 'a', type: 'integer', nullable: 'no' }

Deno.test('what ajv makes when limbeck is built decides and tells as what it makes when it runs', async () => {
  const [built, made] = [await ready(), await loadCompiler()]
  const table = findDefinition('create_table')!.shape as JsonSchema
  const cases: readonly (readonly [JsonSchema, unknown])[] = [
    [DOCUMENT_SHAPE, { id: 'a', upgrade: [] }],
    [DOCUMENT_SHAPE, { id: 'a' }],
    [table, { name: 't', columns: [COLUMN] }],
    [table, { name: 't', columns: [COLUMN, WRONG] }],
    [table, { name: 't', columns: [WRONG, COLUMN] }],
    [table, { name: 't', columns: COLUMN }],
  ]
  for (const [shape, data] of [...cases, ...cases]) {
    const [first, second] = [built(shape), made(shape)]
    assert.equal(first(data), second(data), JSON.stringify(data))
    const told = (errors: typeof first.errors) =>
      errors?.map(({ keyword, instancePath }) => [keyword, instancePath])
    assert.deepEqual(told(first.errors), told(second.errors), JSON.stringify(data))
  }
})

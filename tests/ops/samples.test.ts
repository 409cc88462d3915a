/** The samples in what the source says of operations are what limbeck reads. */
import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { DEFINITIONS } from '../../src/ops/index.ts'
import { operationsFindings } from '../../src/revision/operation.ts'
import { loadValidator } from '../../src/revision/shape/validator.ts'

const FOLDER = fileURLToPath(new URL('../../src/ops', import.meta.url))

/** The file of an operation: a folder where it is more than one. */
function sourceOf(kind: string): string {
  const name = kind.replaceAll('_', '-')
  const file = join(FOLDER, `${name}.ts`)
  return fs.readFileSync(fs.existsSync(file) ? file : join(FOLDER, name, 'index.ts'), 'utf8')
}

await loadValidator()

for (const { kind } of DEFINITIONS) {
  Deno.test(`the sample of ${kind} is one`, () => {
    const [, sample] = /^ \* ```yaml\n(.*?)^ \* ```$/ms.exec(sourceOf(kind)) ?? []
    assert(sample !== undefined)
    const read: unknown[] = parse(sample.replaceAll(/^ \* ?/gm, ''))
    assert(read.some((one) => Object.keys(one as object).includes(kind)))
    assert.deepEqual(operationsFindings(read, []).map(({ problem }) => problem.message), [])
  })
}

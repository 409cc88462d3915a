import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { DEFINITIONS } from '../../src/ops/index.ts'
import { KEYWORDS } from '../../src/revision/shape/json-schema.ts'
import type { JsonSchema } from '../../src/revision/shape/json-schema.ts'
import { findings } from '../../src/revision/shape/validate.ts'
import { MODELS_SHAPE, modelsSchema } from '../../src/models/shape.ts'
import { SECTIONS } from '../../src/models/sections.ts'
import { allCases } from '../support/case.ts'

function schemas(schema: JsonSchema): JsonSchema[] {
  const inner = [
    ...Object.values(schema.properties ?? {}),
    ...schema.anyOf ?? [],
    ...schema.items ? [schema.items] : [],
  ]
  return [schema, ...inner.flatMap(schemas)]
}

Deno.test('every operation that declares something has a list in models', () => {
  const declared = DEFINITIONS.filter((one) => 'declares' in one && one.declares !== undefined).map((one) =>
    one.kind
  )
  assert.deepEqual(SECTIONS.map((one) => one.definition.kind).sort(), [...declared].sort())
})

Deno.test('the shape of models uses no keyword that is not understood', () => {
  const strange = schemas(MODELS_SHAPE).flatMap((one) =>
    Object.keys(one).filter((key) => !KEYWORDS.has(key) && !key.startsWith('~'))
  )
  assert.deepEqual(strange, [])
})

Deno.test('what is found wrong with models is what a complete validator refuses', () => {
  const validate = new Ajv2020({ strict: false }).compile(modelsSchema())
  const sections = new Map(SECTIONS.map((one) => [one.definition.kind as string, one.section]))
  let known = 0
  for (const { operation, kind } of allCases()) {
    const section = sections.get(kind)
    if (section === undefined) continue
    known++
    const item = operation[kind] as Record<string, unknown>
    const wrong = [item, { ...item, nothing: 1 }, { ...item, name: 1 }, { ...item, only: 'sqlite' }, {
      ...item,
      columns: 'a',
    }]
    for (const one of wrong) {
      const document: Record<string, unknown> = { [section]: [one] }
      assert.equal(
        findings(MODELS_SHAPE, document).length === 0,
        validate(document),
        JSON.stringify(document),
      )
    }
  }
  assert(known > 50)
})

const SCRIPT = path.resolve(import.meta.dirname!, '../../scripts/sqlalchemy_models.py')
const hasPython = spawnSync('python3', ['--version']).status === 0

Deno.test({
  name: 'the script that prints SQLAlchemy models compiles',
  ignore: !hasPython,
  fn() {
    const check = `import sys; compile(open(sys.argv[1]).read(), sys.argv[1], 'exec')`
    const { status, stderr } = spawnSync('python3', ['-c', check, SCRIPT], { encoding: 'utf8' })
    assert.equal(status, 0, stderr)
  },
})

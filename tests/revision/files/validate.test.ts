/** What explains mistakes against what decides (ajv), on the shapes of all operations. */
import assert from 'node:assert/strict'
import * as fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { parse } from 'yaml'
import { configShape } from '../../../src/cli/config/shape.ts'
import { DEFINITIONS } from '../../../src/ops/index.ts'
import { documentFindings } from '../../../src/revision/document.ts'
import { fromOperation, operationFindings } from '../../../src/revision/operation.ts'
import { revisionSchema } from '../../../src/revision/schema.ts'
import { KEYWORDS } from '../../../src/revision/shape/json-schema.ts'
import { findings, isMapping } from '../../../src/revision/shape/validate.ts'
import type { Finding } from '../../../src/revision/shape/validate.ts'
import { loadValidator } from '../../../src/revision/shape/validator.ts'
import type { JsonSchema } from '../../../src/revision/shape/json-schema.ts'

await loadValidator()

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true })
const document = ajv.compile(revisionSchema())

const decided = new Map<object, ReturnType<typeof ajv.compile>>()

/** ajv's validator of one shape, compiled once. */
function decide(shape: object) {
  const known = decided.get(shape) ?? ajv.compile(shape)
  decided.set(shape, known)
  return known
}

/** Every mapping that is a schema, with its place. */
function schemas(schema: unknown, path: string): [string, Record<string, unknown>][] {
  if (!isMapping(schema)) return []
  const maps = ['properties', 'patternProperties'].flatMap((key) =>
    Object.entries(schema[key] ?? {}).flatMap(([name, one]) => schemas(one, `${path}.${name}`))
  )
  const lists = (Array.isArray(schema.anyOf) ? schema.anyOf : []).flatMap((one, i) =>
    schemas(one, `${path}|${i}`)
  )
  const nested = ['items', 'additionalProperties'].flatMap((key) => schemas(schema[key], `${path}.${key}`))
  return [[path, schema], ...maps, ...lists, ...nested]
}

Deno.test('shapes use only keywords that are understood, and refuse unknown fields', () => {
  for (const { kind, shape } of [...DEFINITIONS, { kind: 'config', shape: configShape }]) {
    for (const [path, schema] of schemas(shape, kind)) {
      const strange = Object.keys(schema).filter((key) => !KEYWORDS.has(key))
      assert.deepEqual(strange, [], `${path} uses ${strange}`)
      if (schema.properties !== undefined) assert.equal(schema.additionalProperties, false, path)
    }
  }
})

Deno.test('the examples of all operations are sound', () => {
  for (const { kind, example } of DEFINITIONS) {
    const upgrade = [...(example.given ?? []), example.operation].map((one) => fromOperation(one))
    assert.deepEqual(upgrade.flatMap((one) => operationFindings(one, [])), [], kind)
    assert.equal(document({ id: 'a', upgrade }), true, `${kind}: ${JSON.stringify(document.errors)}`)
  }
})

Deno.test('the examples that stand above the operations in their sources are sound', () => {
  const folder = fileURLToPath(new URL('../../../src/ops/', import.meta.url))
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) =>
    one.endsWith('.ts')
  )
  const examples = files.flatMap((file) => {
    const source = fs.readFileSync(path.join(folder, file), 'utf8')
    return [...source.matchAll(/^ \* ```yaml\n([^]*?)^ \* ```$/gm)].map((one) => ({ file, comment: one[1]! }))
  })
  assert.equal(examples.length, DEFINITIONS.length)
  for (const { file, comment } of examples) {
    const operations: unknown[] = parse(comment.replaceAll(/^ \* /gm, ''))
    assert.deepEqual(operations.flatMap((one) => operationFindings(one, [])), [], file)
  }
})

const scalar = fc.constantFrom<unknown>(
  '',
  'x',
  'asc',
  'sql',
  0,
  -1,
  2,
  1.5,
  true,
  false,
  null,
  [],
  ['x'],
  ['x', 'x'],
  {},
  {
    sql: 'x',
  },
  { name: 'x' },
  { columns: ['a'] },
  [{ name: 'x', type: 'text' }],
  { enum: ['x'], name: 'e' },
  { native: 'x' },
  [1],
)
const names = [
  ...new Set(DEFINITIONS.flatMap((one) => Object.keys((one.shape as JsonSchema).properties ?? {}))),
]

/** A copy of data with one place changed: a field added, taken away or replaced. */
function mutated(data: unknown, picks: readonly number[], added: string, value: unknown): unknown {
  const [pick = 0, ...rest] = picks
  if (typeof data !== 'object' || data === null || rest.length === 0) return value
  const keys = Object.keys(data)
  const key = keys[pick % Math.max(1, keys.length)]
  if (Array.isArray(data)) {
    return key === undefined
      ? [value]
      : data.map((one, i) => i === Number(key) ? mutated(one, rest, added, value) : one)
  }
  if (pick % 5 === 0) return { ...data, [added]: value }
  if (key === undefined) return {}
  const { [key]: changed, ...others } = data as Record<string, unknown>
  return pick % 5 === 1 ? others : { ...others, [key]: mutated(changed, rest, added, value) }
}

const mutation = fc.record({
  definition: fc.constantFrom(...DEFINITIONS),
  picks: fc.array(fc.nat(100), { minLength: 1, maxLength: 6 }),
  added: fc.oneof(fc.constantFrom(...names, 'nam', 'only'), fc.string({ maxLength: 4 })),
  value: scalar,
})

/** Of SQL ajv knows nothing. */
function withoutSql(found: readonly Finding[]): readonly Finding[] {
  return found.filter(({ problem }) => problem.code !== 'bad-sql')
}

Deno.test('what is refused and what is not agrees with ajv', () => {
  const count = { sound: 0, wrong: 0 }
  fc.assert(
    fc.property(mutation, ({ definition, picks, added, value }) => {
      const operation = mutated(fromOperation(definition.example.operation), picks, added, value)
      const data = { id: 'a', upgrade: [operation] }
      const ours = withoutSql([...documentFindings(data), ...operationFindings(operation, ['upgrade', 0])])
      const theirs = document(data)
      assert.equal(
        ours.length === 0,
        theirs,
        `${JSON.stringify(ours)} but ${JSON.stringify(document.errors)}`,
      )
      count[theirs ? 'sound' : 'wrong']++
      const { kind, shape } = definition
      if (!isMapping(operation) || !Object.hasOwn(operation, kind)) return
      const explained = withoutSql(findings(shape as JsonSchema, operation[kind]))
      assert.equal(explained.length === 0, decide(shape)(operation[kind]), JSON.stringify(explained))
    }),
    { numRuns: 3000 },
  )
  assert.ok(count.sound > 100 && count.wrong > 100, JSON.stringify(count))
})

Deno.test('headers agree with ajv', () => {
  const documents = [
    {},
    { id: 'a' },
    { id: 'a', upgrade: [], downgrade: { irreversible: '' } },
    { id: 'a', upgrade: [], downgrade: { irreversible: 'x' } },
    { id: 'a', upgrade: [], settings: { lock_timeout: 4 } },
    { id: 'a', upgrade: [], settings: { lock_timeout: -4 } },
    { id: 'a', upgrade: [], settings: { lock_timeout: '4 weeks' } },
    { id: 'a', upgrade: [], transaction: 'all' },
    { id: 'a', upgrade: [], down_revision: null, depends_on: ['b'], branch_labels: 'c' },
    { id: 'a', upgrade: [], down_revision: ['b', null] },
    { id: 'a', upgrade: [], depends_on: [null] },
    { id: 'a', upgrade: [], branch_labels: '' },
    { id: 'a', upgrade: [], author: 'me' },
  ]
  for (const one of documents) {
    assert.equal(documentFindings(one).length === 0, document(one), JSON.stringify(one))
  }
})

Deno.test('editors take ids that look like something else', () => {
  for (const id of ['a', 123, 12e300, true, null]) assert.equal(document({ id, upgrade: [] }), true)
  for (const id of ['a@b', 'a b', 'a-b', 'a'.repeat(33), '', ['a']]) {
    assert.equal(document({ id, upgrade: [] }), false, String(id))
  }
})

Deno.test('a misspelt operation is one error to ajv too', () => {
  const all = new Ajv2020({ allErrors: true, strict: false }).compile(revisionSchema())
  all({ id: 'a', upgrade: [{ create_tabel: { name: 'x' } }] })
  assert.deepEqual(all.errors?.map((one) => one.keyword), ['additionalProperties'])
})

Deno.test('numbers of fields and their ends', () => {
  const message = (schema: JsonSchema, data: unknown) =>
    findings(schema, data, ['x']).map((one) => one.problem.message)
  assert.deepEqual(message({ type: 'integer', minimum: 1 }, 0), ['"x" must be at least 1'])
  assert.deepEqual(message({ type: 'integer', maximum: 1 }, 2), ['"x" must be at most 1'])
  assert.deepEqual(message({ type: 'integer' }, 1.5), ['"x" takes a whole number, found the number 1.5'])
  assert.deepEqual(message({ type: 'string', maxLength: 1 }, 'ab'), ['"x" has more than 1 characters'])
  assert.deepEqual(message({ type: 'string', maxLength: 1 }, '😀'), [])
  assert.deepEqual(message({ type: 'array', maxItems: 1 }, [1, 2]), ['"x" must have at most 1 items'])
  assert.deepEqual(message({ type: 'object', minProperties: 1 }, {}), ['"x" must not be empty'])
  assert.deepEqual(message({ type: 'object', maxProperties: 1 }, { a: 1, b: 2 }), [
    '"x" takes at most 1 fields',
  ])
  assert.deepEqual(message({ const: 'a' }, 'b'), ['"x" takes a, found text "b"'])
})

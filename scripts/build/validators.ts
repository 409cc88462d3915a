/**
 * ajv's functions for the shapes of revisions, of models and of limbeck.yaml, written when limbeck is built: the place of
 * `src/revision/shape/compiler.ts` is taken by a module that has them all.
 */
import standaloneCode from 'ajv/dist/standalone/index.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { configShape } from '../../src/cli/config/shape.ts'
import { MODELS_SHAPE } from '../../src/models/shape.ts'
import { DEFINITIONS } from '../../src/ops/index.ts'
import { DOCUMENT_SHAPE } from '../../src/revision/document.ts'
import type { JsonSchema } from '../../src/revision/shape/json-schema.ts'
import type { Bundler } from './native.ts'

/** Where a shape is found when limbeck runs, from `src/revision/shape/`, and its function's name. */
interface Ready {
  readonly name: string
  readonly shape: object
  readonly found: string
}

function shapes(): Ready[] {
  return [
    { name: 'document', shape: DOCUMENT_SHAPE, found: 'DOCUMENT_SHAPE' },
    { name: 'config', shape: configShape, found: 'configShape' },
    { name: 'models', shape: MODELS_SHAPE, found: 'MODELS_SHAPE' },
    ...DEFINITIONS.map(({ kind, shape }, i) => ({ name: kind, shape, found: `DEFINITIONS[${i}].shape` })),
  ]
}

/**
 * A schema whose mappings, however deep, are schemas of their own, those that are the same only one. Each is a small
 * function then: just-in-time compilers spend longer on one that holds a whole table than it ever takes to run.
 * @param parts gets the schemas by their names, which refer to each other
 */
function apart(schema: JsonSchema, parts: Map<string, string>): JsonSchema {
  const inner = (one: JsonSchema): JsonSchema => {
    const own = apart(one, parts)
    if (own.properties === undefined) return own
    const text = JSON.stringify(own)
    if (!parts.has(text)) parts.set(text, `part_${parts.size}`)
    return { $ref: parts.get(text)! } as JsonSchema
  }
  const each = (all: Readonly<Record<string, JsonSchema>>) =>
    Object.fromEntries(Object.entries(all).map(([key, one]) => [key, inner(one)]))
  const { description: _, ...bare } = schema
  const { properties, patternProperties, additionalProperties: others, items, anyOf } = bare
  return {
    ...bare,
    ...(properties === undefined ? {} : { properties: each(properties) }),
    ...(patternProperties === undefined ? {} : { patternProperties: each(patternProperties) }),
    ...(typeof others === 'object' ? { additionalProperties: inner(others) } : {}),
    ...(items === undefined ? {} : { items: inner(items) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(inner) }),
  }
}

/**
 * The code with its inner functions looking at a piece of data once: what is written alike in many files is one
 * (`src/revision/yaml/quick-flow.ts`). What is exported stays as it is: it tells its errors.
 */
function remembering(code: string): string {
  const names = [...code.matchAll(/function (validate\d+)\(/g)].map(([, name]) => name!)
    .filter((name) => !code.includes(`= ${name};`))
  return `${code}
function once(validate) {
  const valid = new WeakSet()
  const remembered = (data, at) => {
    if (valid.has(data)) return true
    const isValid = validate(data, at)
    if (isValid && typeof data === 'object' && data !== null) valid.add(data)
    return isValid
  }
  return Object.assign(remembered, { evaluated: validate.evaluated })
}
${names.map((name) => `${name} = once(${name})`).join('\n')}`
}

/** The text of the module: each shape, the very object, with its function. */
function ready(): string {
  const all = shapes()
  const ajv = new Ajv2020({
    strict: false,
    meta: false,
    messages: false,
    validateSchema: false,
    inlineRefs: false,
    code: { source: true, esm: true },
  })
  const parts = new Map<string, string>()
  for (const { name, shape } of all) ajv.addSchema(apart(shape as JsonSchema, parts), name)
  for (const [text, name] of parts) ajv.addSchema(JSON.parse(text), name)
  const code = standaloneCode.default(ajv, Object.fromEntries(all.map(({ name }) => [`of_${name}`, name])))
  return `import { DEFINITIONS } from '../../ops/index.ts'
import { configShape } from '../../cli/config/shape.ts'
import { MODELS_SHAPE } from '../../models/shape.ts'
import { DOCUMENT_SHAPE } from '../document.ts'
import { fault } from '../../problem.ts'
${remembering(code)}
const READY = new Map([${all.map(({ name, found }) => `[${found}, of_${name}]`).join(', ')}])
export async function loadCompiler() {
  return (schema) => READY.get(schema) ?? fault('internal', 'a shape has no ready-made validator')
}
`
}

/** The plugin, for both bundlers. */
export const validators = {
  name: 'validators',
  setup(bundler: Bundler): void {
    bundler.onLoad(
      { filter: /src[\\/]revision[\\/]shape[\\/]compiler\.ts$/ },
      () => ({ contents: ready(), loader: 'js' }),
    )
  },
}

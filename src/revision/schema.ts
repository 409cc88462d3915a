/** The JSON Schema of a revision file, for editors: made from the shapes of the operations. */
import { DEFINITIONS } from '../ops/index.ts'
import { DOCUMENT_SHAPE } from './document.ts'
import type { JsonSchema } from './shape/json-schema.ts'

const { properties } = DOCUMENT_SHAPE

/** To YAML `id: 0123` is a number; to limbeck it is text as written. */
const anyScalar = { type: ['string', 'number', 'boolean', 'null'] }
const id = { ...anyScalar, pattern: '^[^@:+\\-\\s]{1,32}$' }
/** null stands for none of them; in a list it would stand for nothing. */
const oneOrMore = (one: object) => {
  const items = { ...one, type: ['string', 'number', 'boolean'] }
  return [one, { type: 'array', items }]
}
const label = { ...anyScalar, minLength: 1 }

const operations = { type: 'array', items: { $ref: '#/$defs/operation' } }

/**
 * The JSON Schema (draft 2020-12) of a revision file. An operation is one object with a property for every kind, of
 * which it has exactly one: a misspelt one is one mistake, and editors complete it.
 * @returns plain JSON
 */
export function revisionSchema(): Readonly<Record<string, unknown>> {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A revision of limbeck',
    ...DOCUMENT_SHAPE,
    properties: {
      ...properties,
      id: { ...id, description: properties.id.description },
      down_revision: { ...properties.down_revision, anyOf: oneOrMore(id) },
      branch_labels: { ...properties.branch_labels, anyOf: oneOrMore(label) },
      depends_on: { ...properties.depends_on, anyOf: oneOrMore(label) },
      message: { ...anyScalar, description: properties.message.description },
      created: { ...anyScalar, description: properties.created.description },
      upgrade: { ...operations, description: properties.upgrade.description },
      downgrade: { ...properties.downgrade, anyOf: [operations, properties.downgrade.anyOf[1]] },
    },
    $defs: { operation: operationSchema(), ...operationDefs() },
  }
  return JSON.parse(JSON.stringify(schema), (_, value) => isOperation(value) ? NESTED : uncommented(value))
}

/** A schema without what only limbeck reads in it. */
export function uncommented(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const { $comment: _, ...rest } = value as { readonly $comment?: unknown }
  return rest
}

/** An operation inside an operation: `effects` of execute. It has no `only`. */
const NESTED = { $ref: '#/$defs/operation', maxProperties: 1 }

function isOperation(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && '$comment' in schema &&
    schema.$comment === 'operation'
}

function operationSchema() {
  const kinds = DEFINITIONS.map((one) => [one.kind, { $ref: `#/$defs/${one.kind}` }])
  return {
    description: 'One operation.',
    type: 'object',
    additionalProperties: false,
    properties: {
      only: { enum: ['postgres', 'sqlite'], description: 'Only on this database.' },
      ...Object.fromEntries(kinds),
    },
    if: { required: ['only'] },
    then: { minProperties: 2, maxProperties: 2 },
    else: { minProperties: 1, maxProperties: 1 },
  }
}

function operationDefs() {
  return Object.fromEntries(
    DEFINITIONS.map((one) => [one.kind, { ...one.shape, description: one.summary } satisfies JsonSchema]),
  )
}

/** How schemas are written to files: two blanks a level, a line end at the end. */
export function schemaText(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`
}

/** The shape of a models document: lists of what create operations take. */
import type { Section } from '../ops/definition.ts'
import type { JsonSchema } from '../revision/shape/json-schema.ts'
import { uncommented } from '../revision/schema.ts'
import { SECTIONS } from './sections.ts'
import type { SectionKind } from './sections.ts'

const ONLY: JsonSchema = { enum: ['postgres', 'sqlite'], description: 'Only on this database.' }

const was = (what: string): JsonSchema => ({
  type: 'string',
  minLength: 1,
  description: `The name of the ${what} before it was renamed, so that it is not taken for a new one.`,
})

const TITLES: Readonly<Record<Section, string>> = {
  schemas: 'Schemas (PostgreSQL).',
  extensions: 'Extensions (PostgreSQL).',
  enums: 'Enum types. A column may bring its own: { enum: [...], name: … }.',
  domains: 'Domains (PostgreSQL).',
  tables: 'Tables.',
  sequences: 'Sequences (PostgreSQL) that are not those of serial and identity columns.',
  functions: 'Functions (PostgreSQL).',
  procedures: 'Procedures (PostgreSQL).',
  views: 'Views.',
  materialized_views: 'Materialized views (PostgreSQL).',
  triggers: 'Triggers.',
  row_level_security: 'Tables with row level security (PostgreSQL).',
  no_row_level_security: 'Tables without it that have something to say about it all the same (PostgreSQL).',
  policies: 'Policies of row level security (PostgreSQL).',
  grants: 'Privileges (PostgreSQL).',
  revokes: 'Privileges that PostgreSQL gives everybody by itself, and that are taken away.',
}

/** The fields of an item, with those that say what it was called before. */
function withHints(section: Section, fields: JsonSchema['properties'] = {}): JsonSchema['properties'] {
  if (section === 'enums') return { ...fields, was: was('enum') }
  if (section !== 'tables') return fields
  const { columns, ...others } = fields
  return {
    ...others,
    was: was('table'),
    columns: {
      ...columns,
      items: { ...columns?.items, properties: { ...columns?.items?.properties, was: was('column') } },
    },
  }
}

function itemShape({ section, definition }: SectionKind): JsonSchema {
  const shape = definition.shape as JsonSchema
  return { ...shape, properties: { ...withHints(section, shape.properties), only: ONLY } }
}

/** The shape of a models document, for checking it. */
export const MODELS_SHAPE: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(
    SECTIONS.map((one) => [
      one.section,
      { type: 'array', description: TITLES[one.section], items: itemShape(one) },
    ]),
  ),
}

/**
 * The JSON Schema (draft 2020-12) of a models document, for editors.
 * @returns plain JSON
 */
export function modelsSchema(): Readonly<Record<string, unknown>> {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Models of limbeck: the schema that a database shall have',
    ...MODELS_SHAPE,
  }
  return JSON.parse(JSON.stringify(schema), (_, value) => uncommented(value))
}

/** The part of JSON Schema (draft 2020-12) that shapes are made of. */

/** A schema. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly description?: string
  /** `operation`: the mapping is an operation as files write it, checked as one. */
  readonly $comment?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
}

/** The keywords that `validate.ts` understands; a test holds every shape to them. */
export const KEYWORDS: ReadonlySet<string> = new Set([
  ...['type', 'description', '$comment', 'properties', 'required', 'additionalProperties'],
  ...['patternProperties', 'minProperties', 'maxProperties', 'items', 'minItems', 'maxItems', 'uniqueItems'],
  ...[
    'enum',
    'const',
    'anyOf',
    'minLength',
    'maxLength',
    'pattern',
    'minimum',
    'exclusiveMinimum',
    'maximum',
  ],
])

/**
 * Why data does not have a shape, as problems that a person can use. ajv (`validator.ts`) decides whether it has it;
 * of a union ajv complains about every branch, while this chooses the one that was meant. It knows the keywords that
 * shapes are made of and no others; tests hold it against ajv.
 */
import { didYouMean } from '../../problem.ts'
import type { Path, Problem } from '../../problem.ts'
import type { JsonSchema } from './json-schema.ts'
import { calledHere, needless } from './other-words.ts'
import { expected, found, label, listed } from './wording.ts'

export type { JsonSchema } from './json-schema.ts'

/** A problem, and whether it stands at the key its path ends with, or at the value. */
export interface Finding {
  readonly problem: Problem & { readonly path: Path }
  readonly at: 'key' | 'value'
}

/**
 * What is wrong with data, in its own order; one finding a mistake.
 * @param path where the data stands in its document; the findings' paths begin with it
 */
export function findings(schema: JsonSchema, data: unknown, path: Path = []): Finding[] {
  if (schema.anyOf !== undefined) return unionFindings(schema, schema.anyOf, data, path)
  if (!hasType(schema, data)) return [wrongType(schema, data, path)]
  const word = wordFindings(schema, data, path)
  if (word.length > 0) return word
  if (typeof data === 'string') return textFindings(schema, data, path)
  if (typeof data === 'number') return numberFindings(schema, data, path)
  if (Array.isArray(data)) return listFindings(schema, data, path)
  if (isMapping(data)) return mappingFindings(schema, data, path)
  return []
}

/** A finding at the value of a path. */
export function finding(code: string, message: string, path: Path, hint?: string): Finding {
  return {
    at: 'value',
    problem: { code, severity: 'error', message, path, ...(hint === undefined ? {} : { hint }) },
  }
}

export function isMapping(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data)
}

/** JSON Schema's types of a value: an integer is a number too. */
function typesOf(data: unknown): readonly string[] {
  if (data === null) return ['null']
  if (Array.isArray(data)) return ['array']
  if (typeof data === 'number') return Number.isInteger(data) ? ['integer', 'number'] : ['number']
  return [typeof data]
}

function hasType(schema: JsonSchema, data: unknown): boolean {
  if (schema.type === undefined) return true
  const allowed = typeof schema.type === 'string' ? [schema.type] : schema.type
  return typesOf(data).some((type) => allowed.includes(type))
}

function wrongType(schema: JsonSchema, data: unknown, path: Path): Finding {
  const message = `${label(path)} takes ${expected(schema)}, found ${found(data)}`
  return finding('wrong-type', message, path, typeHint(schema, [schema], data))
}

/** @param branches the schema, or what it is a union of */
function typeHint(schema: JsonSchema, branches: readonly JsonSchema[], data: unknown): string | undefined {
  const types = branches.flatMap((branch) => branch.type ?? [])
  if (isMapping(data) && Object.keys(data).length > 0 && types.every((type) => type === 'array')) {
    const item = branches.find(({ type }) => type === 'array')?.items
    return `it is a list: begin each of its items with "- "${inBraces(', as in "- ', item, '"')}`
  }
  // A list of operations: no text can be one.
  if (branches.some(({ type, items }) => type === 'array' && items === undefined)) return schema.description
  if (data === null) return undefined
  if (types.includes('boolean') && typeof data === 'string') {
    if (/^(yes|on|y|true)$/i.test(data)) return 'write true'
    if (/^(no|off|n|false)$/i.test(data)) return 'write false'
  }
  if (typeof data === 'object') return undefined
  if (types.includes('string')) return `put it in quotes: "${data}"`
  if (types.includes('array')) return `write it in brackets: [${data}]`
  return inBraces('write it as ', branches.length === 1 ? branches[0] : undefined, '') || undefined
}

/** `{ name: …, type: … }` between two texts; empty where nothing is needed. */
function inBraces(before: string, schema: JsonSchema | undefined, after: string): string {
  const needed = schema?.required ?? []
  return needed.length === 0 ? '' : `${before}{ ${needed.map((one) => `${one}: …`).join(', ')} }${after}`
}

function wordFindings(schema: JsonSchema, data: unknown, path: Path): Finding[] {
  const words = schema.enum ?? ('const' in schema ? [schema.const] : undefined)
  if (words === undefined || words.includes(data)) return []
  const near = typeof data === 'string' ? nearWord(data, words.map(String)) : undefined
  const message = `${label(path)} takes ${expected(schema)}, found ${found(data)}`
  return [finding('unknown-word', message, path, near && `did you mean "${near}"?`)]
}

function nearWord(written: string, words: readonly string[]): string | undefined {
  return didYouMean(written, words) ?? words.find((word) => word.startsWith(`${written}_`))
}

function textFindings(schema: JsonSchema, data: string, path: Path): Finding[] {
  const length = [...data].length
  if (length < (schema.minLength ?? 0)) {
    return [finding('empty-text', `${label(path)} must not be empty`, path)]
  }
  if (length > (schema.maxLength ?? Infinity)) {
    return [finding('long-text', `${label(path)} has more than ${schema.maxLength} characters`, path)]
  }
  if (schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(data)) return []
  const message = `${label(path)} cannot be ${found(data)}`
  return [finding('bad-text', message, path, schema.description)]
}

function numberFindings(schema: JsonSchema, data: number, path: Path): Finding[] {
  const { minimum = -Infinity, exclusiveMinimum = -Infinity, maximum = Infinity } = schema
  if (data < minimum) return [finding('out-of-range', `${label(path)} must be at least ${minimum}`, path)]
  if (data <= exclusiveMinimum) {
    return [finding('out-of-range', `${label(path)} must be more than ${exclusiveMinimum}`, path)]
  }
  if (data > maximum) return [finding('out-of-range', `${label(path)} must be at most ${maximum}`, path)]
  return []
}

function listFindings(schema: JsonSchema, data: readonly unknown[], path: Path): Finding[] {
  const { minItems = 0, maxItems = Infinity, items } = schema
  if (data.length < minItems) {
    const least = minItems === 1 ? 'must not be empty' : `must have at least ${minItems} items`
    return [finding('empty-list', `${label(path)} ${least}`, path)]
  }
  if (data.length > maxItems) {
    return [finding('long-list', `${label(path)} must have at most ${maxItems} items`, path)]
  }
  const wrong = items === undefined ? [] : data.flatMap((item, i) => findings(items, item, [...path, i]))
  return schema.uniqueItems && wrong.length === 0 ? repeated(data, path) : wrong
}

function repeated(data: readonly unknown[], path: Path): Finding[] {
  const seen = new Set<string>()
  return data.flatMap((item, i) => {
    const text = JSON.stringify(item)
    if (!seen.has(text)) return seen.add(text) && []
    return [finding('repeated-item', `${label(path)} has ${found(item)} twice`, [...path, i])]
  })
}

function mappingFindings(schema: JsonSchema, data: Readonly<Record<string, unknown>>, path: Path): Finding[] {
  const size = Object.keys(data).length
  if (size < (schema.minProperties ?? 0)) {
    return [finding('empty-mapping', `${label(path)} must not be empty`, path)]
  }
  if (size > (schema.maxProperties ?? Infinity)) {
    return [finding('large-mapping', `${label(path)} takes at most ${schema.maxProperties} fields`, path)]
  }
  const unknown = Object.keys(data).filter((key) => fieldSchema(schema, key) === false)
  const missing = (schema.required ?? []).filter((key) => !Object.hasOwn(data, key))
  const absent = Object.keys(schema.properties ?? {}).filter((key) => !Object.hasOwn(data, key))
  const called = unknown.map((key) => calledHere(key, absent))
  const near = unknown.map((key) => didYouMean(key, missing) ?? didYouMean(key, absent))
  const hints = unknown.map((key, i) => {
    if (called[i] !== undefined) return `it is called "${called[i]}" here`
    return near[i] === undefined ? needless(key) ?? commaHint(data, key) : `did you mean "${near[i]}"?`
  })
  const meant = unknown.map((_, i) => called[i] ?? near[i])
  return [
    // Of one value cut at commas the first piece is told.
    ...unknown.flatMap((key, i) =>
      i > 0 && isPiece(data, key) && hints[i] === hints[i - 1]
        ? []
        : unknownField(schema, key, hints[i], path)
    ),
    // A misspelt field is one mistake, not one too many and one too few.
    ...missing.filter((key) => !meant.includes(key)).map((key) => missingField(schema, key, path)),
    ...Object.entries(data).flatMap(([key, value]) => {
      const field = fieldSchema(schema, key)
      return typeof field === 'object' ? findings(field, value, [...path, key]) : []
    }),
  ]
}

/** The schema of a field; false: there is no such field; true: anything goes. */
function fieldSchema(schema: JsonSchema, key: string): JsonSchema | boolean {
  const { properties = {}, patternProperties = {}, additionalProperties = true } = schema
  if (Object.hasOwn(properties, key)) return properties[key]!
  const matching = Object.entries(patternProperties).find(([pattern]) => new RegExp(pattern, 'u').test(key))
  return matching?.[1] ?? additionalProperties
}

function unknownField(schema: JsonSchema, key: string, hint: string | undefined, path: Path): Finding {
  const fields = `its fields are ${listed(Object.keys(schema.properties ?? {}), 'and')}`
  return { ...finding('unknown-field', `unknown field "${key}"`, [...path, key], hint ?? fields), at: 'key' }
}

/** In braces a comma ends a value; what stands behind it is read as a field of which nothing is said. */
function isPiece(data: Readonly<Record<string, unknown>>, key: string): boolean {
  return data[key] === null
}

function commaHint(data: Readonly<Record<string, unknown>>, key: string): string | undefined {
  if (!isPiece(data, key)) return undefined
  const keys = Object.keys(data)
  const end = keys.findIndex((one, i) => i > keys.indexOf(key) && !isPiece(data, one))
  const upTo = keys.slice(0, end === -1 ? keys.length : end)
  const from = upTo.findLastIndex((one) => !isPiece(data, one))
  const value = data[upTo[from] ?? key]
  if (typeof value !== 'string') return undefined
  return `put a value with a comma in quotes: ${upTo[from]}: "${[value, ...upTo.slice(from + 1)].join(', ')}"`
}

function missingField(schema: JsonSchema, key: string, path: Path): Finding {
  const description = schema.properties?.[key]?.description
  const hint = description === undefined ? undefined : `${key}: ${description}`
  const at = typeof path.at(-1) === 'string' ? 'key' : 'value'
  return { ...finding('missing-field', `missing field "${key}"`, path, hint), at }
}

/** One problem for a union: of the branch that was most likely meant, or that none fits. */
function unionFindings(
  schema: JsonSchema,
  branches: readonly JsonSchema[],
  data: unknown,
  path: Path,
): Finding[] {
  const fitting = branches.filter((branch) => branch.anyOf !== undefined || hasType(branch, data))
  if (fitting.length === 0) {
    const message = `${label(path)} takes ${expected(schema)}, found ${found(data)}`
    return [finding('wrong-type', message, path, typeHint(schema, branches, data))]
  }
  const tried = fitting.map((branch) => ({ branch, wrong: findings(branch, data, path) }))
  const right = tried.find(({ wrong }) => wrong.length === 0)
  if (right !== undefined) return []
  if (tried.length === 1 || !isMapping(data)) return tried[0]!.wrong.slice(0, 1)
  return mappingUnionFindings(fitting, data, path)
}

/** The branch with most of the fields that were written; if it has none of them, all branches are offered. */
function mappingUnionFindings(
  branches: readonly JsonSchema[],
  data: Readonly<Record<string, unknown>>,
  path: Path,
): Finding[] {
  const keys = Object.keys(data)
  const score = (branch: JsonSchema) =>
    keys.filter((key) => Object.hasOwn(branch.properties ?? {}, key)).length
  const best = branches.reduce((a, b) => score(b) > score(a) ? b : a)
  if (score(best) > 0) return findings(best, data, path)
  const [key] = keys
  const forms = branches.map((branch) =>
    `{ ${(branch.required ?? Object.keys(branch.properties ?? {})).join(', ')} }`
  )
  const hint = `write ${listed(forms, 'or')}`
  if (key === undefined) return [finding('empty-mapping', `${label(path)} must not be empty`, path, hint)]
  const near = didYouMean(key, branches.flatMap((branch) => Object.keys(branch.properties ?? {})))
  const meant = near === undefined ? hint : `did you mean "${near}"?`
  return [{ ...finding('unknown-field', `unknown field "${key}"`, [...path, key], meant), at: 'key' }]
}

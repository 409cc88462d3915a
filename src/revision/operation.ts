/** Operations as YAML writes them: `{ create_table: { … }, only: postgres }` ↔ `{ op: 'create_table', … }`. */
import { didYouMean } from '../problem.ts'
import type { Path } from '../problem.ts'
import { DEFINITIONS, findDefinition } from '../ops/index.ts'
import type { Operation } from '../ops/index.ts'
import { finding, findings, isMapping } from './shape/validate.ts'
import { wrong } from './shape/validator.ts'
import type { Finding } from './shape/validate.ts'
import type { JsonSchema } from './shape/json-schema.ts'
import { found } from './shape/wording.ts'

const ONLY: JsonSchema = { enum: ['postgres', 'sqlite'] }

/** An operation of a file: one key names it, `only` may stand beside. */
export type WrittenOperation = Readonly<Record<string, unknown>>

/** What is wrong with a list of operations. */
export function operationsFindings(data: readonly unknown[], path: Path): Finding[] {
  return data.flatMap((item, i) => operationFindings(item, [...path, i]))
}

/** What is wrong with one item of a list of operations. @param path of the item */
export function operationFindings(data: unknown, path: Path): Finding[] {
  if (!isMapping(data)) {
    const hint = 'write it as `- create_table: { … }`'
    return [finding('wrong-type', `an operation is expected here, found ${found(data)}`, path, hint)]
  }
  const written = Object.keys(data)
  const [one = ''] = written
  // Nearly all are written so, and there may be thousands.
  if (written.length === 1 && findDefinition(one) !== undefined) {
    return fieldsFindings(one, data[one], [...path, one])
  }
  const keys = written.filter((key) => key !== 'only')
  const kinds = keys.filter((key) => findDefinition(key) !== undefined)
  const only = 'only' in data ? findings(ONLY, data.only, [...path, 'only']) : []
  const [kind, second] = kinds
  if (second !== undefined) {
    const message = `two operations in one item: "${kind}" and "${second}"`
    return [atKey('two-operations', message, [...path, second], `begin "${second}" with a dash of its own`)]
  }
  const strange = keys.filter((key) => key !== kind).map((key) => strangeKey(key, kind, path))
  if (kind !== undefined) {
    // Fields that stand beside the operation are missing inside it: one mistake.
    if (strange.length > 0 && data[kind] === null) return [...only, ...strange.slice(0, 1)]
    return [...only, ...strange, ...fieldsFindings(kind, data[kind], [...path, kind])]
  }
  if (strange.length > 0) return [...only, ...strange]
  const hint = 'write it as `- create_table: { … }`'
  return [...only, finding('missing-operation', 'the operation is missing', path, hint)]
}

function fieldsFindings(kind: string, data: unknown, path: Path): Finding[] {
  const shape = findDefinition(kind)!.shape as JsonSchema
  const inner = operationLists(shape).flatMap((field) => {
    const list = isMapping(data) ? data[field] : undefined
    return Array.isArray(list) ? operationsFindings(list, [...path, field]) : []
  })
  const outer = wrong(shape, data, path).map((one) => outside(one, kind, path))
  if (inner.length === 0) return outer
  // What is wrong inside an operation says more than that the list is not what it should be.
  const told = new Set(inner.map(({ problem }) => problem.path[path.length]))
  return [...outer.filter(({ problem }) => !told.has(problem.path[path.length])), ...inner]
}

/** `only` written among the fields of an operation. */
function outside(found: Finding, kind: string, path: Path): Finding {
  const { code, path: at = [] } = found.problem
  if (code !== 'unknown-field' || at.length !== path.length + 1 || at.at(-1) !== 'only') return found
  const message = `"only" stands in "${kind}", not beside it`
  return atKey(
    code,
    message,
    [...path, 'only'],
    `write \`only\` beside the operation: as far out as "${kind}:"`,
  )
}

const lists = new WeakMap<JsonSchema, readonly string[]>()

/** The fields that hold operations: `effects` of execute. */
function operationLists(shape: JsonSchema): readonly string[] {
  const known = lists.get(shape)
  if (known !== undefined) return known
  const holds = (field: JsonSchema): boolean =>
    field.items?.$comment === 'operation' || (field.anyOf ?? []).some(holds)
  const fields = Object.entries(shape.properties ?? {}).filter(([, field]) => holds(field)).map(([key]) =>
    key
  )
  lists.set(shape, fields)
  return fields
}

function strangeKey(key: string, kind: string | undefined, path: Path): Finding {
  if (kind !== undefined) {
    const fields = Object.keys((findDefinition(kind)!.shape as JsonSchema).properties ?? {})
    if (fields.includes(key)) {
      const message = `"${key}" stands beside "${kind}", not in it`
      return atKey('unknown-field', message, [...path, key], `indent it under "${kind}:"`)
    }
    if (didYouMean(key, ['only']) !== undefined) {
      return atKey('unknown-field', `unknown field "${key}"`, [...path, key], 'did you mean "only"?')
    }
  }
  const hint = kindHint(key) ?? '`limbeck explain` lists them; SQL as written is `execute: { sql: … }`'
  return atKey('unknown-operation', `unknown operation "${key}"`, [...path, key], hint)
}

/** What was meant by a word that is no operation: a misspelt one, or one of Alembic's. */
export function kindHint(written: string): string | undefined {
  const word = written.replace(/^.*\./, '')
  if (word === 'batch_alter_table') {
    return 'no batch is needed: write the operations alone; where SQLite cannot alter a table, one rebuild does those in a row'
  }
  const near = didYouMean(word, DEFINITIONS.map((one) => one.kind)) ?? sameWords(word)
  return near && `did you mean "${near}"?`
}

/** `table_create`, `createTable`: the right words, put otherwise. */
function sameWords(key: string): string | undefined {
  const words = (text: string) =>
    text.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase().split(/[_\W]+/).sort().join(' ')
  const wanted = words(key)
  return DEFINITIONS.find((one) => words(one.kind) === wanted)?.kind
}

function atKey(code: string, message: string, path: Path, hint: string): Finding {
  return { ...finding(code, message, path, hint), at: 'key' }
}

/** The operation of an item in which nothing was found to be wrong. */
export function toOperation(written: WrittenOperation): Operation {
  const kind = kindOf(written)
  const { only } = written
  const fields = written[kind] as Record<string, unknown>
  return { op: kind, ...(only === undefined ? {} : { only }), ...fields } as unknown as Operation
}

/** What a file says for an operation. */
export function fromOperation(operation: Operation): WrittenOperation {
  const { op, only, ...fields } = operation
  return { ...(only === undefined ? {} : { only }), [op]: fields }
}

/** The key that names the operation of an item. */
export function kindOf(written: WrittenOperation): string {
  return Object.keys(written).find((key) => key !== 'only')!
}

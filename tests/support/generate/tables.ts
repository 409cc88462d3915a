/** Generated columns and tables, in the form in which YAML writes them. */
import type { Dialect } from '../../../src/dialect/dialect.ts'
import type { Column, Model, Table } from '../../../src/model/model.ts'
import type { Yaml } from '../operation-yaml.ts'
import { chance, count, freshName, oneOf, quoted, some } from './choose.ts'
import type { Choices } from './choose.ts'

interface TypeChoice {
  readonly type: unknown
  readonly defaults: readonly unknown[]
}

const NOW = { sql: 'CURRENT_TIMESTAMP' }

const TYPES: readonly TypeChoice[] = [
  { type: 'integer', defaults: [0, -1, 42, { sql: '1 + 1' }] },
  { type: 'varchar', defaults: ['', 'x', `it's`, 'a "b"'] },
  { type: 'varchar(30)', defaults: ['x'] },
  { type: 'text', defaults: ['back\\slash', 'two\nlines', '5'] },
  { type: 'char(3)', defaults: ['abc'] },
  { type: 'smallint', defaults: [1] },
  { type: 'bigint', defaults: [9007199254740991] },
  { type: 'boolean', defaults: [true, false] },
  { type: 'real', defaults: [0.5] },
  { type: 'double', defaults: [1.25] },
  { type: 'numeric', defaults: [1.5] },
  { type: 'numeric(10, 2)', defaults: [1.5, 0] },
  { type: 'date', defaults: ['2024-01-31', { sql: 'CURRENT_DATE' }] },
  { type: 'time', defaults: ['12:00:00'] },
  { type: 'timestamp', defaults: [NOW] },
  { type: 'timestamptz', defaults: [NOW] },
  { type: 'interval', defaults: [] },
  { type: 'bytea', defaults: [] },
  { type: 'json', defaults: ['{}'] },
  { type: 'jsonb', defaults: ['[]'] },
  { type: 'uuid', defaults: [] },
]

const POSTGRES_TYPES: readonly TypeChoice[] = [
  { type: 'integer[]', defaults: [{ sql: `'{}'` }] },
  { type: 'text[]', defaults: [] },
  { type: 'timetz', defaults: [] },
  { type: 'timestamptz(3)', defaults: [NOW] },
  { type: { native: 'inet' }, defaults: [] },
]

/** Types whose values can be compared on every dialect, so that they can be keys. */
const UNCOMPARABLE = ['json', 'native', 'array']

export function isKeyable(column: Column): boolean {
  return !UNCOMPARABLE.includes(column.type.kind)
}

function enumChoice(choices: Choices, model: Model): TypeChoice {
  const known = model.enums.length > 0 && chance(choices, 50) ? oneOf(choices, model.enums) : undefined
  if (known !== undefined) return { type: { enum: known.name }, defaults: known.values }
  const taken = new Set([...model.enums, ...model.tables].map((one) => one.name.toLowerCase()))
  const values = some(choices, ['new', 'Old', `it's`, 'two words', 'ä'])
  return { type: { enum: values, name: freshName(choices, taken) }, defaults: values }
}

/** A column that no constraint asks anything of. */
export function column(
  choices: Choices,
  model: Model,
  dialect: Dialect,
  taken: ReadonlySet<string>,
): Yaml {
  const own = dialect.name === 'postgres' ? [...TYPES, ...POSTGRES_TYPES] : TYPES
  const { type, defaults } = chance(choices, 12) ? enumChoice(choices, model) : oneOf(choices, own)
  return {
    name: freshName(choices, taken),
    type,
    ...(chance(choices, 30) ? { nullable: false } : {}),
    ...(defaults.length > 0 && chance(choices, 30) ? { default: oneOf(choices, defaults) } : {}),
    ...(chance(choices, 10) ? { comment: `what it's for` } : {}),
  }
}

const KEY_TYPES = ['integer', 'bigint', 'uuid', 'varchar(20)', 'text']

/** The integer columns of a list, quoted, for checks and generated columns. */
function integers(columns: readonly Yaml[]): string[] {
  return columns.filter(({ type, generated }) => type === 'integer' && generated === undefined)
    .map(({ name }) => quoted(String(name)))
}

function more(choices: Choices, columns: Yaml[], model: Model, dialect: Dialect): void {
  const taken = () => new Set(columns.map(({ name }) => String(name).toLowerCase()))
  for (let i = count(choices, 0, 4); i > 0; i--) columns.push(column(choices, model, dialect, taken()))
  const [base] = integers(columns)
  if (base !== undefined && chance(choices, 15)) {
    const generated = { sql: `${base} + 1` }
    columns.push({ name: freshName(choices, taken()), type: 'integer', generated })
  }
  const targets = model.tables.filter(singleKey)
  if (targets.length > 0 && chance(choices, 50)) {
    const target = oneOf(choices, targets)
    const key = target.columns.find((one) => one.name === target.primaryKey!.columns[0])!
    columns.push({
      name: freshName(choices, taken()),
      type: keyType(key),
      references: {
        table: target.name,
        column: key.name,
        ...(chance(choices, 30) ? { on_delete: oneOf(choices, ['cascade', 'set_null', 'restrict']) } : {}),
        ...(chance(choices, 20) ? { name: `fk ${columns.length} of ${model.tables.length}` } : {}),
        ...(chance(choices, 10) ? { deferrable: true, initially: 'deferred' } : {}),
      },
    })
  }
}

function singleKey(table: Table): boolean {
  const [only, ...others] = table.primaryKey?.columns ?? []
  const key = table.columns.find((one) => one.name === only)
  return key !== undefined && others.length === 0 && keyType(key) !== undefined
}

/** What YAML writes for the type of a key. */
function keyType({ type }: Column): string | undefined {
  return KEY_TYPES.find((one) => one.replace(/\(.*/, '') === type.kind)
}

/** Unnamed and named constraints and indexes over the columns. */
function extras(choices: Choices, columns: readonly Yaml[], name: string): Yaml {
  const keyable = columns.filter(({ type }) => typeof type === 'string' && !/json$|\[\]/.test(type))
    .map((one) => String(one.name))
  const [base] = integers(columns)
  const short = [...name].slice(0, 12).join('')
  const named = (label: string) => chance(choices, 40) ? { name: `${short} ${label}` } : {}
  const unique = keyable.length > 0 && chance(choices, 25)
    ? [{ ...named('uq'), columns: some(choices, keyable, 2) }]
    : undefined
  const checks = base !== undefined && chance(choices, 30)
    ? [{
      ...named('ck'),
      condition: `${base} ${oneOf(choices, ['> 0', '<> 7', 'IN (1, 2, 3)', 'IS NOT NULL'])}`,
    }]
    : undefined
  const indexes = keyable.length > 0 && chance(choices, 35)
    ? [{
      name: `${short} ix`,
      columns: some(choices, keyable, 2).map((one) =>
        chance(choices, 20) ? { column: one, sort: 'desc' } : one
      ),
      ...(chance(choices, 30) ? { unique: true } : {}),
      ...(base !== undefined && chance(choices, 20) ? { where: `${base} > 5` } : {}),
    }]
    : undefined
  return Object.fromEntries(
    Object.entries({ unique, checks, indexes }).filter(([, value]) => value !== undefined),
  )
}

/** A create_table that the model takes. */
export function createTable(choices: Choices, model: Model, dialect: Dialect): Yaml {
  const taken = new Set([...model.tables, ...model.enums].map((one) => one.name.toLowerCase()))
  const name = freshName(choices, taken)
  const columns: Yaml[] = []
  const composite = chance(choices, 15)
  if (chance(choices, 85) || composite) {
    const type = oneOf(choices, KEY_TYPES)
    const serial = type === 'integer' && chance(choices, 20) ? { identity: 'by_default' } : {}
    columns.push({
      name: freshName(choices, new Set()),
      type,
      primary_key: true,
      ...(composite ? {} : serial),
    })
    if (composite) columns.push({ name: 'part', type: 'integer', primary_key: true })
  }
  more(choices, columns, model, dialect)
  if (columns.length === 0) columns.push({ name: 'only', type: 'integer' })
  const comment = chance(choices, 10) ? { comment: `Of "${name}"` } : {}
  return { create_table: { name, columns, ...extras(choices, columns, name), ...comment } }
}

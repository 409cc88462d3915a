/** Tables of generated schemas: every field of columns, constraints and indexes. */
import { find } from '../../../src/model/edit.ts'
import type { Yaml } from '../operation-yaml.ts'
import { chance, oneOf, some } from './choose.ts'
import { maybe } from './schema.ts'
import type { Making } from './schema.ts'

const TABLES = ['users', 'Orders', 'user items']
const KEY_TYPES = ['integer', 'bigint', 'uuid']

/** Some of three tables, each of which may refer to those before it. */
export function tables(making: Making): void {
  for (const name of TABLES) if (chance(making.choices, 75)) table(making, name)
}

function table(making: Making, name: string): void {
  const { choices, dialect, take } = making
  const columns = [idColumn(making), ...plainColumns(making), ...ownColumns(making)]
  const has = (column: string) => columns.some((one) => one['name'] === column)
  const postgres = dialect.name === 'postgres'
  take({
    create_table: {
      name,
      columns,
      ...maybe(choices, 30, () => ({ unique: [unique(making, has, name)] })),
      ...maybe(choices, 40, () => ({ checks: [check(making, has, name)] })),
      ...maybe(choices, 50, () => ({ indexes: [index(making, has, name, 1)] })),
      ...maybe(choices, postgres ? 20 : 0, () => ({ comment: oneOf(choices, ['a table', `it's`]) })),
      ...(postgres ? exclusion(making, has, name) : {}),
      ...options(making, columns, name),
    },
  })
  if (chance(choices, 40)) {
    const { name: own, columns: keys, ...more } = index(making, has, name, 2) as Yaml & { name: string }
    take({ create_index: { name: own, table: name, columns: keys, ...more } })
  }
}

/** Nobody refers to the last table, so that it may be UNLOGGED. */
function options({ choices, dialect }: Making, columns: readonly Yaml[], name: string): Yaml {
  if (dialect.name === 'postgres') {
    return {
      ...maybe(choices, name === TABLES.at(-1) ? 30 : 0, () => ({ unlogged: true })),
      ...maybe(choices, 20, () => ({ with: { fillfactor: oneOf(choices, [50, 80]) } })),
    }
  }
  const key = columns.some((one) => one['primary_key'] === true && one['autoincrement'] !== true)
  return {
    ...maybe(choices, 20, () => ({ strict: true })),
    ...maybe(choices, key ? 20 : 0, () => ({ without_rowid: true })),
  }
}

function idColumn({ choices, dialect }: Making): Yaml {
  const type = oneOf(choices, KEY_TYPES)
  const numbered = type !== 'uuid'
  const options = { generated: 'by_default', start: 10, increment: 5 }
  const identity = dialect.name === 'postgres' && numbered
    ? maybe(choices, 30, () => ({ identity: oneOf<unknown>(choices, ['always', 'by_default', options]) }))
    : {}
  const serial = dialect.name === 'postgres' && numbered && !('identity' in identity) && chance(choices, 20)
  const counted = dialect.name === 'sqlite' && type === 'integer' && chance(choices, 20)
  return {
    name: 'id',
    type: serial ? (type === 'bigint' ? 'bigserial' : 'serial') : type,
    ...(chance(choices, 90) ? { primary_key: true } : {}),
    ...identity,
    ...(counted ? { autoincrement: true } : {}),
  }
}

/** Columns that both databases have. */
function plainColumns(making: Making): Yaml[] {
  const { choices, dialect } = making
  const postgres = dialect.name === 'postgres'
  const collation = postgres ? ['C', 'POSIX'] : ['NOCASE', 'RTRIM']
  const all: Yaml[] = [
    {
      name: 'count',
      type: oneOf(choices, ['integer', 'integer', 'bigint', 'numeric(10, 2)']),
      ...maybe(choices, 40, () => ({ default: oneOf<unknown>(choices, [0, 7, { sql: '(1 + 2)' }]) })),
      ...maybe(choices, 20, () => ({ nullable: false })),
      ...maybe(choices, 15, () => ({ check: oneOf(choices, ['count > -5', 'count <> 99']) })),
    },
    {
      name: 'Name',
      type: oneOf(choices, ['text', 'varchar(80)', 'varchar']),
      ...maybe(choices, 25, () => ({ collation: oneOf(choices, collation) })),
      ...maybe(
        choices,
        30,
        () => ({ default: oneOf<unknown>(choices, ['x', `it's`, { sql: `lower('X')` }]) }),
      ),
      ...maybe(choices, 15, () => ({ unique: true })),
      ...maybe(choices, postgres ? 20 : 0, () => ({ comment: oneOf(choices, ['a name', 'the name']) })),
    },
    {
      name: 'seen at',
      type: oneOf(choices, ['timestamptz', 'timestamp']),
      ...maybe(choices, 50, () => ({ default: { sql: 'CURRENT_TIMESTAMP' } })),
      ...maybe(choices, 20, () => ({ nullable: false })),
    },
    {
      name: 'double',
      type: 'integer',
      generated: {
        sql: oneOf(choices, ['length("Name") * 2', 'length("Name") + 1']),
        ...maybe(choices, postgres ? 0 : 50, () => ({ stored: false })),
      },
    },
    {
      name: 'flag',
      type: 'boolean',
      ...maybe(choices, 50, () => ({ default: oneOf(choices, [true, false]) })),
    },
    ...reference(making),
  ]
  const kept = all.filter(() => chance(choices, 70))
  return kept.some((one) => one['name'] === 'Name') ? kept : kept.filter((one) => one['name'] !== 'double')
}

function reference({ choices, model }: Making): Yaml[] {
  const targets = model().tables.filter((one) => one.primaryKey?.columns.join() === 'id')
  if (targets.length === 0) return []
  const target = oneOf(choices, targets)
  const type = target.columns.find((one) => one.name === 'id')!.type.kind
  return [{
    name: 'parent',
    type,
    references: {
      table: target.name,
      column: 'id',
      ...maybe(choices, 40, () => ({ on_delete: oneOf(choices, ['cascade', 'set_null', 'restrict']) })),
      ...maybe(choices, 20, () => ({ on_update: 'cascade' })),
      ...maybe(
        choices,
        20,
        () => ({ deferrable: true, ...maybe(choices, 50, () => ({ initially: 'deferred' })) }),
      ),
      ...maybe(choices, 20, () => ({ name: `fk to ${target.name}` })),
    },
  }]
}

/** Columns of types that only PostgreSQL has. */
function ownColumns({ choices, dialect, model }: Making): Yaml[] {
  if (dialect.name !== 'postgres') return []
  const current = model()
  const has = (kind: 'enums' | 'domains' | 'sequences', name: string) =>
    find(current, kind, { name }) !== undefined
  const called = current.functions.some((one) => one.name === 'twice')
  const all: Yaml[] = [
    ...(has('enums', 'state')
      ? [{
        name: 'state',
        type: oneOf<unknown>(choices, [{ enum: 'state' }, { enum: 'state' }, 'text']),
        ...maybe(choices, 40, () => ({ default: find(current, 'enums', { name: 'state' })!.values[0] })),
      }]
      : []),
    ...(has('domains', 'amount')
      ? [{
        name: 'amount',
        type: oneOf<unknown>(choices, [{ domain: 'amount' }, { domain: 'amount' }, 'integer']),
      }]
      : []),
    ...(has('domains', 'word')
      ? [{ name: 'word', type: oneOf<unknown>(choices, [{ domain: 'word' }, 'text']) }]
      : []),
    ...(has('sequences', 'numbers')
      ? [{
        name: 'number',
        type: 'bigint',
        ...maybe(choices, 70, () => ({ default: { sql: `nextval('numbers')` } })),
      }]
      : []),
    ...(called
      ? [{ name: 'doubled', type: 'integer', default: { sql: oneOf(choices, ['twice(1)', 'twice(2)']) } }]
      : []),
    { name: 'tags', type: 'text[]', ...maybe(choices, 50, () => ({ default: { sql: `'{}'` } })) },
    {
      name: 'doc',
      type: oneOf(choices, ['json', 'jsonb']),
      ...maybe(choices, 40, () => ({ default: '{"a": 1}' })),
    },
    { name: 'span', type: { native: 'int4range' } },
  ]
  return all.filter(() => chance(choices, 50))
}

type Has = (column: string) => boolean

/** Those of some columns that are there, at least one. */
function keys({ choices }: Making, has: Has, names: readonly string[]): string[] {
  return some(choices, ['id', ...names].filter(has), 2)
}

function unique(making: Making, has: Has, table: string): Yaml {
  const { choices, dialect, version } = making
  const postgres = dialect.name === 'postgres'
  return {
    ...maybe(choices, 50, () => ({ name: `uq ${table}` })),
    columns: keys(making, has, ['count', 'Name']),
    ...maybe(choices, postgres ? 20 : 0, () => ({ deferrable: true })),
    ...maybe(choices, postgres && has('flag') ? 20 : 0, () => ({ include: ['flag'] })),
    ...maybe(choices, postgres && version >= 150000 ? 20 : 0, () => ({ nulls_not_distinct: true })),
  }
}

function check({ choices, dialect, model }: Making, has: Has, table: string): Yaml {
  const called = model().functions.some((one) => one.name === 'twice')
  const conditions = [
    'id IS NOT NULL',
    ...(has('count')
      ? ['count IN (0, 1, 2, 7, 3)', 'count BETWEEN 0 AND 10', 'count > 0 OR count IS NULL']
      : []),
    ...(has('Name') ? [`"Name" <> ''`, `length("Name") < 50`, `"Name" LIKE '%'`] : []),
    ...(called && has('doubled') && dialect.name === 'postgres' ? ['twice(doubled) < 1000'] : []),
  ]
  return { ...maybe(choices, 60, () => ({ name: `ck ${table}` })), condition: oneOf(choices, conditions) }
}

function exclusion({ choices }: Making, has: Has, table: string): Yaml {
  if (!has('span') || !chance(choices, 50)) return {}
  return {
    exclude: [{
      ...maybe(choices, 50, () => ({ name: `ex ${table}` })),
      elements: [oneOf<unknown>(choices, [
        { column: 'span', with: '&&' },
        { expression: 'int4range(lower(span), upper(span))', with: '&&' },
      ])],
      ...maybe(choices, 40, () => ({ where: oneOf(choices, ['NOT isempty(span)', 'span IS NOT NULL']) })),
      ...maybe(choices, 20, () => ({ deferrable: true })),
    }],
  }
}

function index(making: Making, has: Has, table: string, number: number): Yaml {
  const { choices, dialect, version, model } = making
  const postgres = dialect.name === 'postgres'
  const called = model().functions.some((one) => one.name === 'twice')
  const parts: Yaml[] = [
    { column: 'id' },
    ...(has('count') ? [{ column: 'count', sort: 'desc' }, { column: 'count' }] : []),
    ...(has('Name')
      ? [{ expression: 'lower("Name")' }, { column: 'Name', collation: postgres ? 'C' : 'NOCASE' }]
      : []),
    ...(has('Name') && postgres ? [{ column: 'Name', opclass: 'text_pattern_ops' }] : []),
    ...(has('count') && postgres ? [{ column: 'count', nulls: 'first' }] : []),
    ...(has('doubled') && called ? [{ expression: 'twice(doubled)' }] : []),
  ]
  const name = `ix ${number} ${table}`
  if (postgres && has('tags') && chance(choices, 20)) return { name, columns: ['tags'], using: 'gin' }
  const filter = has('flag') ? ['flag', 'NOT flag', 'id IS NOT NULL'] : ['id IS NOT NULL']
  return {
    name,
    columns: some(choices, parts, 2),
    ...maybe(choices, 20, () => ({ unique: true })),
    ...maybe(choices, 30, () => ({ where: oneOf(choices, filter) })),
    ...maybe(choices, postgres && has('flag') ? 20 : 0, () => ({ include: ['flag'] })),
    ...maybe(choices, postgres ? 15 : 0, () => ({ with: { fillfactor: oneOf(choices, [70, 90]) } })),
    ...maybe(choices, postgres && version >= 150000 ? 10 : 0, () => ({ nulls_not_distinct: true })),
    ...maybe(choices, postgres ? 10 : 0, () => ({ comment: 'an index' })),
  }
}

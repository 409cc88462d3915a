/** Code of generated schemas: functions, views, triggers, policies, grants. */
import type { Table } from '../../../src/model/model.ts'
import type { Yaml } from '../operation-yaml.ts'
import { chance, oneOf, quoted, some } from './choose.ts'
import { maybe } from './schema.ts'
import type { Making } from './schema.ts'

/** Functions that tables use. */
export function codeBefore({ choices, take, version }: Making): void {
  if (chance(choices, 60)) {
    take({
      create_function: {
        name: 'twice',
        arguments: [oneOf<unknown>(choices, ['integer', { name: 'n', type: 'integer' }])],
        returns: 'integer',
        language: 'sql',
        volatility: 'immutable',
        body: oneOf(choices, [
          'SELECT $1 * 2',
          'SELECT $1 + $1',
          ...(version >= 140000 ? ['RETURN $1 * 2'] : []),
        ]),
        ...maybe(choices, 20, () => ({ strict: true })),
        ...maybe(choices, 20, () => ({ parallel: 'safe' })),
        ...maybe(choices, 20, () => ({ comment: 'two times' })),
      },
    })
  }
  if (chance(choices, 60)) {
    take({
      create_function: {
        name: 'touched',
        returns: 'trigger',
        language: 'plpgsql',
        body: oneOf(choices, ['BEGIN RETURN NEW; END', 'BEGIN RETURN NULL; END']),
        ...maybe(choices, 20, () => ({ settings: { search_path: 'public' } })),
        ...maybe(choices, 20, () => ({ security_definer: true })),
      },
    })
  }
}

/** Views, triggers, policies and grants. */
export function codeBehind(making: Making): void {
  const { dialect, model } = making
  for (const table of model().tables) {
    if (dialect.name === 'postgres') {
      triggers(making, table)
      policies(making, table)
    } else sqliteTriggers(making, table)
  }
  views(making)
  if (dialect.name === 'postgres') {
    materializedViews(making)
    procedures(making)
    grants(making)
  }
}

function columnOf({ choices }: Making, table: Table): string {
  return oneOf(choices, table.columns).name
}

function triggers({ choices, model, take }: Making, table: Table): void {
  if (!model().functions.some((one) => one.name === 'touched') || !chance(choices, 40)) return
  const column = oneOf(choices, table.columns).name
  const statement = chance(choices, 20)
  take({
    create_trigger: {
      name: 'touch',
      table: table.name,
      timing: oneOf(choices, ['before', 'after']),
      events: oneOf<unknown>(choices, [['insert'], ['insert', 'update'], [{ update_of: [column] }]]),
      function: 'touched',
      ...(statement ? { for_each: 'statement' } : maybe(choices, 40, () => ({ when: 'NEW.id IS NOT NULL' }))),
      ...maybe(choices, 20, () => ({ arguments: ['a', `it's`] })),
      ...maybe(choices, 15, () => ({ enabled: oneOf(choices, ['disabled', 'always']) })),
      ...maybe(choices, 15, () => ({ comment: 'a trigger' })),
    },
  })
}

function sqliteTriggers(making: Making, table: Table): void {
  const { choices, take } = making
  if (!chance(choices, 40)) return
  const column = columnOf(making, table)
  take({
    create_trigger: {
      name: `touch ${table.name}`,
      table: table.name,
      timing: oneOf(choices, ['before', 'after']),
      events: [oneOf<unknown>(choices, ['insert', 'delete', { update_of: [column] }])],
      ...maybe(choices, 30, () => ({ when: '1 = 1' })),
      body: oneOf(choices, ['SELECT 1;', 'SELECT 2;', `SELECT count(*) FROM ${quoted(table.name)};`]),
    },
  })
}

function policies({ choices, take }: Making, { name: table, columns }: Table): void {
  if (!chance(choices, 30)) return
  take({ enable_row_level_security: { table, ...maybe(choices, 30, () => ({ force: true })) } })
  const flag = columns.some((one) => one.name === 'flag' && one.type.kind === 'boolean')
  const using = oneOf(choices, ['true', 'id IS NOT NULL', ...(flag ? ['flag'] : [])])
  take({
    create_policy: {
      name: 'own',
      table,
      using,
      ...maybe(choices, 40, () => ({ command: oneOf(choices, ['select', 'update']) })),
      ...maybe(choices, 20, () => ({ restrictive: true })),
      ...maybe(choices, 20, () => ({ comment: 'a policy' })),
    },
  })
}

function views(making: Making): void {
  const { choices, dialect, model, take } = making
  const postgres = dialect.name === 'postgres'
  const called = model().functions.some((one) => one.name === 'twice')
  for (const name of ['first view', 'second']) {
    const relations = [...model().tables, ...model().tables]
    if (relations.length === 0 || !chance(choices, 50)) continue
    const table = oneOf(choices, relations)
    const columns = some(choices, table.columns.map((one) => quoted(one.name)))
    const over = name === 'second' && model().views.length > 0 && chance(choices, 50)
    const from = `FROM ${quoted(table.name)}`
    const queries = over ? ['SELECT * FROM "first view"', 'SELECT 1 AS one FROM "first view"'] : [
      `SELECT ${columns.join(', ')} ${from}`,
      `SELECT ${columns.join(', ')} ${from} WHERE id IS NOT NULL`,
      `SELECT * ${from}`,
      `SELECT count(*) AS n ${from} t`,
      ...(called && postgres ? [`SELECT twice(1) AS two, ${columns[0]} AS other ${from}`] : []),
    ]
    take({
      create_view: {
        name,
        query: oneOf(choices, queries),
        ...maybe(choices, postgres ? 20 : 0, () => ({ comment: 'a view' })),
      },
    })
  }
}

function materializedViews({ choices, model, take }: Making): void {
  const tables = model().tables
  if (tables.length === 0 || !chance(choices, 40)) return
  const table = oneOf(choices, tables)
  take({
    create_materialized_view: {
      name: 'sums',
      query: `SELECT id, count(*) AS n FROM ${quoted(table.name)} GROUP BY id`,
      ...maybe(choices, 50, () => ({ indexes: [{ name: 'ix sums', columns: ['id'], unique: true }] })),
      ...maybe(choices, 20, () => ({ comment: 'sums' })),
    },
  })
}

function procedures({ choices, take }: Making): void {
  if (!chance(choices, 20)) return
  const body = oneOf(choices, ['SELECT 1', 'SELECT 2'])
  take({ create_procedure: { name: 'tidy', language: 'sql', body } })
}

const RELATION_RIGHTS = ['select', 'insert', 'update', 'delete']

function grants({ choices, model, take }: Making): void {
  const { tables, views, sequences, functions, enums } = model()
  const to = ['public']
  for (const { name, columns } of tables) {
    if (!chance(choices, 30)) continue
    const part: Yaml = chance(choices, 30) ? { columns: [oneOf(choices, columns).name] } : {}
    const rights = 'columns' in part ? ['select', 'update'] : RELATION_RIGHTS
    take({ grant: { privileges: some(choices, rights), object: 'table', name, to, ...part } })
  }
  for (const { name } of views) {
    if (chance(choices, 40)) take({ grant: { privileges: ['select'], object: 'table', name, to } })
  }
  for (const { name } of sequences) {
    if (chance(choices, 30)) take({ grant: { privileges: ['usage'], object: 'sequence', name, to } })
  }
  for (const { name, kind } of functions) {
    if (!chance(choices, 20)) continue
    take({ revoke: { privileges: ['execute'], object: kind, name, from: to } })
  }
  for (const { name } of enums) {
    if (chance(choices, 20)) take({ revoke: { privileges: ['usage'], object: 'type', name, from: to } })
  }
}

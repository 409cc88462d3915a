/** Tables of generated schemas that PostgreSQL alone has: keys of several columns, circles of them, partitions, heirs. */
import { find } from '../../../src/model/edit.ts'
import type { Table } from '../../../src/model/model.ts'
import { chance, oneOf } from './choose.ts'
import { maybe } from './schema.ts'
import type { Making } from './schema.ts'

/** Tables besides those that both databases have, and what the tables have that needs others. */
export function moreTables(making: Making): void {
  pairs(making)
  computed(making)
  partitioned(making)
  children(making)
  kinds(making)
  circles(making)
  late(making)
}

/** A key of two columns, and a table that refers to it. */
function pairs({ choices, take }: Making): void {
  if (!chance(choices, 30)) return
  const numbers = ['a', 'b'].map((name) => ({ name, type: oneOf(choices, ['integer', 'bigint']) }))
  const key = oneOf<unknown>(choices, [['a', 'b'], ['b', 'a'], { name: 'pk pairs', columns: ['a', 'b'] }])
  take({ create_table: { name: 'pairs', columns: numbers, primary_key: key } })
  if (!chance(choices, 70)) return
  const columns = [{ name: 'x', type: 'bigint' }, { name: 'y', type: 'bigint' }]
  take({
    create_table: {
      name: 'uses',
      columns,
      foreign_keys: [{
        ...maybe(choices, 40, () => ({ name: 'fk uses' })),
        columns: ['x', 'y'],
        references: { table: 'pairs', columns: oneOf(choices, [['a', 'b'], ['b', 'a']]) },
        ...maybe(choices, 30, () => ({ match: 'full' })),
        ...maybe(choices, 30, () => ({ on_delete: oneOf(choices, ['set_null', 'set_default', 'cascade']) })),
      }],
    },
  })
}

/** Columns that are computed, with a function too, stored or not. */
function computed({ choices, model, take, version }: Making): void {
  if (!chance(choices, 40)) return
  const called = model().functions.some((one) => one.name === 'twice')
  const generated = {
    sql: oneOf(choices, ['n * 2', 'n + n', 'coalesce(n, 0)', ...(called ? ['twice(n)'] : [])]),
    ...maybe(choices, version >= 180000 && !called ? 40 : 0, () => ({ stored: false })),
  }
  const n = { name: 'n', type: oneOf(choices, ['integer', 'smallint']) }
  const m = { name: 'm', type: oneOf(choices, ['integer', 'bigint']), generated }
  take({
    create_table: {
      name: 'computed',
      columns: [n, m],
      ...maybe(
        choices,
        'stored' in generated ? 0 : 30,
        () => ({ indexes: [{ name: 'ix computed', columns: ['m'] }] }),
      ),
      ...maybe(choices, 30, () => ({ checks: [{ name: 'ck computed', condition: 'm < 100000' }] })),
    },
  })
}

function partitioned({ choices, take }: Making): void {
  if (!chance(choices, 20)) return
  take({
    create_table: {
      name: 'events',
      columns: [{ name: 'at', type: 'date' }, { name: 'id', type: 'integer' }, {
        name: 'what',
        type: 'text',
      }],
      partition_by: 'RANGE (at)',
      ...maybe(choices, 50, () => ({ primary_key: ['id', 'at'] })),
      ...maybe(choices, 50, () => ({ indexes: [{ name: 'ix events', columns: ['what'] }] })),
    },
  })
}

/** A table that inherits from another. */
function children({ choices, model, take }: Making): void {
  const parent = find(model(), 'tables', { name: 'pairs' })
  if (parent === undefined || !chance(choices, 40)) return
  const columns = [{ name: 'own', type: oneOf(choices, ['text', 'integer']) }]
  const checks = [{ name: 'ck own', condition: 'own IS NOT NULL' }]
  take({
    create_table: {
      name: 'children',
      columns,
      inherits: ['pairs'],
      ...maybe(choices, 40, () => ({ checks })),
    },
  })
}

/** Types over the enum: an array, a domain, a default of each. */
function kinds({ choices, model, take }: Making): void {
  const state = find(model(), 'enums', { name: 'state' })
  if (state === undefined || !chance(choices, 50)) return
  const first = state.values[0]!
  const over = chance(choices, 40)
  if (over) {
    take({
      create_domain: {
        name: 'mood',
        type: { enum: 'state' },
        ...maybe(choices, 40, () => ({ default: first })),
      },
    })
  }
  const literal = `'${first.replaceAll("'", "''")}'`
  const type = oneOf<unknown>(choices, [
    { enum: 'state' },
    ...(over ? [{ domain: 'mood' }] : []),
    'varchar(20)',
  ])
  const one = JSON.stringify(type).includes('mood') ? '"one"::text' : '"one"'
  take({
    create_table: {
      name: 'kinds',
      columns: [
        { name: 'id', type: 'integer' },
        {
          name: 'all',
          type: { enum: 'state', array: 1 },
          ...maybe(choices, 50, () => ({ default: { sql: `'{}'` } })),
        },
        {
          name: 'one',
          type,
          ...maybe(choices, 40, () => ({ default: first })),
        },
      ],
      ...maybe(choices, 40, () => ({ checks: [{ name: 'ck kinds', condition: `${one} <> ${literal}` }] })),
      ...maybe(choices, one === '"one"' ? 40 : 0, () => ({
        indexes: [{ name: 'ix kinds', columns: ['id'], where: `"one" = ${literal}` }],
      })),
    },
  })
}

/** Tables that refer to each other, or to themselves, by the same column. */
function circles({ choices, model, take }: Making): void {
  const keyed = model().tables.filter((one) => one.primaryKey?.columns.join() === 'id')
  if (keyed.length === 0 || !chance(choices, 40)) return
  const from = oneOf(choices, keyed)
  const to = oneOf(choices, keyed)
  const type = (one: Table) => one.columns.find(({ name }) => name === 'id')!.type.kind
  if (type(from) !== type(to) || from.unlogged !== to.unlogged) return
  const references = { table: to.name, columns: ['id'] }
  const key = {
    table: from.name,
    columns: ['id'],
    references,
    ...maybe(choices, 40, () => ({ name: 'fk round' })),
  }
  take({ create_foreign_key: { ...key, ...maybe(choices, 40, () => ({ initially: 'deferred' })) } })
}

/** Constraints that come after their table, and a sequence that goes with a column. */
function late({ choices, model, take }: Making): void {
  for (const { name: table, columns, partitionBy } of model().tables) {
    if (partitionBy !== undefined || !columns.some(({ name }) => name === 'id')) continue
    if (chance(choices, 20)) {
      const condition = oneOf(choices, ['id IS NOT NULL', 'id = id'])
      const options = oneOf(choices, [{}, { not_valid: true }, { no_inherit: true }])
      take({ create_check_constraint: { name: `late ${table}`, table, condition, ...options } })
    }
  }
  const table = find(model(), 'tables', { name: 'kinds' })
  if (table === undefined || !chance(choices, 30)) return
  const owned = { table: 'kinds', column: 'id' }
  take({ create_sequence: { name: 'tickets', ...maybe(choices, 60, () => ({ owned_by: owned })) } })
}

/** Code of generated schemas on PostgreSQL alone: over types and tables, in a second schema, over other code. */
import { find } from '../../../src/model/edit.ts'
import { chance, oneOf, quoted, some } from './choose.ts'
import { maybe } from './schema.ts'
import type { Making } from './schema.ts'

/** Code over what is there. */
export function moreCode(making: Making): void {
  ofTypes(making)
  apart(making)
  moreViews(making)
  moreTriggers(making)
}

/** Functions whose arguments and results are types and tables of the schema. */
function ofTypes({ choices, model, take }: Making): void {
  const { enums, domains, tables } = model()
  if (enums.some((one) => one.name === 'state') && chance(choices, 50)) {
    const body = oneOf(choices, ['SELECT $1::text', 'SELECT upper($1::text)'])
    take({
      create_function: {
        name: 'shown',
        arguments: ['state'],
        returns: 'text',
        language: 'sql',
        volatility: 'stable',
        body,
      },
    })
  }
  if (domains.some((one) => one.name === 'amount') && chance(choices, 40)) {
    const args = [{ name: 'n', type: 'amount' }, {
      name: 'more',
      type: 'integer',
      default: oneOf(choices, [1, 2]),
    }]
    const returns = oneOf(choices, ['amount', 'numeric'])
    take({ create_function: { name: 'added', arguments: args, returns, language: 'sql', body: 'SELECT n' } })
  }
  for (const type of ['integer', 'text']) {
    if (!chance(choices, 30)) continue
    const body = oneOf(choices, ['BEGIN RETURN 1; END', 'BEGIN RETURN 2; END'])
    const returns = oneOf(choices, ['integer', 'bigint'])
    take({ create_function: { name: 'rated', arguments: [type], returns, language: 'plpgsql', body } })
  }
  if (tables.length === 0 || !chance(choices, 30)) return
  const { name } = oneOf(choices, tables)
  const query = `SELECT * FROM ${quoted(name)}`
  take({
    create_function: {
      name: 'listed',
      returns: `SETOF ${quoted(name)}`,
      language: 'sql',
      volatility: 'stable',
      body: query,
    },
  })
}

/** A schema besides the current one, whose objects use those of it and are used by them. */
function apart(making: Making): void {
  const { choices, model, take } = making
  if (!model().schemas.includes('app')) return
  const schema = 'app'
  if (chance(choices, 60)) {
    take({ create_enum: { name: 'level', schema, values: some(choices, ['low', 'mid', 'high']) } })
  }
  const level = find(model(), 'enums', { schema, name: 'level' })
  const columns = [
    { name: 'id', type: oneOf(choices, KEYS), primary_key: true },
    { name: 'text', type: oneOf(choices, ['text', 'varchar(30)']) },
    ...(level === undefined ? [] : [{
      name: 'level',
      type: { enum: 'level', schema },
      ...maybe(choices, 50, () => ({ default: level.values[0] })),
    }]),
  ]
  const users = find(model(), 'tables', { name: 'users' })
  const type = users?.primaryKey && users.columns.find((one) => one.name === 'id')?.type.kind
  const foreignKeys = [{ columns: ['id'], references: { table: 'users', columns: ['id'] } }]
  const refers = type !== undefined && type === columns[0]!.type && users?.primaryKey?.columns.join() === 'id'
  if (chance(choices, 80)) {
    take({
      create_table: {
        ...{ name: 'users', schema, columns },
        ...maybe(choices, refers && users?.unlogged !== true ? 50 : 0, () => ({ foreign_keys: foreignKeys })),
        ...maybe(choices, 40, () => ({ indexes: [{ name: 'ix 1 users', columns: ['text'], unique: true }] })),
        ...maybe(choices, 20, () => ({ comment: 'apart' })),
      },
    })
  }
  codeApart(making)
}

const KEYS = ['integer', 'bigint', 'uuid']

function codeApart({ choices, model, take }: Making): void {
  const schema = 'app'
  const here = model().tables.filter((one) => one.schema === schema)
  if (here.length === 0) return
  const query = oneOf(choices, [
    'SELECT id FROM app.users',
    'SELECT u.* FROM app.users u',
    'SELECT text, id FROM app.users',
  ])
  if (chance(choices, 50)) take({ create_view: { name: 'seen', schema, query } })
  if (chance(choices, 40)) {
    take({ create_view: { name: 'through', query: `SELECT id FROM app.users WHERE text <> 'x'` } })
  }
  const body = 'SELECT count(*) FROM app.users'
  if (chance(choices, 40)) {
    take({ create_function: { name: 'counted', schema, returns: 'bigint', language: 'sql', body } })
  }
  if (model().functions.some((one) => one.name === 'touched') && chance(choices, 40)) {
    const events = oneOf(choices, [['insert'], ['update', 'delete']])
    take({
      create_trigger: { name: 'touch', table: 'users', schema, timing: 'after', events, function: 'touched' },
    })
  }
  if (chance(choices, 30)) take({ enable_row_level_security: { table: 'users', schema } })
  if (chance(choices, 30)) {
    take({ create_policy: { name: 'own', table: 'users', schema, using: `text = 'x'` } })
  }
  if (chance(choices, 30)) {
    take({ grant: { privileges: ['select'], object: 'table', name: 'users', schema, to: ['public'] } })
  }
  if (chance(choices, 30)) {
    take({ grant: { privileges: ['usage'], object: 'schema', name: schema, to: ['public'] } })
  }
}

/** Views with options, over functions, over each other and over materialized views. */
function moreViews({ choices, model, take, version }: Making): void {
  const { tables, views, materializedViews, functions } = model()
  const table = tables.find((one) =>
    one.schema === undefined && one.columns.some(({ name }) => name === 'id')
  )
  if (table !== undefined && chance(choices, 40)) {
    const stated = table.columns.some((one) => one.name === 'state' && one.type.kind === 'enum')
    const shown = stated && functions.some((one) => one.name === 'shown')
    const from = `FROM ${quoted(table.name)}`
    const queries = [`SELECT id ${from}`, `SELECT id ${from} WHERE id IS NOT NULL`]
    take({
      create_view: {
        name: 'third',
        query: shown ? `SELECT shown(state) ${from}` : oneOf(choices, queries),
        ...maybe(choices, 40, () => ({ columns: [oneOf(choices, ['x', 'Y'])] })),
        ...maybe(choices, version >= 150000 ? 30 : 0, () => ({ security_invoker: true })),
        ...maybe(choices, 20, () => ({ security_barrier: true })),
        ...maybe(choices, shown ? 0 : 30, () => ({ check_option: oneOf(choices, ['local', 'cascaded']) })),
      },
    })
  }
  if (materializedViews.length > 0 && chance(choices, 40)) {
    take({ create_view: { name: 'of sums', query: 'SELECT n, id FROM sums' } })
  }
  if (views.length > 0 && chance(choices, 30)) {
    const { name, schema } = oneOf(choices, views)
    const from = schema === undefined ? quoted(name) : `${schema}.${quoted(name)}`
    const indexes = [{ name: 'ix deep', columns: ['n'] }]
    const query = `SELECT count(*) AS n FROM ${from}`
    take({ create_materialized_view: { name: 'deep', query, ...maybe(choices, 40, () => ({ indexes })) } })
  }
}

/** Triggers on views, of transition tables, and constraint triggers. */
function moreTriggers({ choices, model, take }: Making): void {
  const { tables, views, functions } = model()
  if (!functions.some((one) => one.name === 'touched')) return
  const calls = { function: 'touched' }
  const view = views.find((one) => one.schema === undefined)
  if (view !== undefined && chance(choices, 40)) {
    const events = some(choices, ['insert', 'update', 'delete'])
    take({ create_trigger: { name: 'instead', table: view.name, timing: 'instead_of', events, ...calls } })
  }
  const table = tables.find((one) => one.schema === undefined && one.partitionBy === undefined)
  if (table === undefined) return
  if (chance(choices, 30)) {
    const waits = oneOf(choices, [{}, { deferrable: true }, { initially: 'deferred' }])
    take({
      create_trigger: {
        name: 'checked',
        table: table.name,
        timing: 'after',
        events: ['insert'],
        constraint: true,
        ...waits,
        ...calls,
      },
    })
  }
  if (chance(choices, 20)) {
    const rows = { old_table: 'old rows', new_table: 'new rows', for_each: 'statement' }
    take({
      create_trigger: {
        name: 'moved',
        table: table.name,
        timing: 'after',
        events: ['update'],
        ...rows,
        ...calls,
      },
    })
  }
}

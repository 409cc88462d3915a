/** Code and rights out of the catalog's rows: materialized views, functions, triggers, policies, grants. */
import type {
  Argument,
  DefinedTrigger,
  Grant,
  GrantKind,
  MaterializedView,
  Model,
  Policy,
  QualifiedName,
  Routine,
  Trigger,
  Unmanaged,
} from '../../model/model.ts'
import { grantKey } from '../../model/grant.ts'
import { inputTypes, resultText, settingText, typeText } from '../../model/routine.ts'
import { defined } from '../../model/defined.ts'
import type { Row } from '../dialect.ts'
import { parseTrigger } from '../trigger-text.ts'
import { unwrapped } from './expression.ts'
import { index } from './introspect-index.ts'
import { parameters } from './options.ts'
import { argumentDefault, called, impliedResult } from './project-code.ts'
import type { Reading } from './reading.ts'
import { bare } from '../../model/sql-text.ts'
import { list, text, textOr } from './row.ts'

type Code = Pick<Model, 'materializedViews' | 'functions' | 'triggers' | 'grants' | 'unmanaged'>

/** @param except tables that are left out, with what is on them */
export function code(reading: Reading, except: (name: QualifiedName) => boolean): Code {
  const { catalog, named } = reading
  const functions = new Map(catalog.functions.map((row) => [row['oid'], routine(reading, row)]))
  const seen = catalog.unmanaged.map((row) =>
    defined<Unmanaged>({
      what: `${text(row, 'kind')} "${text(row, 'name')}"`,
      on: row['on_name'] === null ? undefined : named(row['on_schema'], text(row, 'on_name')),
      sql: textOr(row, 'sql'),
    })
  )
  const unmanaged = seen.filter((one) => one.on === undefined || !except(one.on))
  return {
    materializedViews: catalog.materializedViews.map((row) => materializedView(reading, row)),
    functions: [...functions.values()],
    triggers: catalog.triggers
      .filter((row) => !except(named(row['schema'], text(row, 'table'))))
      .map((row) => trigger(reading, row)),
    grants: grants(reading, functions).filter((one) => !(one.on === 'table' && except(one))),
    ...(unmanaged.length === 0 ? {} : { unmanaged }),
  }
}

function materializedView(reading: Reading, row: Row): MaterializedView {
  const method = textOr(row, 'method')
  return defined<MaterializedView>({
    ...reading.named(row['schema'], text(row, 'name')),
    query: bare(text(row, 'query')),
    indexes: reading.of('indexes', row['oid']).map(index),
    using: method === 'heap' ? undefined : method,
    with: parameters(list<string>(row, 'options')),
    tablespace: textOr(row, 'tablespace'),
    comment: textOr(row, 'comment'),
    populated: row['populated'] === false ? false : undefined,
  })
}

interface ArgumentRow {
  readonly name: string | null
  readonly mode: string
  readonly type: string
  readonly default: string | null
}

const MODES: Readonly<Record<string, Argument['mode']>> = { o: 'out', b: 'inout', v: 'variadic' }

function argument(row: ArgumentRow): Argument {
  return defined<Argument>({
    name: row.name === null || row.name === '' ? undefined : row.name,
    mode: MODES[row.mode],
    type: typeText(row.type),
    default: row.default === null ? undefined : argumentDefault({ expression: unwrapped(row.default) }),
  })
}

const VOLATILITIES = { i: 'immutable', s: 'stable' } as const
const PARALLEL = { s: 'safe', r: 'restricted' } as const

function routine(reading: Reading, row: Row): Routine {
  const isSet = row['is_set'] === true
  const rows = list<ArgumentRow>(row, 'arguments').filter((one) => one.mode !== 't')
  const result = textOr(row, 'result')
  const args = rows.map(argument)
  const returns = result === undefined ? undefined : resultText(result)
  const settings = list<string>(row, 'settings').map((one) => {
    const at = one.indexOf('=')
    return [one.slice(0, at).toLowerCase(), settingText(one.slice(0, at), one.slice(at + 1))] as const
  })
  const [cost, estimate] = [Number(row['cost']), Number(row['rows'])]
  return defined<Routine>({
    ...reading.named(row['schema'], text(row, 'name')),
    kind: row['kind'] === 'p' ? 'procedure' : 'function',
    arguments: args,
    returns: returns === impliedResult(args) ? undefined : returns,
    language: text(row, 'language'),
    body: textOr(row, 'standard') ?? String(row['source']),
    volatility: VOLATILITIES[row['volatility'] as keyof typeof VOLATILITIES],
    parallel: PARALLEL[row['parallel'] as keyof typeof PARALLEL],
    strict: row['strict'] === true ? true : undefined,
    leakproof: row['leakproof'] === true ? true : undefined,
    securityDefiner: row['security_definer'] === true ? true : undefined,
    cost: cost === 100 ? undefined : cost,
    rows: !isSet || estimate === 1000 ? undefined : estimate,
    settings: settings.length === 0 ? undefined : Object.fromEntries(settings),
    comment: textOr(row, 'comment'),
  })
}

const ENABLED = { D: 'disabled', R: 'replica', A: 'always' } as const

/** The text tells all but the function's schema, which it leaves out when the search_path finds it. */
function trigger(reading: Reading, row: Row): Trigger {
  const own = { ...reading.named(row['schema'], text(row, 'name')), table: text(row, 'table') }
  const parsed = parseTrigger(text(row, 'sql'), 'postgres')
  if (parsed === undefined) return { ...own, sql: text(row, 'sql') }
  const { schema: _, ...rest } = parsed
  return defined<DefinedTrigger>({
    ...rest,
    ...own,
    when: typeof parsed.when === 'string' ? unwrapped(parsed.when) : undefined,
    function: {
      ...called(reading.named(row['function_schema'], text(row, 'function'))),
      arguments: parsed.function?.arguments ?? [],
    },
    enabled: ENABLED[row['enabled'] as keyof typeof ENABLED],
    comment: textOr(row, 'comment'),
  })
}

const COMMANDS = { r: 'select', a: 'insert', w: 'update', d: 'delete' } as const

/** The policies of a table; undefined when it has none. */
export function policies(reading: Reading, relation: unknown): readonly Policy[] | undefined {
  const found = reading.of('policies', relation).map((row) => {
    const [using, check] = [textOr(row, 'using'), textOr(row, 'check')]
    const roles = list<string>(row, 'roles')
    return defined<Policy>({
      name: text(row, 'name'),
      command: COMMANDS[row['command'] as keyof typeof COMMANDS],
      restrictive: row['permissive'] === false ? true : undefined,
      roles: roles.length === 0 ? undefined : roles,
      using: using === undefined ? undefined : unwrapped(using),
      check: check === undefined ? undefined : unwrapped(check),
      comment: textOr(row, 'comment'),
    })
  })
  return found.length === 0 ? undefined : found
}

/** The same right given by two grantors is one. */
function grants(reading: Reading, functions: ReadonlyMap<unknown, Routine>): Grant[] {
  const found = new Map<string, Grant>()
  for (const row of reading.catalog.grants) {
    const called = functions.get(row['function'])
    if (row['function'] !== null && called === undefined) continue
    const name = text(row, 'name')
    const grant = defined<Grant>({
      on: row['on'] as GrantKind,
      ...(row['schema'] === null ? { name } : reading.named(row['schema'], name)),
      arguments: called === undefined ? undefined : inputTypes(called.arguments),
      column: textOr(row, 'column'),
      privilege: text(row, 'privilege').toLowerCase(),
      grantee: text(row, 'grantee'),
      grantable: row['grantable'] === true ? true : undefined,
      revoked: row['revoked'] === true ? true : undefined,
    })
    const key = grantKey(grant)
    if (grant.grantable || !found.has(key)) found.set(key, grant)
  }
  return [...found.values()]
}

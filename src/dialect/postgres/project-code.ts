/** Code and rights as PostgreSQL can hold them: see `project.ts`. */
import { clip } from '../../model/names.ts'
import { resultText, settingText, typeText } from '../../model/routine.ts'
import { sqlFor } from '../../model/sql-text.ts'
import type {
  Argument,
  Default,
  Grant,
  Model,
  Policy,
  QualifiedName,
  Routine,
  Trigger,
  TriggerEvent,
} from '../../model/model.ts'
import { defined } from '../../model/defined.ts'
import { parseLiteral } from './default.ts'
import { parseTrigger } from '../trigger-text.ts'

export function clipped({ schema, name }: QualifiedName): QualifiedName {
  return schema === undefined ? { name: clip(name) } : { schema: clip(schema), name: clip(name) }
}

export function clips(names: readonly string[]): readonly string[] {
  return names.map((name) => clip(name))
}

/** The functions, triggers and grants as introspection would return them. */
export function projectCode(model: Model): Pick<Model, 'functions' | 'triggers' | 'grants'> {
  return {
    functions: model.functions.map(routine),
    triggers: model.triggers.flatMap((one) => trigger(one) ?? []),
    grants: model.grants.map(grant),
  }
}

/** What a function returns that says it by its OUT arguments alone; undefined when it has none. */
export function impliedResult(args: readonly Argument[]): string | undefined {
  const out = args.filter((one) => one.mode === 'out' || one.mode === 'inout')
  return out.length > 1 ? 'record' : out[0]?.type
}

/** A literal, with or without a cast, in its one form; NULL is a default like any other here. */
export function argumentDefault(value: Default): Default {
  if ('literal' in value) return value
  const literal = parseLiteral(value.expression)
  return literal === undefined ? value : { literal }
}

function argument(one: Argument): Argument {
  return defined<Argument>({
    ...one,
    name: one.name === undefined ? undefined : clip(one.name),
    type: typeText(one.type),
    default: one.default && argumentDefault(one.default),
  })
}

function routine(one: Routine): Routine {
  const args = one.arguments.map(argument)
  const returns = one.returns === undefined ? undefined : resultText(one.returns)
  const isSet = returns !== undefined && /^(SETOF |TABLE\()/.test(returns)
  const settings = Object.entries(one.settings ?? {}).map(([key, value]) => [key, settingText(key, value)])
  return defined<Routine>({
    ...one,
    ...clipped(one),
    arguments: args,
    returns: returns === impliedResult(args) ? undefined : returns,
    cost: one.cost === 100 ? undefined : one.cost,
    rows: !isSet || one.rows === 1000 ? undefined : one.rows,
    settings: settings.length === 0 ? undefined : Object.fromEntries(settings),
  })
}

/** The trigger, unless it is SQLite's alone. */
function trigger(one: Trigger): Trigger | undefined {
  const own = { ...clipped(one), table: clip(one.table) }
  if (one.sql !== undefined) {
    const sql = sqlFor(one.sql, 'postgres')
    const parsed = sql === undefined ? undefined : parseTrigger(sql, 'postgres')
    return sql === undefined ? undefined : parsed === undefined ? { ...own, sql } : { ...parsed, ...own }
  }
  if (one.function === undefined) return undefined
  const { body: _, when, ...rest } = one
  const events = one.events.map(({ event, of }): TriggerEvent =>
    of === undefined ? { event } : { event, of: clips(of) }
  )
  return defined<Trigger>({
    ...rest,
    ...own,
    events,
    when: when === undefined ? undefined : sqlFor(when, 'postgres'),
    function: { ...called(clipped(one.function)), arguments: one.function.arguments },
  })
}

/** The schema of what PostgreSQL has itself goes without saying. */
export function called({ schema, name }: QualifiedName): QualifiedName {
  return schema === undefined || schema === 'pg_catalog' ? { name } : { schema, name }
}

export function projectPolicy(one: Policy): Policy {
  return defined<Policy>({ ...one, name: clip(one.name), roles: one.roles && clips(one.roles) })
}

function grant(one: Grant): Grant {
  return defined<Grant>({
    ...one,
    ...clipped(one),
    column: one.column === undefined ? undefined : clip(one.column),
  })
}
